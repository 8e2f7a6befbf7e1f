package io.procession.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.procession.process.DeathCause;
import io.procession.process.LaunchOptions;
import io.procession.process.Output;
import io.procession.serial.SerializableFunction;
import io.procession.testing.Deadlines;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Tasks that run out of memory are tried again in a larger worker.
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class LargerWorkerIT {
  private static final int MIB = 1 << 20;

  /// Takes so many MiB of heap.
  private static final SerializableFunction<Integer, Integer> TAKE = LargerWorkerIT::take;

  private static ProcessPool pool;

  @BeforeAll
  static void open() {
    pool = ProcessPool.open(options());
  }

  @AfterAll
  static void close() {
    pool.close();
  }

  private static PoolOptions options() {
    return PoolOptions.defaults()
        .withProcesses(1)
        .withLaunch(LaunchOptions.defaults().withOutput(Output.discard())) // the JVM's own words
        .withMaxHeap(32L * MIB)
        .withLargerHeap(160L * MIB);
  }

  private static int take(int mib) {
    List<byte[]> taken = new ArrayList<>();
    for (int i = 0; i < mib; i++) {
      taken.add(new byte[MIB - 64]);
    }
    return taken.size() + 1_000 * Task.current().attempt();
  }

  @Test
  void taskIsTriedAgainInALargerWorkerThatLeavesThen() {
    int small = pool.apply(TAKE, 4);
    AsyncResult<Integer> first = pool.applyAsync(TAKE, 64);
    AsyncResult<Integer> second = pool.applyAsync(TAKE, 65);
    AsyncResult<Integer> other = pool.applyAsync(TAKE, 5);

    assertThat(small).isEqualTo(1_004);
    assertThat(first.join()).isEqualTo(2_064);
    assertThat(second.join()).isEqualTo(2_065);
    assertThat(other.join()).isEqualTo(1_005);
    await().atMost(Deadlines.LONG).until(() -> pool.workers().size() == 1);
  }

  @Test
  void elementsOfMapsAreToo() {
    List<Integer> inputs = IntStream.of(1, 2, 64, 3, 66, 4).boxed().toList();
    List<Integer> results = new ArrayList<>();
    pool.imap(TAKE, inputs, 6).forEachRemaining(results::add);

    assertThat(results).containsExactly(1_001, 1_002, 2_064, 1_003, 1_066, 1_004);
    assertThat(pool.map(TAKE, inputs, 3)).containsExactly(1_001, 1_002, 2_064, 1_003, 2_066, 1_004);
  }

  @Test
  void taskThatIsTooLargeForThatAsWellFails() {
    assertThatThrownBy(() -> pool.apply(TAKE, 1_000))
        .isInstanceOf(TaskException.class)
        .hasCauseInstanceOf(OutOfMemoryError.class);
  }

  @Test
  void elementsThatAreTooLargeForThatAsWellFailAlone() {
    List<Integer> inputs = IntStream.of(1, 300, 64, 301, 2, 3).boxed().toList();
    List<String> outcomes = new ArrayList<>();
    try (ResultIterator<Integer> results = pool.imap(TAKE, inputs, 6)) {
      while (results.hasNext()) {
        outcomes.add(outcome(results));
      }
    }
    assertThat(outcomes).containsExactly("1001", "too large", "1064", "too large", "1002", "1003");
  }

  private static String outcome(ResultIterator<Integer> results) {
    try {
      return results.next().toString();
    } catch (TaskException e) {
      assertThat(e).hasCauseInstanceOf(OutOfMemoryError.class);
      return "too large";
    }
  }

  @Test
  void workersThatDieOfItAreReplacedByALargerOne() {
    var deadly =
        options()
            .withLaunch(
                LaunchOptions.defaults()
                    .withOutput(Output.discard())
                    .withMaxHeap(32L * MIB)
                    .withJvmFlags("-XX:+ExitOnOutOfMemoryError"));
    try (var other = ProcessPool.open(deadly)) {
      int taken = other.apply(TAKE, 64);
      assertThat(taken).isEqualTo(2_064);
      assertThatThrownBy(() -> other.apply(TAKE, 1_000))
          .cause()
          .isInstanceOfSatisfying(
              WorkerDiedException.class,
              death -> assertThat(death.certificate().cause()).isEqualTo(DeathCause.OUT_OF_HEAP));
    }
  }

  @Test
  void taskEndsIfNoLargerWorkerCanBeHad() {
    var impossible = options().withLargerHeap(Long.MAX_VALUE >> 10);
    try (var other = ProcessPool.open(impossible)) {
      assertThatThrownBy(() -> other.apply(TAKE, 64))
          .isInstanceOf(TaskException.class)
          .hasMessageContaining("no larger worker can be had");
      int small = other.apply(TAKE, 3);
      assertThat(small).isEqualTo(1_003);
    }
  }
}
