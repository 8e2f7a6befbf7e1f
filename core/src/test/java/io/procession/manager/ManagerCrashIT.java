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
import io.procession.sync.SharedSemaphore;
import io.procession.testing.Deadlines;
import java.io.Serializable;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
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

  interface Filter extends Predicate<Integer>, Serializable {}

  interface Operator extends UnaryOperator<Integer>, Serializable {}

  interface Order extends Comparator<Integer>, Serializable {}

  /// Runs in the server, and never returns.
  private static int hang(SharedSemaphore about) {
    about.release();
    while (true) {
      LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(1));
      boolean _ = Thread.interrupted();
    }
  }

  @Test
  void functionOfADeadCallerHoldsUpNobody() throws Exception {
    try (SyncManager manager = new SyncManager().start();
        SharedSemaphore about = SharedSemaphore.create(0)) {
      List<Integer> list = manager.list(List.of(1, 2, 3));
      Set<Integer> set = manager.set(List.of(1, 2, 3));
      BlockingQueue<Integer> queue = manager.queue();
      queue.addAll(List.of(1, 2, 3));
      Filter filter = x -> hang(about) == x;
      Operator operator = x -> hang(about) + x;
      Order order = (x, y) -> hang(about) + x - y;
      for (SerializableRunnable call :
          List.<SerializableRunnable>of(
              () -> list.removeIf(filter),
              () -> list.replaceAll(operator),
              () -> list.sort(order),
              () -> set.removeIf(filter),
              () -> queue.removeIf(filter))) {
        JvmProcess caller = start(call);
        about.acquire();
        kill(caller);
        Filter small = x -> x < 4;
        for (Collection<Integer> each : List.of(list, set, queue)) {
          each.addAll(List.of(1, 4));
          assertThat(each.removeIf(small)).isTrue();
          each.addAll(List.of(3, 2));
        }
        list.sort(Comparator.naturalOrder());
        assertThat(list).startsWith(2, 3, 4);
        assertThat(set).containsExactlyInAnyOrder(2, 3, 4);
      }
    }
  }
}
