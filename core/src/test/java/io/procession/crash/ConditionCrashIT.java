package io.procession.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.internal.arena.FailPoint;
import io.procession.serial.SerializableRunnable;
import io.procession.sync.SharedCondition;
import io.procession.sync.SharedLock;
import io.procession.testing.Deadlines;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A process that waits on a condition or signals it is killed at each point where it leaves its
/// words in a state of their own. It always dies with the lock; the next gets it, and who waits can
/// be signalled.
@SuppressWarnings({
  "LockNotBeforeTry", // a test that fails may leave its lock taken
  "WaitNotInLoop" // what ends a wait is what is tested
})
@Timeout(value = 120, unit = TimeUnit.SECONDS)
@Tag("platforms")
class ConditionCrashIT {
  private final Base base = Base.now();
  private final SharedLock lock = SharedLock.create("mortal");
  private final SharedCondition condition = lock.newCondition();

  @AfterEach
  void nothingIsLeft() {
    condition.destroy();
    lock.destroy();
    base.awaitAgain();
  }

  @ParameterizedTest
  @EnumSource(names = {"CONDITION_ENTERED", "CONDITION_TAKEN", "CONDITION_LEFT"})
  void deadWaiterSwallowsNoSignal(FailPoint point) throws Exception {
    SharedLock itsLock = lock;
    SharedCondition itsCondition = condition;
    CountDownLatch dead = new CountDownLatch(1);
    FutureTask<Void> signaller =
        new FutureTask<>(() -> {
          while (point != FailPoint.CONDITION_ENTERED && !dead.await(10, TimeUnit.MILLISECONDS)) {
            signal();
          }
          return null;
        });
    Thread.ofPlatform().start(signaller);
    Doomed.dieAt(
        point,
        1,
        () -> {
          itsLock.lock();
          itsCondition.await();
        });
    dead.countDown();
    signaller.get(Deadlines.LONG.toMillis(), TimeUnit.MILLISECONDS);
    FutureTask<Boolean> waiter = startWaiter();
    signal();
    assertThat(waiter.get(Deadlines.LONG.toMillis(), TimeUnit.MILLISECONDS)).isTrue();
    assertThat(lock.ownerDeaths()).isOne();
  }

  @ParameterizedTest
  @EnumSource(names = {"CONDITION_GRANTED", "CONDITION_SIGNALLED"})
  void deadSignallerStrandsNobody(FailPoint point) throws Exception {
    FutureTask<Boolean> waiter = startWaiter();
    Doomed.dieAt(point, 1, signals(lock, condition));
    if (point == FailPoint.CONDITION_GRANTED) {
      signal(); // that one did not come to signal
    }
    assertThat(waiter.get(Deadlines.LONG.toMillis(), TimeUnit.MILLISECONDS)).isTrue();
    assertThat(lock.ownerDeaths()).isOne();
    FutureTask<Boolean> next = startWaiter();
    signal();
    assertThat(next.get(Deadlines.LONG.toMillis(), TimeUnit.MILLISECONDS)).isTrue();
  }

  private static SerializableRunnable signals(SharedLock lock, SharedCondition condition) {
    return () -> {
      lock.lock();
      condition.signal();
    };
  }

  /// Starts a thread that waits for a signal; returns when it does.
  private FutureTask<Boolean> startWaiter() throws InterruptedException {
    CountDownLatch locked = new CountDownLatch(1);
    FutureTask<Boolean> waiter =
        new FutureTask<>(() -> {
          lock.lock();
          try {
            locked.countDown();
            return condition.await(Deadlines.LONG.toMillis(), TimeUnit.MILLISECONDS);
          } finally {
            lock.unlock();
          }
        });
    Thread.ofVirtual().start(waiter);
    locked.await();
    lock.lock(); // can be had only once the waiter waits
    lock.unlock();
    return waiter;
  }

  private void signal() {
    lock.lock();
    try {
      condition.signal();
    } finally {
      lock.unlock();
    }
  }
}
