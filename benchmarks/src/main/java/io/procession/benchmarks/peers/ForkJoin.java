package io.procession.benchmarks.peers;

import io.procession.benchmarks.measure.Effort;
import io.procession.benchmarks.measure.Rounds;
import io.procession.benchmarks.measure.Side;
import java.util.List;
import java.util.concurrent.ForkJoinPool;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/// Parallel streams in a `ForkJoinPool` of one JVM: threads that steal work from each other.
public final class ForkJoin {
  /// The name of the column.
  private static final String NAME = "fork-join";

  private ForkJoin() {}

  /// The identity of so many numbers.
  public static Side map(int threads, int size) {
    List<Integer> numbers = IntStream.range(0, size).boxed().toList();
    return Side.of(NAME, effort -> rate(effort, threads, numbers, x -> x));
  }

  /// [SkewedTasks].
  public static Side skewed(int threads) {
    return Side.of(NAME, effort -> rate(effort, threads, SkewedTasks.lengths(), SkewedTasks::work));
  }

  private static double rate(
      Effort effort, int threads, List<Integer> inputs, UnaryOperator<Integer> function)
      throws Exception {
    try (var pool = new ForkJoinPool(threads)) {
      return Rounds.rate(
              effort,
              1,
              calls -> {
                for (long i = 0; i < calls; i++) {
                  int results =
                      pool.submit(() -> inputs.parallelStream().map(function).toList())
                          .get()
                          .size();
                  if (results != inputs.size()) {
                    throw new IllegalStateException("results are missing: results=" + results);
                  }
                }
              })
          * inputs.size();
    }
  }
}
