package io.procession.sync;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.NANOSECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.procession.internal.arena.Session;
import io.procession.sync.SharedLockTest.Kind;
import io.procession.sync.SharedLockTest.ThrowingTask;
import io.procession.testing.Deadlines;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("platforms")
@SuppressWarnings({
  "LockNotBeforeTry", // a test that fails may leave its lock taken
  "WaitNotInLoop" // what ends a wait is what is tested
})
class SharedReentrantLockTest {
  private final SharedReentrantLock lock = SharedReentrantLock.create("of-test");

  @AfterEach
  void destroy() {
    lock.destroy();
  }

  @Test
  void isFreeWhenUnlockedAsOftenAsLocked() throws Exception {
    assertThat(lock.holdCount()).isZero();
    lock.lock();
    lock.lockInterruptibly();
    assertThat(lock.tryLock()).isTrue();
    assertThat(lock.tryLock(-1, NANOSECONDS)).isTrue();
    for (int holds = 4; holds > 0; holds--) {
      assertThat(lock.holdCount()).isEqualTo(holds);
      assertThat(lock.isHeldByCurrentThread()).isTrue();
      assertThat(SharedLockTest.askedElsewhere(lock::tryLock)).isFalse();
      lock.unlock();
    }
    assertThat(lock.holdCount()).isZero();
    assertThat(lock.isLocked()).isFalse();
    assertThat(lock.ownerDeaths()).isZero();
  }

  @Test
  void holdsAreThoseOfTheHolder() throws Exception {
    lock.lock();
    lock.lock();
    var others = new FutureTask<>(lock::holdCount);
    Thread.ofPlatform().start(others);
    assertThat(others.get()).isZero();
    assertThatThrownBy(() -> SharedLockTest.elsewhere(lock::unlock))
        .cause()
        .isInstanceOf(IllegalMonitorStateException.class)
        .hasMessageContaining(
            "only the thread that holds a lock may unlock it: lock=of-test, held by main (pid ");
    lock.unlock();
    lock.unlock();
    assertThatThrownBy(lock::unlock)
        .isInstanceOf(IllegalMonitorStateException.class)
        .hasMessageEndingWith("lock=of-test, free");
  }

  @Test
  void copiesCountTogether() {
    var copy = (SharedReentrantLock) SharedLockTest.sentObject(lock);
    lock.lock();
    copy.lock();
    assertThat(lock.holdCount()).isEqualTo(2);
    lock.unlock();
    lock.unlock();
    assertThat(copy.isLocked()).isFalse();
    assertThat(copy.name()).isEqualTo("of-test");
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void keepsThreadsApart(Kind kind) throws Exception {
    int[] count = {0};
    var threads = new ArrayList<Thread>();
    for (int i = 0; i < 4; i++) {
      threads.add(
          kind.start(() -> {
            for (int k = 0; k < 5_000; k++) {
              lock.lock();
              lock.lock();
              count[0]++;
              lock.unlock();
              count[0]++;
              lock.unlock();
            }
          }));
    }
    for (Thread thread : threads) {
      assertThat(thread.join(Deadlines.LONG)).isTrue();
    }
    assertThat(count[0]).isEqualTo(40_000);
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void timeAndInterruptEndAWait(Kind kind) throws Exception {
    lock.lock();
    var timed = new FutureTask<>(() -> lock.tryLock(20, MILLISECONDS));
    kind.start(timed);
    assertThat(timed.get()).isFalse();
    var interrupted =
        new FutureTask<>(() -> {
          lock.lockInterruptibly();
          return null;
        });
    Thread thread = kind.start(interrupted);
    SharedLockTest.awaitWaiting(thread);
    thread.interrupt();
    assertThatThrownBy(interrupted::get).hasCauseInstanceOf(InterruptedException.class);
    Thread.currentThread().interrupt();
    assertThatThrownBy(lock::lockInterruptibly).isInstanceOf(InterruptedException.class);
    assertThat(lock.holdCount()).isOne();
    lock.unlock();
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void awaitGivesUpAllHoldsAndHasThemAgain(Kind kind) throws Exception {
    SharedCondition condition = lock.newCondition();
    var held = new CountDownLatch(1);
    var waiter =
        new FutureTask<>(() -> {
          lock.lock();
          lock.lock();
          lock.lock();
          held.countDown();
          assertThat(condition.await(Deadlines.LONG.toMillis(), MILLISECONDS)).isTrue();
          int holds = lock.holdCount();
          lock.unlock();
          lock.unlock();
          lock.unlock();
          return holds;
        });
    kind.start(waiter);
    held.await();
    lock.lock();
    lock.lock();
    assertThat(lock.holdCount()).isEqualTo(2);
    condition.signal();
    lock.unlock();
    lock.unlock();
    assertThat(waiter.get()).isEqualTo(3);
    assertThat(lock.isLocked()).isFalse();
    condition.destroy();
  }

  @Test
  void aConditionsCopyBringsTheReentrantLock() throws Exception {
    SharedCondition condition = lock.newCondition();
    var copy = (SharedCondition) SharedLockTest.sentObject(condition);
    assertThat(copy.lock()).isInstanceOf(SharedReentrantLock.class).isNotSameAs(lock);
    assertThatThrownBy(copy::signal)
        .isInstanceOf(IllegalMonitorStateException.class)
        .hasMessageEndingWith("SharedReentrantLock[of-test, free]");
    lock.lock();
    copy.lock().lock();
    assertThat(copy.await(1, MILLISECONDS)).isFalse();
    assertThat(lock.holdCount()).isEqualTo(2);
    lock.unlock();
    lock.unlock();
    condition.destroy();
  }

  @Test
  void toStringNamesTheHolder() {
    lock.lock();
    lock.lock();
    assertThat(lock)
        .hasToString(
            "SharedReentrantLock[of-test, held by main (pid "
                + ProcessHandle.current().pid()
                + "), thread "
                + Thread.currentThread().threadId()
                + "]");
    lock.unlock();
    lock.unlock();
    assertThat(lock).hasToString("SharedReentrantLock[of-test, free]");
  }

  @Test
  void closedOrDestroyedItSaysSo() {
    var copy = (SharedReentrantLock) SharedLockTest.sentObject(lock);
    lock.lock();
    lock.close();
    assertThatThrownBy(lock::lock).hasMessageContaining("closed in this process: reentrantLock=");
    assertThat(lock).hasToString("SharedReentrantLock[of-test, closed]");
    lock.unlock();
    copy.lock();
    copy.destroy();
    for (ThrowingTask use :
        List.<ThrowingTask>of(
            copy::lock, copy::tryLock, copy::unlock, copy::holdCount, copy::newCondition)) {
      assertThatThrownBy(use::run)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("destroyed: reentrantLock");
    }
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void whoWaitsForADestroyedLockIsTold(Kind kind) throws Exception {
    lock.lock();
    var waiter = new FutureTask<>(lock::lock, null);
    SharedLockTest.awaitWaiting(kind.start(waiter));
    lock.destroy();
    assertThatThrownBy(waiter::get).rootCause().hasMessageContaining("destroyed");
  }

  @Test
  void givesItsCellBack() {
    int before = Session.current().directory().inUse();
    for (int i = 0; i < 10_000; i++) {
      SharedReentrantLock.create().close();
    }
    assertThat(Session.current().directory().inUse()).isLessThanOrEqualTo(before);
  }
}
