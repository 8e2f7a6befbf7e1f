package io.procession.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Whatever happens in whatever order, each task is answered once, runs no more often than it may,
/// and nothing lies about while a worker could run it.
class DispatcherModelTest {
  private static final int RANDOM_RUNS = Integer.getInteger("procession.test.runs", 20_000);

  /// More choices than as a rule, each of which takes three to four times as long.
  private static final int MORE = Integer.getInteger("procession.test.choices", 0);

  /// All that can happen in a small pool, up to a number of choices; the rest takes its course.
  @ParameterizedTest(
      name =
          "retries={0}, jobs={1}, kills={2}, refusals={3}, cancels={4}, out of memory={5},"
              + " rounds={6}, choices={7}")
  @CsvSource({
    "0, 2, 1, 0, 0, 0, 0, 9",
    "1, 2, 2, 0, 0, 0, 0, 8",
    "0, 3, 0, 0, 1, 0, 0, 10",
    "0, 2, 0, 1, 0, 0, 0, 12",
    "0, 3, 1, 1, 1, 0, 0, 8",
    "0, 2, 0, 0, 0, 2, 0, 10",
    "0, 2, 1, 0, 0, 2, 0, 8",
    "0, 2, 0, 0, 0, 0, 3, 9",
    "1, 2, 0, 0, 1, 0, 3, 8",
    "0, 2, 1, 0, 0, 1, 3, 7",
  })
  void everyOrderOfFewEvents(
      int retries,
      int jobs,
      int kills,
      int refusals,
      int cancels,
      int outOfMemory,
      int rounds,
      int choices) {
    int length = choices + MORE;
    PoolModel.Plan plan =
        new PoolModel.Plan(retries, jobs, kills, refusals, cancels, outOfMemory, rounds);
    int[] chosen = new int[length];
    int[] bounds = new int[length];
    int runs = 0;
    boolean isLeft = true;
    while (isLeft) {
      int[] at = new int[1];
      new PoolModel(
              plan,
              n -> {
                if (at[0] == length) {
                  return 0;
                }
                bounds[at[0]] = n;
                return chosen[at[0]++];
              })
          .run();
      runs++;
      isLeft = advance(chosen, bounds, at[0]);
    }
    System.out.println("DispatcherModelTest: " + runs + " orders of " + length + " choices");
    assertThat(runs).isGreaterThan(1_000);
  }

  /// The next sequence in the order of the last choice first; what is behind it begins anew.
  private static boolean advance(int[] choices, int[] bounds, int used) {
    for (int i = used - 1; i >= 0; i--) {
      if (choices[i] + 1 < bounds[i]) {
        choices[i]++;
        Arrays.fill(choices, i + 1, choices.length, 0);
        return true;
      }
    }
    return false;
  }

  /// Long runs with more of everything.
  @ParameterizedTest(name = "retries={0}")
  @CsvSource({"0", "2"})
  void randomOrdersOfManyEvents(int retries) {
    long first = Long.getLong("procession.test.seed", System.nanoTime());
    for (long seed = first; seed < first + RANDOM_RUNS; seed++) {
      Random random = new Random(seed);
      int[] left = {20 + random.nextInt(120)};
      PoolModel.Plan plan =
          new PoolModel.Plan(
              retries,
              1 + random.nextInt(8),
              random.nextInt(4),
              random.nextInt(2),
              random.nextInt(3),
              random.nextInt(4),
              random.nextInt(8));
      PoolModel model =
          new PoolModel(
              plan, n -> left[0]-- > 0 && (random.nextInt(4) > 0) ? random.nextInt(n) : 0);
      try {
        model.run();
      } catch (Throwable t) {
        throw new AssertionError("seed=" + seed, t);
      }
    }
  }
}
