package io.procession.manager;

import static java.util.concurrent.TimeUnit.DAYS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.procession.process.JvmProcess;
import io.procession.process.RemoteCallException;
import io.procession.queue.TaskQueue;
import io.procession.shared.Value;
import io.procession.sync.Barrier;
import io.procession.sync.CountingSemaphore;
import io.procession.sync.Event;
import io.procession.sync.LockCondition;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BinaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What the objects of a manager do as long as nobody dies.
@Timeout(value = 60, unit = TimeUnit.SECONDS)
@SuppressWarnings("LockNotBeforeTry") // locks are what is tested
class SyncManagerIT {
  private static SyncManager manager;

  @BeforeAll
  static void start() {
    manager = new SyncManager().start();
  }

  @AfterAll
  static void shutDown() {
    manager.close();
  }

  private static void run(io.procession.serial.SerializableRunnable task) throws Exception {
    try (JvmProcess process = JvmProcess.of(task)) {
      process.start();
      process.join();
      assertThat(process.exitCode()).as("%s", process.certificate()).hasValue(0);
    }
  }

  @Test
  void listIsOneForAllProcesses() throws Exception {
    List<Object> list = manager.list(List.of(1, 2, 3));
    run(() -> {
      list.add("four");
      list.set(0, "one");
    });
    assertThat(list).containsExactly("one", 2, 3, "four").hasToString("[one, 2, 3, four]");
    assertThat(new ArrayList<>(list)).isEqualTo(list);
    assertThat(list).isEqualTo(List.of("one", 2, 3, "four"));
  }

  @Test
  void mapChangesInOneStep() throws Exception {
    ConcurrentMap<String, Integer> map = manager.map(Map.of("a", 1));
    BinaryOperator<Integer> sum = (BinaryOperator<Integer> & Serializable) Integer::sum;
    run(() -> map.merge("a", 41, sum));
    map.merge("b", 5, Integer::sum);
    assertThat(map).containsOnly(Map.entry("a", 42), Map.entry("b", 5));
    assertThat(map.keySet().remove("b")).isTrue();
    assertThat(map).hasSize(1);
  }

  @Test
  void queuePassesElementsBetweenProcesses() throws Exception {
    BlockingQueue<String> there = manager.queue();
    BlockingQueue<String> back = manager.queue(1);
    JvmProcess echo = JvmProcess.of(() -> back.put(there.take() + "!"));
    echo.start();
    there.put("hello");
    assertThat(back.poll(30, TimeUnit.SECONDS)).isEqualTo("hello!");
    echo.join();
  }

  @Test
  void interruptEndsAWaitAtTheServerWheneverItComes() throws Exception {
    BlockingQueue<String> queue = manager.queue();
    for (int i = 0; i < 200; i++) {
      var thrown = new CompletableFuture<Throwable>();
      Thread waiter =
          Thread.ofPlatform()
              .start(() -> {
                try {
                  thrown.completeExceptionally(new AssertionError(queue.take()));
                } catch (Throwable t) {
                  thrown.complete(t);
                }
              });
      LockSupport.parkNanos(i * 5_000L); // sooner and later, so that it meets each moment of a call
      waiter.interrupt();
      assertThat(thrown.get(30, TimeUnit.SECONDS)).isInstanceOf(InterruptedException.class);
    }
    queue.put("for the next");
    assertThat(queue.poll()).isEqualTo("for the next");
  }

  @Test
  void interruptedTakerLosesNoElement() throws Exception {
    BlockingQueue<Integer> queue = manager.queue();
    AtomicInteger sum = new AtomicInteger();
    Thread taker =
        Thread.ofPlatform()
            .start(() -> {
              for (int taken = 0; taken < 1_000; ) {
                try {
                  sum.addAndGet(queue.take());
                  taken++;
                } catch (InterruptedException e) {
                  // again
                }
              }
            });
    for (int i = 0; i < 1_000; i++) {
      queue.put(1);
      taker.interrupt();
    }
    taker.join();
    assertThat(sum).hasValue(1_000);
    assertThat(queue).isEmpty();
  }

  @Test
  void lockBelongsToAThreadOfAProcess() throws Exception {
    Lock lock = manager.lock();
    lock.lock();
    assertThatThrownBy(lock::lock).isInstanceOf(IllegalMonitorStateException.class);
    run(() -> {
      assertThat(lock.tryLock()).isFalse();
      assertThatThrownBy(lock::unlock).isInstanceOf(IllegalMonitorStateException.class);
    });
    lock.unlock();
    run(lock::lock); // and ends, holding it
    assertThat(lock.tryLock(30, TimeUnit.SECONDS)).isTrue();
    lock.unlock();
  }

