package io.procession.sync;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.procession.internal.arena.Session;
import io.procession.sync.SharedLockTest.Kind;
import io.procession.testing.Deadlines;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@SuppressWarnings({
  "LockNotBeforeTry", // a test that fails may leave its lock taken
  "WaitNotInLoop" // what ends a wait is what is tested
})
@Tag("platforms")
class SharedConditionTest {
  private final SharedLock lock = SharedLock.create("of-test");
  private final SharedCondition condition = lock.newCondition();
  private final AtomicInteger returned = new AtomicInteger();

  @AfterEach
  void close() {
    condition.destroy();
    lock.destroy();
  }

  @Test
  void needsItsLock() {
    for (SharedLockTest.ThrowingTask use :
        List.<SharedLockTest.ThrowingTask>of(
            condition::await,
            condition::awaitUninterruptibly,
            () -> condition.awaitNanos(1),
            () -> condition.await(1, MILLISECONDS),
            () -> condition.awaitUntil(Date.from(Instant.EPOCH)),
            condition::signal,
            condition::signalAll)) {
      assertThatThrownBy(use::run)
          .isInstanceOf(IllegalMonitorStateException.class)
          .hasMessage(
              "only the thread that holds its lock may use a condition:"
                  + " SharedLock[of-test, free]");
    }
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void eachSignalLetsOneGoOn(Kind kind) throws Exception {
    List<Thread> waiters = startWaiters(kind, 5);
    for (int i = 1; i <= 5; i++) {
      lock.lock();
      condition.signal();
      lock.unlock();
      int expected = i;
      await().atMost(Deadlines.MEDIUM).until(() -> returned.get() >= expected);
      // longer than a time slice: whoever looks for no reason must find none
      await().during(Deadlines.SHORT.multipliedBy(2)).until(() -> returned.get() == expected);
    }
    join(waiters);
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void signalsInOneHoldLetAsManyGoOn(Kind kind) throws Exception {
    List<Thread> waiters = startWaiters(kind, 6);
    lock.lock();
    condition.signal();
    condition.signal();
    condition.signal();
    assertThat(returned).hasValue(0);
    lock.unlock();
    await().atMost(Deadlines.MEDIUM).until(() -> returned.get() >= 3);
    await().during(Deadlines.SHORT.multipliedBy(2)).until(() -> returned.get() == 3);
    lock.lock();
    condition.signalAll();
    lock.unlock();
    join(waiters);
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void signalsAsManyAsItIsTold(Kind kind) throws Exception {
    List<Thread> waiters = startWaiters(kind, 4);
    lock.lock();
    assertThatThrownBy(() -> condition.signal(-1)).hasMessageContaining("count=-1");
    condition.signal(0);
    condition.signal(3);
    lock.unlock();
    await().atMost(Deadlines.MEDIUM).until(() -> returned.get() >= 3);
    await().during(Deadlines.SHORT.multipliedBy(2)).until(() -> returned.get() == 3);
    lock.lock();
    condition.signal(7);
    lock.unlock();
    join(waiters);
  }

  @Test
  void awaitsWhatAPredicateAsksFor() throws Exception {
    int[] value = {0};
    var waiter =
        new FutureTask<>(() -> {
          lock.lock();
          condition.awaitUntil(() -> value[0] == 2);
          boolean held = lock.isHeldByCurrentThread();
          lock.unlock();
          return held;
        });
    SharedLockTest.awaitWaiting(Kind.VIRTUAL.start(waiter));
    for (int i = 0; i < 2; i++) {
      lock.lock();
      value[0]++;
      condition.signal();
      lock.unlock();
    }
    assertThat(waiter.get()).isTrue();
    lock.lock();
    condition.awaitUntil(() -> value[0] == 2);
    assertThat(condition.awaitUntil(() -> value[0] == 3, 5, MILLISECONDS)).isFalse();
    assertThat(condition.awaitUntil(() -> value[0] == 2, 0, MILLISECONDS)).isTrue();
    lock.unlock();
    assertThatThrownBy(() -> condition.awaitUntil(() -> true))
        .isInstanceOf(IllegalMonitorStateException.class);
  }

  @Test
  void signalIsNotKeptForThoseWhoComeLater() throws Exception {
    lock.lock();
    condition.signal();
    condition.signalAll();
    assertThat(condition.await(5, MILLISECONDS)).isFalse();
    lock.unlock();
  }

  @Test
  void limitsAreKept() throws Exception {
    lock.lock();
    long start = System.nanoTime();
    assertThat(condition.awaitNanos(MILLISECONDS.toNanos(20))).isNotPositive();
    assertThat(condition.await(20, MILLISECONDS)).isFalse();
    assertThat(condition.awaitUntil(Date.from(Instant.now().plusMillis(20)))).isFalse();
    assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(MILLISECONDS.toNanos(58));
    assertThat(condition.awaitUntil(Date.from(Instant.EPOCH))).isFalse();
    assertThat(lock.isHeldByCurrentThread()).isTrue();
    lock.unlock();
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void interruptEndsTheWaitWithTheLockHeld(Kind kind) throws Exception {
    var waiter =
        new FutureTask<>(() -> {
          lock.lock();
          try {
            condition.await();
            return null;
          } catch (InterruptedException e) {
            return lock.isHeldByCurrentThread();
          } finally {
            lock.unlock();
          }
        });
    Thread thread = kind.start(waiter);
    SharedLockTest.awaitWaiting(thread);
    thread.interrupt();
    assertThat(waiter.get()).isTrue();
    lock.lock();
    condition.signal(); // the one that left is not counted any more: nobody is there to wake
    assertThat(condition.await(5, MILLISECONDS)).isFalse();
    lock.unlock();
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void interruptIsKeptByAnUninterruptibleWait(Kind kind) throws Exception {
    var waiter =
        new FutureTask<>(() -> {
          lock.lock();
          condition.awaitUninterruptibly();
          lock.unlock();
          return Thread.currentThread().isInterrupted();
        });
    Thread thread = kind.start(waiter);
    SharedLockTest.awaitWaiting(thread);
    thread.interrupt();
    lock.lock();
    condition.signal();
    lock.unlock();
    assertThat(waiter.get()).isTrue();
  }

  @Test
  void copyBringsItsLock() throws Exception {
    var copy = (SharedCondition) SharedLockTest.sentObject(condition);
    assertThat(copy.lock()).isNotSameAs(lock);
    assertThat(copy).hasToString("SharedCondition[of of-test]");
    List<Thread> waiters = startWaiters(Kind.PLATFORM, 1);
    copy.lock().lock();
    copy.signal();
    copy.lock().unlock();
    join(waiters);
  }

  @Test
  void whoWaitsForADestroyedOneIsTold() throws Exception {
    var waiter =
        new FutureTask<>(() -> {
          lock.lock();
          try {
            condition.await();
            return null;
          } finally {
            lock.unlock();
          }
        });
    SharedLockTest.awaitWaiting(Kind.PLATFORM.start(waiter));
    condition.destroy();
    assertThatThrownBy(waiter::get).rootCause().hasMessageContaining("destroyed");
    assertThat(lock.isLocked()).isFalse();
  }

  @Test
  void givesItsCellBack() {
    int before = Session.current().directory().inUse();
    for (int i = 0; i < 10_000; i++) {
      lock.newCondition().close();
    }
    assertThat(Session.current().directory().inUse()).isLessThanOrEqualTo(before);
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void twoThreadsTakeTurns(Kind kind) throws Exception {
    int[] turn = {0};
    Thread even = kind.start(() -> takeTurns(turn, 0));
    Thread odd = kind.start(() -> takeTurns(turn, 1));
    join(List.of(even, odd));
    assertThat(turn[0]).isEqualTo(2_000);
  }

  private void takeTurns(int[] turn, int mine) {
    for (int i = 0; i < 1_000; i++) {
      lock.lock();
      while (turn[0] % 2 != mine) {
        condition.awaitUninterruptibly();
      }
      turn[0]++;
      condition.signal();
      lock.unlock();
    }
  }

  private List<Thread> startWaiters(Kind kind, int count) {
    var threads = new ArrayList<Thread>();
    for (int i = 0; i < count; i++) {
      Thread thread =
          kind.start(() -> {
            lock.lock();
            condition.awaitUninterruptibly();
            returned.incrementAndGet();
            lock.unlock();
          });
      SharedLockTest.awaitWaiting(thread);
      threads.add(thread);
    }
    return threads;
  }

  private static void join(List<Thread> threads) throws InterruptedException {
    for (Thread thread : threads) {
      assertThat(thread.join(Deadlines.LONG)).isTrue();
    }
  }
}
