package io.procession.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.internal.arena.FailPoint;
import io.procession.sync.SharedCondition;
import io.procession.sync.SharedReentrantLock;
import io.procession.testing.Deadlines;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A process dies that holds a reentrant lock several times, after each change of its holds. Who takes
/// the lock over holds it once.
@SuppressWarnings({
  "LockNotBeforeTry", // a test that fails may leave its lock taken
  "WaitNotInLoop" // whoever dies waits for nothing
})
@Tag("platforms")
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class ReentrantLockCrashIT {
  private final Base base = Base.now();
  private final SharedReentrantLock lock = SharedReentrantLock.create("mortal");
  private final SharedCondition condition = lock.newCondition();

  @AfterEach
  void nothingIsLeft() {
    condition.destroy();
    lock.destroy();
    base.awaitAgain();
  }

  /// First and second hold more, one less, none for a wait, and one again after it.
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5})
  void whoTakesItFromTheDeadHoldsItOnce(int change) throws Exception {
    SharedReentrantLock itsLock = lock;
    SharedCondition itsCondition = condition;
    Doomed.dieAt(
        FailPoint.LOCK_HOLDS_CHANGED,
        change,
        () -> {
          itsLock.lock();
          itsLock.lock();
          itsLock.lock();
          itsLock.unlock();
          boolean _ = itsCondition.await(1, TimeUnit.MILLISECONDS);
        });
    assertThat(lock.tryLock(Deadlines.LONG.toMillis(), TimeUnit.MILLISECONDS)).isTrue();
    assertThat(lock.holdCount()).isOne();
    assertThat(lock.ownerDeaths()).isOne();
    lock.unlock();
    assertThat(lock.isLocked()).isFalse();
  }
}
