package io.procession.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.internal.posix.Platform;
import io.procession.process.JvmProcess;
import io.procession.serial.SerializableRunnable;
import io.procession.shared.ElementType;
import io.procession.shared.SharedArray;
import io.procession.testing.Deadlines;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Locks and semaphores promise no order, but nobody starves: of many who take one in a loop, without a
/// pause, each gets its share. How large the shares are after a second is the scheduler's affair on a
/// machine that does other work, too. So the contest goes on until each has a quarter of the mean, for a
/// minute at most: who is starved by the lock never catches up. `-Dprocession.test.fairness.seconds=60`,
/// the long form, looks only at the end of that minute.
@Tag("platforms")
@Timeout(value = 20, unit = TimeUnit.MINUTES)
class FairnessIT {
  private static final int PROCESSES = 4;
  private static final int THREADS = 4;
  private static final int SECONDS = Integer.getInteger("procession.test.fairness.seconds", 1);
  private static final int MOST_SECONDS = 60;
  private static final double LEAST_SHARE = 0.25;

  /// Slots of two threads do not share a cache line.
  private static final int STRIDE = 16;

  /// What is fought over, and for how long it is held each time.
  static Stream<Arguments> prizes() {
    long[] nanosHeld = SECONDS < 30 ? new long[] {0, 1_000_000} : new long[] {0, 10_000, 1_000_000};
    return Stream.of("lock", "semaphore", "owned semaphore")
        .flatMap(prize -> LongStream.of(nanosHeld).mapToObj(nanos -> Arguments.of(prize, nanos)));
  }

  @ParameterizedTest
  @MethodSource("prizes")
  void eachOfSixteenGetsAQuarterOfTheMeanAtLeast(String kind, long nanosHeld) throws Exception {
    Prize prize =
        switch (kind) {
          case "lock" -> new LockPrize(SharedLock.create("fought over"));
          case "semaphore" -> new SemaphorePrize(SharedSemaphore.create(1));
          default -> new OwnedSemaphorePrize(OwnedSemaphore.create(1));
        };
    SharedArray<Long> counts = SharedArray.raw(ElementType.LONG, PROCESSES * THREADS * STRIDE);
    SharedBarrier all = SharedBarrier.create(PROCESSES * THREADS + 1);
    SharedEvent over = SharedEvent.create();
    List<JvmProcess> processes = new ArrayList<>();
    for (int i = 0; i < PROCESSES; i++) {
      int first = i * THREADS * STRIDE;
      SerializableRunnable task =
          () -> {
            List<Thread> threads = new ArrayList<>();
            for (int t = 0; t < THREADS; t++) {
              SharedArray<Long> count = counts.slice(first + t * STRIDE, 1);
              threads.add(
                  Thread.ofPlatform().start(() -> take(prize, nanosHeld, count, all, over)));
            }
            for (Thread thread : threads) {
              thread.join();
            }
          };
      JvmProcess process = JvmProcess.of(task);
      process.start();
      processes.add(process);
    }
    all.await(Deadlines.LONG.toNanos(), TimeUnit.NANOSECONDS);
    long begun = System.nanoTime();
    Shares shares;
    do {
      assertThat(over.await(SECONDS, TimeUnit.SECONDS)).isFalse();
      shares = Shares.of(counts);
    } while (shares.least() < LEAST_SHARE
        && System.nanoTime() - begun < TimeUnit.SECONDS.toNanos(MOST_SECONDS));
    over.set();
    for (JvmProcess process : processes) {
      assertThat(process.join(Deadlines.LONG.plus(Duration.ofSeconds(SECONDS)))).isTrue();
      assertThat(process.exitCode()).hasValue(0);
    }
    System.out.printf(
        Locale.ROOT,
        "fairness: %s, %s, held %d ns, %d s, %d acquisitions, least share %.2f of the mean%n",
        Platform.current(),
        kind,
        nanosHeld,
        TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begun),
        shares.sum(),
        shares.least());
    assertThat(shares.least()).as("%s", shares).isGreaterThanOrEqualTo(LEAST_SHARE);
    prize.destroy();
    counts.destroy();
    all.destroy();
    over.destroy();
  }

  private static void take(
      Prize prize, long nanosHeld, SharedArray<Long> count, SharedBarrier all, SharedEvent over) {
    try {
      all.await();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
    while (!over.isSet()) {
      prize.take();
      try {
        count.setLong(0, count.getLong(0) + 1);
        long end = System.nanoTime() + nanosHeld;
        while (nanosHeld > 0 && System.nanoTime() - end < 0) {
          Thread.onSpinWait();
        }
      } finally {
        prize.giveUp();
      }
    }
  }

  /// How often each thread has had the prize so far.
  private record Shares(List<Long> taken) {
    static Shares of(SharedArray<Long> counts) {
      return new Shares(
          LongStream.range(0, PROCESSES * THREADS)
              .map(i -> counts.getLong(i * STRIDE))
              .boxed()
              .toList());
    }

    long sum() {
      return taken.stream().mapToLong(Long::longValue).sum();
    }

    /// The least share as a part of the mean.
    double least() {
      return (double) Collections.min(taken) * taken.size() / Math.max(1, sum());
    }
  }

  /// What is fought over.
  private interface Prize extends Serializable {
    void take();

    void giveUp();

    void destroy();
  }

  private record LockPrize(SharedLock lock) implements Prize {
    @Override
    public void take() {
      lock.lock();
    }

    @Override
    public void giveUp() {
      lock.unlock();
    }

    @Override
    public void destroy() {
      lock.destroy();
    }
  }

  private record SemaphorePrize(SharedSemaphore semaphore) implements Prize {
    @Override
    public void take() {
      semaphore.acquireUninterruptibly();
    }

    @Override
    public void giveUp() {
      semaphore.release();
    }

    @Override
    public void destroy() {
      semaphore.destroy();
    }
  }

  private record OwnedSemaphorePrize(OwnedSemaphore semaphore) implements Prize {
    @Override
    public void take() {
      semaphore.acquireUninterruptibly();
    }

    @Override
    public void giveUp() {
      semaphore.release();
    }

    @Override
    public void destroy() {
      semaphore.destroy();
    }
  }
}
