package io.procession.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.procession.internal.arena.FailPoint;
import io.procession.process.JvmProcess;
import io.procession.queue.JoinableQueue;
import io.procession.queue.SharedQueue;
import io.procession.testing.Deadlines;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A process that takes tasks is killed at each point where it leaves words in a state of their own:
/// nobody waits for what it had not done, and the count is right for the others.
@Tag("platforms")
class JoinableQueueCrashIT {
  private static final List<Integer> TASKS = List.of(1, 2, 3);

  private final Base base = Base.now();
  private final ExecutorService threads =
      Executors.newCachedThreadPool(Thread.ofPlatform().name("joiner-", 0).factory());

  @AfterEach
  void end() {
    threads.shutdownNow();
    threads.close();
  }

  private static void work(JoinableQueue<Integer> queue) throws InterruptedException {
    while (true) {
      queue.take();
      queue.taskDone();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "TASK_TAKEN, 1",
    "TASK_TAKEN, 3",
    "TASK_DONE, 1",
    "TASK_DONE, 3",
    "TASK_JOINERS_CLEARED, 1",
    "RING_HEAD_MOVED, 1",
    "RING_CONSUMED, 1",
    "RING_CONSUMED, 3",
    "RING_COUNTED_GONE, 2"
  })
  void nobodyWaitsForTheTasksOfTheDead(FailPoint point, int visit) throws Exception {
    JoinableQueue<Integer> queue = JoinableQueue.create();
    queue.putMany(TASKS);
    Future<Boolean> joined = threads.submit(() -> queue.join(Duration.ofDays(1)));
    assertThat(queue.join(Deadlines.SHORT)).isFalse();
    Doomed.dieAt(point, visit, () -> work(queue));
    while (queue.poll() != null) {
      queue.taskDone();
    }
    assertThat(joined.get(Deadlines.LONG.toMillis(), TimeUnit.MILLISECONDS)).isTrue();
    assertFinished(queue);
    queue.put(4);
    assertThat(queue.unfinishedTasks()).isOne();
    queue.destroy();
    base.awaitAgain();
  }

  @Test
  void theDeathOfOneWhoWaitsChangesNothing() throws Exception {
    JoinableQueue<Integer> queue = JoinableQueue.create();
    queue.putMany(TASKS);
    Doomed.dieAt(FailPoint.TASK_JOINERS_MARKED, 1, queue::join);
    Future<Boolean> joined = threads.submit(() -> queue.join(Duration.ofDays(1)));
    while (queue.poll() != null) {
      queue.taskDone();
    }
    assertThat(joined.get(Deadlines.LONG.toMillis(), TimeUnit.MILLISECONDS)).isTrue();
    assertFinished(queue);
    queue.destroy();
    base.awaitAgain();
  }

  @Test
  void joinEndsWhenTheLastTakerIsKilled() throws Exception {
    JoinableQueue<Integer> queue = JoinableQueue.create();
    SharedQueue<Integer> taken = SharedQueue.create();
    queue.putMany(TASKS);
    try (JvmProcess taker =
        JvmProcess.of(() -> {
          for (int i = 0; i < TASKS.size(); i++) {
            taken.put(queue.take());
          }
          queue.taskDone();
          taken.put(0);
          new CountDownLatch(1).await();
        })) {
      taker.start();
      for (int i = 0; i < TASKS.size() + 1; i++) {
        assertThat(taken.poll(Deadlines.LONG.toMillis(), TimeUnit.MILLISECONDS)).isNotNull();
      }
      assertThat(queue.unfinishedTasks()).isEqualTo(2);
      Future<Boolean> joined = threads.submit(() -> queue.join(Duration.ofDays(1)));
      assertThat(queue.join(Deadlines.SHORT)).isFalse();
      taker.kill();
      assertThat(joined.get(Deadlines.LONG.toMillis(), TimeUnit.MILLISECONDS)).isTrue();
    }
    assertFinished(queue);
    queue.destroy();
    taken.destroy();
    base.awaitAgain();
  }

  /// Who hands a task to another process to finish it is not asked by whom.
  @Test
  void taskIsFinishedByAnotherProcess() throws Exception {
    JoinableQueue<Integer> queue = JoinableQueue.create();
    queue.putMany(TASKS);
    assertThat(queue.take()).isOne();
    try (JvmProcess other = JvmProcess.of(queue::taskDone)) {
      other.start();
      assertThat(other.join(Deadlines.LONG)).isTrue();
      assertThat(other.exitCode()).hasValue(0);
    }
    assertThat(queue.unfinishedTasks()).isEqualTo(2);
    assertThatIllegalStateException().isThrownBy(queue::taskDone);
    queue.destroy();
    base.awaitAgain();
  }

  private static void assertFinished(JoinableQueue<Integer> queue) {
    assertThat(queue.unfinishedTasks()).isZero();
    assertThatIllegalStateException().isThrownBy(queue::taskDone);
  }
}
