package io.procession.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.procession.serial.SerializableFunction;
import io.procession.sync.SharedEvent;
import io.procession.testing.Deadlines;
import io.procession.testing.Halting;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A task that is cancelled while it runs is really stopped, and no other is.
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class CancelIT {
  private static final int CANCELS = 10 * Integer.getInteger("procession.test.kills", 20);
  private static final long TASK_NANOS = 100_000;

  @TempDir Path folder;

  private final SharedEvent begun = SharedEvent.create();

  @AfterEach
  void destroy() {
    begun.destroy();
  }

  private static ProcessPool pool(Duration grace) {
    return ProcessPool.open(PoolOptions.defaults().withProcesses(1).withGrace(grace));
  }

  private static long pid(ProcessPool pool) {
    return pool.apply(() -> ProcessHandle.current().pid());
  }

  /// A task that has begun, and sleeps until it is interrupted.
  private AsyncResult<Integer> sleeping(ProcessPool pool) throws InterruptedException {
    SharedEvent told = begun;
    AsyncResult<Integer> result =
        pool.applyAsync(() -> {
          told.set();
          Thread.sleep(Long.MAX_VALUE);
          return 1;
        });
    told.await();
    return result;
  }

  @Test
  void runningTaskIsInterruptedAndItsWorkerLives() throws Exception {
    String trace = folder.resolve("trace").toString();
    SharedEvent told = begun;
    try (var pool = pool(Deadlines.LONG)) {
      long pid = pid(pool);
      AsyncResult<Integer> result =
          pool.applyAsync(() -> {
            told.set();
            try {
              Thread.sleep(Long.MAX_VALUE);
            } catch (InterruptedException e) {
              Files.writeString(Path.of(trace), "" + Task.current().isCancelled());
              throw e;
            }
            return 1;
          });
      AsyncResult<Boolean> next = pool.applyAsync(() -> Thread.interrupted());
      begun.await();

      assertThat(result.cancel(true)).isTrue();

      assertThat(next.get()).isFalse();
      assertThat(result).isCancelled();
      assertThat(Path.of(trace)).hasContent("true");
      assertThat(pid(pool)).isEqualTo(pid);
    }
  }

  @Test
  void computingTaskThatAsksEnds() throws Exception {
    SharedEvent told = begun;
    try (var pool = pool(Deadlines.LONG)) {
      long pid = pid(pool);
      AsyncResult<Integer> result =
          pool.applyAsync(() -> {
            told.set();
            while (true) {
              Task.current().checkCancelled();
            }
          });
      begun.await();
      result.cancel(true);
      assertThat(pid(pool)).isEqualTo(pid);
    }
  }

  @Test
  void taskThatDoesNotEndIsKilledWithItsWorkerAlone() throws Exception {
    SharedEvent told = begun;
    try (var pool = pool(Duration.ofMillis(50))) {
      long pid = pid(pool);
      AsyncResult<Integer> result =
          pool.applyAsync(() -> {
            told.set();
            while (true) {
              Thread.onSpinWait();
            }
          });
      AsyncResult<Long> next = pool.applyAsync(() -> ProcessHandle.current().pid());
      begun.await();
      result.cancel(true);

      assertThat(next.get()).isNotEqualTo(pid);
      assertThat(result).isCancelled();
    }
  }

  @Test
  void stoppedWorkerIsKilled() throws Exception {
    try (var pool = pool(Duration.ofMillis(50))) {
      long pid = pid(pool);
      AsyncResult<Integer> result = sleeping(pool);
      Halting.stop(pid);
      result.cancel(true);

      assertThat(pid(pool)).isNotEqualTo(pid);
    }
  }

  /// By a cancel that asks for it, by an interrupt of who waits, and by who wants no more results.
  @Test
  void runningChunksAreStopped() throws Exception {
    SharedEvent told = begun;
    SerializableFunction<Integer, Integer> endless =
        x -> {
          told.set();
          while (true) {
            Thread.onSpinWait();
          }
        };
    List<Integer> inputs = List.of(1, 2, 3, 4);
    try (var pool = pool(Duration.ofMillis(50))) {
      long first = pid(pool);
      AsyncResult<List<Integer>> map = pool.mapAsync(endless, inputs, 2);
      begun.await();
      map.cancel(true);
      long second = pid(pool);
      assertThat(second).isNotEqualTo(first);

      begun.clear();
      Thread mapper = Thread.ofPlatform().start(() -> mapQuietly(pool, endless, inputs));
      begun.await();
      mapper.interrupt();
      mapper.join();
      long third = pid(pool);
      assertThat(third).isNotEqualTo(second);

      begun.clear();
      try (var results = pool.imap(endless, inputs, 2)) {
        begun.await();
        assertThat(results.hasNext()).isTrue();
      }
      assertThat(pid(pool)).isNotEqualTo(third);
    }
  }

  private static void mapQuietly(
      ProcessPool pool, SerializableFunction<Integer, Integer> function, List<Integer> inputs) {
    try {
      assertThat(pool.map(function, inputs, 2)).isEmpty();
    } catch (CancellationException e) {
      // as expected
    }
  }

  @Test
  void mapThatIsCancelledOtherwiseLetsItsChunksEnd() throws Exception {
    SharedEvent told = begun;
    try (var pool = pool(Duration.ZERO)) {
      long pid = pid(pool);
      AsyncResult<List<Long>> map =
          pool.mapAsync(
              x -> {
                told.set();
                return spin(x);
              },
              List.of(300_000_000L, 1L),
              1);
      begun.await();
      map.cancel(false);
      assertThat(pid(pool)).isEqualTo(pid);
    }
  }

  @Test
  void mapGoesOnWhenAnotherTaskIsCancelled() throws Exception {
    try (var pool = pool(Deadlines.LONG)) {
      AsyncResult<Integer> result = sleeping(pool);
      result.cancel(true);
      assertThat(pool.map(x -> Thread.interrupted() ? -1 : x, List.of(1, 2, 3), 3))
          .containsExactly(1, 2, 3);
    }
  }

  /// Each is cancelled at about the moment at which it ends: later than the one before if that was hit,
  /// else sooner. Whether it is hit or not, its neighbours are not.
  @Test
  void cancelAtTheLastMomentHitsNoNeighbour() throws Exception {
    var random = new Random(Long.getLong("procession.test.seed", 1));
    try (var pool = pool(Deadlines.LONG)) {
      long pid = pid(pool);
      List<AsyncResult<Boolean>> neighbours = new ArrayList<>();
      int hit = 0;
      double aim = TASK_NANOS;
      for (int i = 0; i < CANCELS; i++) {
        AsyncResult<Long> doomed = pool.applyAsync(CancelIT::spin, TASK_NANOS);
        neighbours.add(pool.applyAsync(CancelIT::isHit, TASK_NANOS / 2));
        spin((long) (aim * (0.9 + 0.2 * random.nextDouble())));
        boolean isCancelled = doomed.cancel(true);
        aim = isCancelled ? aim * 1.1 : Math.max(aim / 1.1, TASK_NANOS / 10.0);
        hit += isCancelled ? 1 : 0;
        try {
          assertThat(doomed.join()).isEqualTo(TASK_NANOS);
        } catch (CancellationException e) {
          assertThat(doomed).isCancelled();
        }
        assertThat(neighbours.getLast().get()).isFalse();
      }
      assertThat(pid(pool)).isEqualTo(pid);
      System.out.println("CancelIT: " + hit + " of " + CANCELS + " were cancelled in time");
      assertThat(hit).isBetween(CANCELS / 5, CANCELS * 4 / 5);
    }
  }

  private static long spin(long nanos) {
    long end = System.nanoTime() + nanos;
    while (System.nanoTime() - end < 0) {
      Thread.onSpinWait();
    }
    return nanos;
  }

  private static boolean isHit(long nanos) {
    spin(nanos);
    return Thread.currentThread().isInterrupted() || Task.current().isCancelled();
  }

  @Test
  void cancelOfATaskThatIsStoppedTwiceDoesNothingMore() throws Exception {
    SharedEvent told = begun;
    try (var pool = pool(Duration.ZERO)) {
      AsyncResult<Integer> result =
          pool.applyAsync(() -> {
            told.set();
            while (told.isSet()) { // no interrupt ends it before the worker is killed
              Thread.onSpinWait();
            }
            return 1;
          });
      told.await();
      long before = pool.workers().getFirst().pid();
      result.cancel(true);
      result.cancel(true);
      await()
          .atMost(Deadlines.LONG)
          .until(() -> pool.workers().stream().noneMatch(w -> w.pid() == before));
      assertThat(pid(pool)).isNotEqualTo(before);
    }
  }
}
