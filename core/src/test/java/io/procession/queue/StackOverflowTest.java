package io.procession.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.sync.SharedLock;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/// A thread whose stack overflows in the midst of an operation leaves nothing locked, nothing torn.
class StackOverflowTest {
  private static final int ROUNDS = 30;
  private static final int WARM_UP = 20_000;

  /// Of how many levels each is tried in. Compiled and inlined, ten times as many fit into the same stack,
  /// and each try that fails costs milliseconds there: to try in all took up to a minute.
  private static final int DEPTH = 4_000;

  private static int deepest; // of the one thread that is at the edge

  private interface Step {
    boolean run();
  }

  /// Goes down to the end of the stack, and on the way up tries until there is enough of it: so the
  /// stack ends at every place of the step, in the course of many rounds.
  @SuppressWarnings("InfiniteRecursion") // that is the point
  private static boolean atTheEdge(Step step, int depth) {
    boolean done;
    try {
      done = atTheEdge(step, depth + 1);
    } catch (StackOverflowError e) {
      deepest = depth;
      done = false;
    }
    if (!done && depth % (1 + deepest / DEPTH) == 0) {
      try {
        done = step.run();
      } catch (StackOverflowError e) {
        done = false;
      }
    }
    return done;
  }

  private static void rounds(
      Step step, Runnable after, AtomicReference<Throwable> failure, Runnable check)
      throws InterruptedException {
    for (int round = 0; round < ROUNDS; round++) {
      long stack = (256 << 10) + 16L * (round % 512);
      Runnable work =
          () -> {
            boolean _ = atTheEdge(step, 0);
            after.run();
          };
      Thread deep = new Thread(null, work, "deep", stack);
      deep.setUncaughtExceptionHandler((_, thrown) -> failure.set(thrown));
      deep.start();
      deep.join();
      check.run();
    }
  }

  private static void rounds(Step step, Runnable check) throws InterruptedException {
    rounds(step, () -> {}, new AtomicReference<>(), check);
  }

  @Test
  void aQueueGoesOnForOthers() throws Exception {
    try (SharedQueue<Integer> queue = SharedQueue.create()) {
      for (int i = 0; i < WARM_UP; i++) {
        queue.add(i);
        assertThat(queue.poll()).isEqualTo(i);
      }
      rounds(
          () -> queue.offer(7),
          () -> {
            Integer taken = queue.poll();
            while (taken != null) {
              assertThat(taken).isEqualTo(7);
              taken = queue.poll();
            }
            assertThat(queue).isEmpty();
            assertThat(queue.offer(1)).isTrue();
            assertThat(queue.poll()).isOne();
          });
    }
  }

  @Test
  void aQueueThatIsReadAtTheEdgeGoesOnForOthers() throws Exception {
    try (SharedQueue<Integer> queue = SharedQueue.create()) {
      for (int i = 0; i < WARM_UP; i++) {
        queue.add(i);
        assertThat(queue.poll()).isEqualTo(i);
      }
      rounds(
          () -> {
            boolean _ = queue.offer(7);
            return queue.poll() != null;
          },
          () -> {
            queue.clear();
            assertThat(queue.offer(1)).isTrue();
            assertThat(queue.poll()).isOne();
          });
    }
  }

  @Test
  void aLockThatCouldNotBeReturnedIsNotTaken() throws Exception {
    try (SharedLock lock = SharedLock.create()) {
      for (int i = 0; i < WARM_UP; i++) {
        assertThat(tryLock(lock)).isTrue();
      }
      var failure = new AtomicReference<Throwable>();
      rounds(
          () -> {
            lock.lock(); // throws if this thread has it already
            return true;
          },
          lock::unlock,
          failure,
          () -> {
            assertThat(failure).hasNullValue();
            assertThat(tryLock(lock)).isTrue();
          });
    }
  }

  private static boolean tryLock(SharedLock lock) {
    if (!lock.tryLock()) {
      return false;
    }
    lock.unlock();
    return true;
  }
}
