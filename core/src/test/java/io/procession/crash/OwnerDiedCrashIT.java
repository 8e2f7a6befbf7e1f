package io.procession.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.procession.internal.arena.FailPoint;
import io.procession.process.JvmProcess;
import io.procession.queue.SharedQueue;
import io.procession.serial.SerializableRunnable;
import io.procession.sync.LockOptions;
import io.procession.sync.OwnerDiedException;
import io.procession.sync.SharedCondition;
import io.procession.sync.SharedLock;
import io.procession.sync.SharedReentrantLock;
import io.procession.testing.Deadlines;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Locks that fail after the death of an owner refuse everybody until they are recovered, wherever the
/// owner, who took over from it, or who recovers is killed.
@SuppressWarnings({
  "LockNotBeforeTry", // a test that fails may leave its lock taken
  "WaitNotInLoop" // what ends a wait is what is tested
})
@Tag("platforms")
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class OwnerDiedCrashIT {
  private final Base base = Base.now();
  private final List<Runnable> ends = new ArrayList<>();

  enum Kind {
    PLAIN,
    REENTRANT
  }

  /// A lock of either kind.
  private interface Subject {
    Lock lock();

    boolean recover(Runnable repair);

    int ownerDeaths();

    boolean isLocked();

    boolean isHeld();
  }

  private Subject subject(Kind kind) {
    LockOptions options = LockOptions.defaults().withFailOnOwnerDeath(true);
    Subject subject =
        kind == Kind.PLAIN
            ? new Plain(SharedLock.create("careful", options))
            : new Reentrant(SharedReentrantLock.create("careful", options));
    ends.add(
        subject instanceof Plain plain ? plain.lock::destroy : ((Reentrant) subject).lock::destroy);
    return subject;
  }

  private record Plain(SharedLock lock) implements Subject {
    @Override
    public boolean recover(Runnable repair) {
      return lock.recover(repair);
    }

    @Override
    public int ownerDeaths() {
      return lock.ownerDeaths();
    }

    @Override
    public boolean isLocked() {
      return lock.isLocked();
    }

    @Override
    public boolean isHeld() {
      return lock.isHeldByCurrentThread();
    }
  }

  private record Reentrant(SharedReentrantLock lock) implements Subject {
    @Override
    public boolean recover(Runnable repair) {
      return lock.recover(repair);
    }

    @Override
    public int ownerDeaths() {
      return lock.ownerDeaths();
    }

    @Override
    public boolean isLocked() {
      return lock.isLocked();
    }

    @Override
    public boolean isHeld() {
      return lock.isHeldByCurrentThread();
    }
  }

  @AfterEach
  void nothingIsLeft() {
    ends.forEach(Runnable::run);
    base.awaitAgain();
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void refusesInEveryFormUntilRecovered(Kind kind) throws Exception {
    Subject subject = subject(kind);
    Lock lock = subject.lock();
    assertThat(subject.recover(() -> fail("nothing is damaged"))).isFalse();
    Doomed.dieAt(FailPoint.LOCK_TAKEN, 1, lock::lock);
    List<ThrowingCallable> forms =
        List.of(
            lock::lock,
            lock::tryLock,
            lock::lockInterruptibly,
            () -> lock.tryLock(1, TimeUnit.SECONDS));
    for (ThrowingCallable form : forms) {
      refused(form);
      assertThat(subject.isLocked()).isFalse();
    }
    FutureTask<Void> elsewhere = new FutureTask<>(lock::lock, null);
    Thread.ofVirtual().start(elsewhere);
    assertThatThrownBy(elsewhere::get).hasCauseInstanceOf(OwnerDiedException.class);

    assertThatThrownBy(() -> subject.recover(() -> fail("no repair")))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("no repair");
    refused(lock::lock);
    List<Boolean> heldInRepair = new ArrayList<>();
    assertThat(subject.recover(() -> heldInRepair.add(subject.isHeld()))).isTrue();
    assertThat(heldInRepair).containsExactly(true);
    assertThat(subject.isLocked()).isFalse();

    lock.lock();
    assertThat(subject.recover(() -> fail("recovered before"))).isFalse();
    assertThat(subject.isHeld()).isTrue();
    lock.unlock();
    assertThat(subject.ownerDeaths()).isOne();
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void whoComesInThePlaceOfTheDeadIsToldOfItAsWell(Kind kind) throws Exception {
    Lock lock = subject(kind).lock();
    SharedQueue<String> told = SharedQueue.create();
    Doomed.dieAt(FailPoint.LOCK_TAKEN, 1, lock::lock);
    for (int i = 0; i < 2; i++) {
      JvmProcess successor =
          JvmProcess.of(
              "successor",
              () -> {
                try {
                  lock.lock();
                } catch (OwnerDiedException e) {
                  told.put(String.valueOf(e.getMessage()));
                }
              });
      successor.start();
      assertThat(told.poll(Deadlines.LONG.toMillis(), TimeUnit.MILLISECONDS))
          .contains("lock=careful, owner=pid ", " (doomed), killed by SIGKILL, ownerDeaths=1;");
      successor.close();
    }
    told.destroy();
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void whoDiesAtTheNewsTakesItAlongToNobody(Kind kind) throws Exception {
    Subject subject = subject(kind);
    Lock lock = subject.lock();
    Doomed.dieAt(FailPoint.LOCK_TAKEN, 1, lock::lock);
    Doomed.dieAt(FailPoint.LOCK_TAKEN_FROM_DEAD, 1, lock::lock);
    Doomed.dieAt(FailPoint.LOCK_DAMAGE_MARKED, 1, lock::lock);
    refused(lock::lock);
    recover(subject);
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void whoDiesWhileItRecoversLeavesThatToTheNext(Kind kind) throws Exception {
    Subject subject = subject(kind);
    Lock lock = subject.lock();
    Doomed.dieAt(FailPoint.LOCK_TAKEN, 1, lock::lock);
    Doomed.dieAt(FailPoint.LOCK_DAMAGE_CLEARED, 1, recovers(lock));
    refused(lock::lock);
    recover(subject);
    assertThat(subject.ownerDeaths()).isEqualTo(2);
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void allWhoWaitAreRefused(Kind kind) throws Exception {
    Subject subject = subject(kind);
    Lock lock = subject.lock();
    try (JvmProcess owner =
        JvmProcess.of(
            "owner",
            () -> {
              lock.lock();
              Thread.sleep(Deadlines.LONG);
            })) {
      owner.start();
      await().atMost(Deadlines.LONG).until(subject::isLocked);
      List<FutureTask<Void>> waiters = new ArrayList<>();
      for (Thread.Builder threads : List.of(Thread.ofPlatform(), Thread.ofVirtual())) {
        for (int i = 0; i < 3; i++) {
          FutureTask<Void> waiter = new FutureTask<>(lock::lock, null);
          waiters.add(waiter);
          threads.start(waiter);
        }
      }
      owner.kill();
      for (FutureTask<Void> waiter : waiters) {
        assertThatThrownBy(() -> waiter.get(Deadlines.LONG.toMillis(), TimeUnit.MILLISECONDS))
            .hasCauseInstanceOf(OwnerDiedException.class);
      }
    }
    recover(subject);
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void aWaitOnAConditionEndsWithTheLock(Kind kind) throws Exception {
    Subject subject = subject(kind);
    Lock lock = subject.lock();
    SharedCondition condition = (SharedCondition) lock.newCondition();
    ends.addFirst(condition::destroy);
    FutureTask<Boolean> waiter =
        new FutureTask<>(() -> {
          lock.lock();
          try {
            condition.await();
            return false;
          } catch (OwnerDiedException e) {
            return subject.isHeld() && subject.recover(() -> {}) && subject.isHeld();
          } finally {
            lock.unlock();
          }
        });
    Thread.ofVirtual().start(waiter);
    Doomed.dieAt(
        FailPoint.CONDITION_SIGNALLED,
        1,
        () -> {
          while (true) {
            lock.lock();
            condition.signal();
            lock.unlock();
          }
        });
    assertThat(waiter.get(Deadlines.LONG.toMillis(), TimeUnit.MILLISECONDS)).isTrue();
    lock.lock();
    lock.unlock();
  }

  private static SerializableRunnable recovers(Lock lock) {
    return () -> {
      if (lock instanceof SharedLock plain) {
        plain.recover(() -> {});
      } else {
        ((SharedReentrantLock) lock).recover(() -> {});
      }
    };
  }

  private static void recover(Subject subject) {
    assertThat(subject.recover(() -> {})).isTrue();
    subject.lock().lock();
    subject.lock().unlock();
  }

  private static void refused(ThrowingCallable form) {
    assertThatThrownBy(form)
        .isInstanceOf(OwnerDiedException.class)
        .hasMessageContaining("lock=careful, owner=pid ")
        .hasMessageContaining(" (doomed), killed by SIGKILL, ownerDeaths=");
  }

  private static void fail(String why) {
    throw new IllegalStateException(why);
  }
}
