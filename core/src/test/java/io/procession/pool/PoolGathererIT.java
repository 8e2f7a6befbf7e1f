package io.procession.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.procession.serial.NotSendableException;
import io.procession.serial.SerializableFunction;
import io.procession.testing.Deadlines;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Gatherer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Streams that go through a pool.
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class PoolGathererIT {
  private static ProcessPool pool;

  @BeforeAll
  static void open() {
    pool = ProcessPool.open(2);
  }

  @AfterAll
  static void close() {
    pool.close();
  }

  private static List<Integer> numbers(int count) {
    return IntStream.range(0, count).boxed().toList();
  }

  @Test
  void mappingKeepsTheOrder() {
    List<String> mapped =
        numbers(30_000).stream().gather(pool.mapping((Integer x) -> "<" + x + ">")).toList();

    assertThat(mapped).isEqualTo(numbers(30_000).stream().map(x -> "<" + x + ">").toList());
    assertThat(Stream.<Integer>of().gather(pool.mapping((Integer x) -> x)).toList()).isEmpty();
    assertThat(
            numbers(1_000).parallelStream()
                .gather(pool.mapping((Integer x) -> x + 1))
                .map(x -> x - 1)
                .toList())
        .isEqualTo(numbers(1_000));
  }

  @Test
  void unorderedMappingGivesAllResults() {
    assertThat(numbers(30_000).stream().gather(pool.mappingUnordered((Integer x) -> -x)).toList())
        .containsExactlyInAnyOrderElementsOf(numbers(30_000).stream().map(x -> -x).toList());
  }

  @Test
  void noMoreIsUnderWayThanAllowed() {
    for (int inFlight : new int[] {1, 3, 50}) {
      var taken = new AtomicInteger();
      var passed = new AtomicInteger();
      List<Integer> mapped =
          numbers(1_000).stream()
              .peek(_ ->
                  assertThat(taken.incrementAndGet() - passed.get())
                      .isLessThanOrEqualTo(inFlight + 1))
              .gather(pool.mappingUnordered((Integer x) -> x, inFlight))
              .peek(_ -> passed.incrementAndGet())
              .toList();
      assertThat(mapped).containsExactlyInAnyOrderElementsOf(numbers(1_000));
    }
    assertThatThrownBy(() -> pool.mappingUnordered((Integer x) -> x, 0))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void streamThatNeedsNoMoreEndsThoughItsSourceIsEndless() {
    assertThat(
            Stream.iterate(0, x -> x + 1)
                .gather(pool.mapping((Integer x) -> 10 / (20 - x)))
                .limit(15)
                .toList())
        .hasSize(15);
    assertThat(
            Stream.iterate(0, x -> x + 1)
                .gather(pool.mappingUnordered((Integer x) -> x))
                .anyMatch(x -> x == 5_000))
        .isTrue();
  }

  /// The source has the next element only when the last has been through a worker.
  @Test
  void elementOfASlowSourceDoesNotWaitForOthers(@TempDir Path folder) {
    String name = folder.toString();
    SerializableFunction<Integer, Integer> traced =
        x -> {
          if (x < 10) {
            Files.createFile(Path.of(name, "" + x));
          }
          return x;
        };
    Gatherer<Integer, ?, Integer> mapping = pool.mapping(traced);
    assertThat(IntStream.range(10, 50_000).boxed().gather(mapping).count()).isEqualTo(49_990);

    assertThat(IntStream.range(0, 10).mapToObj(x -> slowly(x, folder)).gather(mapping).toList())
        .isEqualTo(numbers(10));
  }

  private static int slowly(int number, Path folder) {
    LockSupport.parkNanos(5_000_000);
    if (number > 0) {
      Path last = folder.resolve("" + (number - 1));
      await().atMost(Deadlines.LONG).until(() -> Files.exists(last));
    }
    return number;
  }

  @Test
  void exceptionsOnAnySideEndTheStreamAndNotThePool() {
    assertThatThrownBy(
            () -> numbers(100).stream().gather(pool.mapping((Integer x) -> 1 / (x - 50))).toList())
        .isInstanceOf(TaskException.class)
        .hasCauseExactlyInstanceOf(ArithmeticException.class);
    assertThatThrownBy(() ->
            numbers(100).stream()
                .map(x -> 1 / (x - 50))
                .gather(pool.mapping((Integer x) -> x))
                .toList())
        .isExactlyInstanceOf(ArithmeticException.class);
    assertThatThrownBy(() ->
            numbers(100).stream()
                .gather(pool.mapping((Integer x) -> x))
                .map(x -> 1 / (x - 50))
                .toList())
        .isExactlyInstanceOf(ArithmeticException.class);
    Thread thread = Thread.currentThread();
    assertThatThrownBy(() -> Stream.of(1).gather(pool.mapping((Integer x) -> thread)).toList())
        .isInstanceOf(NotSendableException.class);
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> numbers(100).stream().gather(pool.mapping((Integer x) -> x)).toList())
        .isInstanceOf(CancellationException.class);
    assertThat(Thread.interrupted()).isTrue();
    assertThat(pool.map(x -> x, List.of(1, 2))).containsExactly(1, 2);
  }
}
