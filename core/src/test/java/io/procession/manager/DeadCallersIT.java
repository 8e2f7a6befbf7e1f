package io.procession.manager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.procession.internal.remote.Remote;
import io.procession.process.JvmProcess;
import io.procession.serial.SerializableRunnable;
import io.procession.sync.Event;
import io.procession.sync.LockCondition;
import io.procession.testing.Deadlines;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What a server still does for callers that were killed while they waited: nothing.
@Timeout(value = 120, unit = TimeUnit.SECONDS)
@SuppressWarnings({"LockNotBeforeTry", "WaitNotInLoop"}) // locks are what is tested
class DeadCallersIT {
  private static final int WAITERS = 5;

  /// The threads of the server that serve calls.
  interface Threads {
    long count();
  }

  private static final ManagedType<Threads> THREADS =
      ManagedType.of(
          Threads.class,
          () ->
              () ->
                  Thread.getAllStackTraces().keySet().stream()
                      .filter(thread -> thread.getName().contains("-calls-"))
                      .count());

  private static JvmProcess start(SerializableRunnable task) {
    JvmProcess process = JvmProcess.of(task);
    process.start();
    return process;
  }

  private static void kill(JvmProcess process) throws InterruptedException {
    process.kill();
    process.join();
  }

  private static Pipeline pipelineOf(Object proxy) {
    return new Pipeline(((Remote) proxy).reference().link());
  }

  @Test
  void pipelineOfADeadCallerTakesNoElementAndGoesOnNoFurther() throws Exception {
    try (BaseManager made = new SyncManager().register(THREADS)) {
      SyncManager manager = ((SyncManager) made).start();
      Threads threads = manager.create(THREADS);
      BlockingQueue<Integer> queue = manager.queue();
      List<String> done = manager.list();
      Event begun = manager.event();
      long before = threads.count();
      JvmProcess caller =
          start(() ->
              pipelineOf(queue)
                  .run(p -> {
                    p.run(begun, Event::set);
                    p.run(queue, BlockingQueue::take);
                    p.run(queue, BlockingQueue::take);
                    p.run(done, list -> list.add("for the dead"));
                  }));
      begun.await();
      kill(caller);
      await().atMost(Deadlines.LONG).until(() -> threads.count() <= before);
      queue.put(1);
      assertThat(queue.poll()).isEqualTo(1);
      assertThat(done).isEmpty();
    }
  }

  @Test
  void waitWithALimitAtAConditionEndsWithItsCaller() throws Exception {
    try (BaseManager made = new SyncManager().register(THREADS)) {
      SyncManager manager = ((SyncManager) made).start();
      Threads threads = manager.create(THREADS);
      LockCondition condition = manager.condition();
      Lock lock = condition.lock();
      BlockingQueue<String> waiting = manager.queue();
      long before = threads.count();
      JvmProcess first = start(() -> waitInMany(condition, waiting));
      JvmProcess second = start(() -> waitInMany(condition, waiting));
      for (int i = 0; i < 2 * WAITERS; i++) {
        assertThat(waiting.take()).isEqualTo("has the lock");
      }
      lock.lock(); // so the last of them waits, and has given it up
      assertThat(threads.count()).isGreaterThanOrEqualTo(before + 2 * WAITERS);
      kill(first);
      kill(second);
      lock.unlock();
      await().atMost(Deadlines.LONG).until(() -> threads.count() <= before);
      assertThat(lock.tryLock()).isTrue();
      lock.unlock();
    }
  }

  private static void waitInMany(LockCondition condition, BlockingQueue<String> waiting)
      throws InterruptedException {
    for (int i = 0; i < WAITERS; i++) {
      Thread _ =
          Thread.ofPlatform()
              .start(() -> {
                condition.lock().lock();
                try {
                  waiting.put("has the lock");
                  boolean _ = condition.await(10, TimeUnit.MINUTES);
                } catch (InterruptedException e) {
                  throw new AssertionError(e);
                } finally {
                  condition.lock().unlock();
                }
              });
    }
    Thread.currentThread().join();
  }
}
