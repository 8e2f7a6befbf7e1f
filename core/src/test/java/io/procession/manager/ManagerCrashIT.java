package io.procession.manager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.procession.crash.Base;
import io.procession.process.JvmProcess;
import io.procession.process.ProcessException;
import io.procession.queue.SharedQueue;
import io.procession.serial.SerializableRunnable;
import io.procession.sync.Barrier;
import io.procession.sync.Event;
import io.procession.testing.Deadlines;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What is left of managed objects when their server or their callers are killed.
@Timeout(value = 120, unit = TimeUnit.SECONDS)
@SuppressWarnings("LockNotBeforeTry") // locks are what is tested
class ManagerCrashIT {

  private static JvmProcess start(SerializableRunnable task) {
    JvmProcess process = JvmProcess.of(task);
    process.start();
    return process;
  }

  private static void kill(JvmProcess process) throws InterruptedException {
    process.kill();
    process.join();
  }

  @Test
  void killedServerLeavesNothing() throws Exception {
    Base base = Base.now();
    try (SyncManager manager = new SyncManager().start()) {
      assertThat(manager.list().add(1)).isTrue();
      kill(manager.process().orElseThrow());
    }
    base.awaitAgain();
  }

  @Test
  void whoWaitsForADeadServerIsToldHowItEnded() throws Exception {
    try (SyncManager manager = new SyncManager().start()) {
      BlockingQueue<String> queue = manager.queue();
      Event waits = manager.event();
      CompletableFuture<String> here =
          CompletableFuture.supplyAsync(() -> {
            try {
              return queue.take();
            } catch (InterruptedException e) {
              throw new AssertionError(e);
            }
          });
      JvmProcess child =
          start(() -> {
            try {
              waits.set();
              queue.take();
            } catch (ProcessException e) {
              System.exit(String.valueOf(e.getMessage()).contains("SIGKILL") ? 42 : 1);
            }
          });
      waits.await();
      JvmProcess server = manager.process().orElseThrow();
      kill(server);
      assertThatThrownBy(() -> here.get(30, TimeUnit.SECONDS))
          .isInstanceOf(ExecutionException.class)
          .cause()
          .isInstanceOfSatisfying(
              ProcessException.class,
              e -> {
                assertThat(e).hasMessageContaining("SIGKILL");
                assertThat(e.certificate()).isPresent();
              });
      child.join();
      assertThat(child.exitCode()).as("%s", child.certificate()).hasValue(42);
      assertThatThrownBy(queue::size).isInstanceOf(ProcessException.class);
      assertThat(queue.toString()).contains("queue");
    }
  }

  @Test
  void lockOfADeadCallerIsFree() throws Exception {
    try (SyncManager manager = new SyncManager().start()) {
      Lock lock = manager.reentrantLock();
      Event held = manager.event();
      JvmProcess holder =
          start(() -> {
            lock.lock();
            lock.lock();
            held.set();
            Thread.currentThread().join();
          });
      held.await();
      assertThat(lock.tryLock()).isFalse();
      kill(holder);
      assertThat(lock.tryLock(30, TimeUnit.SECONDS)).isTrue();
      lock.unlock();
    }
  }

  @Test
  void deadCallerSwallowsNoElementAndKeepsNoObject() throws Exception {
    try (SyncManager manager = new SyncManager().start()) {
      BlockingQueue<String> queue = manager.queue();
      Event about = manager.event();
      Lock lock = manager.lock();
      int before = manager.numberOfObjects();
      JvmProcess taker =
          start(() -> {
            Condition mine = lock.newCondition();
            about.set();
            queue.take();
            mine.signal();
          });
      about.await();
      assertThat(manager.numberOfObjects()).isEqualTo(before + 1);
      kill(taker);
      await().atMost(Deadlines.LONG).until(() -> manager.numberOfObjects() == before);
      queue.put("kept");
      assertThat(queue.poll(30, TimeUnit.SECONDS)).isEqualTo("kept");
    }
  }

  @Test
  void deadPartyBreaksItsBarrier() throws Exception {
    try (SyncManager manager = new SyncManager().start()) {
      Barrier barrier = manager.barrier(2);
      JvmProcess party = start(barrier::await);
      await().atMost(Deadlines.LONG).until(() -> barrier.waiting() == 1);
      kill(party);
      await().atMost(Deadlines.LONG).until(barrier::isBroken);
      assertThatThrownBy(barrier::await).isInstanceOf(BrokenBarrierException.class);
    }
  }

  @Test
  void proxyOnItsWayKeepsItsObject() throws Exception {
    try (SyncManager manager = new SyncManager().start();
        SharedQueue<List<String>> way = SharedQueue.create()) {
      way.put(manager.list(List.of("alive")));
      manager.list(List.of("nobody has this one"));
      await()
          .atMost(Deadlines.LONG)
          .until(() -> {
            System.gc();
            return manager.numberOfObjects() == 1;
          });
      assertThat(way.take()).containsExactly("alive");
      way.destroy();
    }
  }
}