  @Test
  void conditionPassesTurns() throws Exception {
    LockCondition condition = manager.condition();
    Value<Integer> turn = manager.value(0);
    JvmProcess other =
        JvmProcess.of(() -> {
          Lock lock = condition.lock();
          lock.lock();
          try {
            while (turn.get() == 0) {
              condition.await();
            }
            turn.set(2);
            condition.signalAll();
          } finally {
            lock.unlock();
          }
        });
    other.start();
    Lock lock = condition.lock();
    lock.lock();
    try {
      turn.set(1);
      condition.signalAll();
      while (turn.get() != 2) {
        condition.await();
      }
    } finally {
      lock.unlock();
    }
    other.join();
  }

  @Test
  void proxyWithinAnObjectIsTheObject() throws Exception {
    List<List<String>> outer = manager.list();
    List<String> inner = manager.list();
    outer.add(inner);
    inner.add("seen");
    assertThat(outer.get(0)).containsExactly("seen").isEqualTo(inner);
    run(() -> outer.get(0).add("from afar"));
    assertThat(inner).containsExactly("seen", "from afar");
    for (List<String> each : outer) {
      assertThat(each).hasSize(2);
    }
  }

  @Test
  void othersOfThePackage() throws Exception {
    Event event = manager.event();
    CountingSemaphore semaphore = manager.boundedSemaphore(1);
    Namespace namespace = manager.namespace();
    Set<Integer> set = manager.set(List.of(1, 2));
    Barrier barrier = manager.barrier(2);
    Value<Integer> value = manager.value(1);
    List<Integer> array = manager.array(List.of(1, 2, 3));
    TaskQueue<Integer> tasks = manager.joinableQueue();
    tasks.put(1);
    JvmProcess other =
        JvmProcess.of(() -> {
          event.await();
          semaphore.acquire();
          namespace.set("size", 3);
          set.add(3);
          value.update(x -> x + 1);
          array.set(1, 20);
          tasks.take();
          tasks.taskDone();
          barrier.await();
        });
    other.start();
    assertThat(event.await(1, TimeUnit.MILLISECONDS)).isFalse();
    event.set();
    barrier.await();
    tasks.join();
    assertThat(semaphore.tryAcquire()).isFalse();
    semaphore.release();
    assertThatThrownBy(semaphore::release).isInstanceOf(IllegalStateException.class);
    assertThat(namespace.get("size", Integer.class)).isEqualTo(3);
    assertThat(namespace).hasToString("Namespace{size=3}");
    assertThat(set).containsExactlyInAnyOrder(1, 2, 3);
    assertThat(value.get()).isEqualTo(2);
    assertThat(array).containsExactly(1, 20, 3);
    assertThatThrownBy(() -> array.add(1)).isInstanceOf(UnsupportedOperationException.class);
    other.join();
  }

  @Test
  void longestLimitsAreWaitedFor() throws Exception {
    Event event = manager.event();
    TaskQueue<Integer> tasks = manager.joinableQueue();
    tasks.put(1);
    var set = new CompletableFuture<Boolean>();
    var joined = new CompletableFuture<Boolean>();
    Thread.ofPlatform().start(() -> complete(set, () -> event.await(Long.MAX_VALUE, DAYS)));
    Thread.ofPlatform()
        .start(() -> complete(joined, () -> tasks.join(Duration.ofSeconds(Long.MAX_VALUE))));
    assertThat(set).failsWithin(Duration.ofMillis(50)).withThrowableOfType(TimeoutException.class);
    assertThat(joined).isNotDone();
    event.set();
    tasks.taskDone();
    assertThat(set.get(30, TimeUnit.SECONDS)).isTrue();
    assertThat(joined.get(30, TimeUnit.SECONDS)).isTrue();
  }

  private static void complete(CompletableFuture<Boolean> future, Callable<Boolean> wait) {
    try {
      future.complete(wait.call());
    } catch (Exception e) {
      future.completeExceptionally(e);
    }
  }

  @Test
  void conditionOfALockIsItsOwn() {
    Lock lock = manager.reentrantLock();
    Condition condition = lock.newCondition();
    assertThatThrownBy(condition::signal).isInstanceOf(IllegalMonitorStateException.class);
    lock.lock();
    condition.signal();
    lock.unlock();
  }

  @Test
  void exceptionOfTheObjectArrivesAsItself() {
    List<Integer> list = manager.list();
    assertThatThrownBy(() -> list.get(7))
        .isInstanceOf(IndexOutOfBoundsException.class)
        .satisfies(e ->
            assertThat(e.getSuppressed()).hasAtLeastOneElementOfType(RemoteCallException.class));
  }

  @Test
  void whatNobodyHasIsGone() {
    int before = manager.numberOfObjects();
    manager.list();
    org.awaitility.Awaitility.await()
        .until(() -> {
          System.gc();
          return manager.numberOfObjects() <= before;
        });
  }
}
