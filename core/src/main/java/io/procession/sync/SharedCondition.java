package io.procession.sync;

import io.procession.internal.arena.CellKind;
import io.procession.internal.arena.CellRef;
import io.procession.internal.arena.Session;
import io.procession.internal.arena.Waiting;
import io.procession.internal.check.Require;
import io.procession.internal.posix.Interruption;
import io.procession.internal.posix.Until;
import io.procession.serial.Handle;
import java.lang.ref.Reference;
import java.util.Date;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/// A condition of a [SharedLock] or [SharedReentrantLock]: threads of all processes wait for it and
/// signal it.
///
/// It is sent to other processes like any object, and brings its lock along ([#lock]); all copies are
/// one condition. As with every condition, a wait may end for no reason: wait in a loop.
///
/// A process that dies while it waits swallows no signal; one that dies while it signals may have
/// signalled. A wait gives the lock up, all holds of a reentrant one, and when it ends, in whatever
/// way, has it again as often as before.
///
/// If a process died with a lock that fails then ([LockOptions#failOnOwnerDeath]), a wait ends with
/// [OwnerDiedException]; the thread has the lock, to recover or to give up.
///
/// All methods but [#toString] and [#close] throw `IllegalMonitorStateException` if the calling thread
/// does not hold the lock, and `IllegalStateException` once the condition is closed in this process
/// or destroyed in any.
public final class SharedCondition extends SyncObject implements LockCondition {
  private static final long serialVersionUID = 1L;

  /// How a wait ended.
  private enum End {
    SIGNALLED,
    TIMED_OUT,
    INTERRUPTED,
    DESTROYED
  }

  private final transient ConditionWord word;
  private final transient OwnedLock lock;

  /// Makes a condition of a lock.
  SharedCondition(Session session, OwnedLock lock) {
    super(session, CellKind.CONDITION, lock.name());
    this.lock = lock;
    this.word = new ConditionWord(session, attachment.ref().cell());
    this.word.setLock(lock.attachment.ref(), lock.kind());
  }

  private SharedCondition(Session session, CellRef ref) {
    super(session, CellKind.CONDITION, ref);
    this.word = new ConditionWord(session, ref.cell());
    CellRef lockRef = word.lock(ref.session());
    int lockKind = word.lockKind();
    attachment.checkThere(); // what was read is its own
    this.lock = OwnedLock.attach(session, lockRef, lockKind);
  }

  /// What a handle becomes where it arrives.
  static SharedCondition attach(Handle handle) {
    return attach(Session.current(), SyncHandles.ref(handle));
  }

  static SharedCondition attach(Session session, CellRef ref) {
    return new SharedCondition(session, ref);
  }

  /// The lock that it belongs to.
  ///
  /// @return the lock, a `SharedLock` or `SharedReentrantLock`; where the condition was received from
  ///     another process, an object of its own
  @Override
  public QueryableLock lock() {
    return lock;
  }

  /// Gives the lock up, waits for a signal, and takes the lock again.
  ///
  /// @throws InterruptedException if the thread is interrupted before or while it waits
  @Override
  public void await() throws InterruptedException {
    waitInterruptibly(Waiting.forever());
  }

  /// Gives the lock up, waits for a signal, and takes the lock again. An interrupt does not end the
  /// wait.
  @Override
  public void awaitUninterruptibly() {
    finish(waitFor(Waiting.forever(), false));
  }

  /// Gives the lock up, waits for a signal up to a limit, and takes the lock again.
  ///
  /// @param nanos how long
  /// @return what is left of the limit; not more than zero if it was reached
  /// @throws InterruptedException if the thread is interrupted before or while it waits
  @Override
  public long awaitNanos(long nanos) throws InterruptedException {
    long deadline = Until.after(nanos);
    boolean signalled = waitInterruptibly(deadline);
    long left = deadline - System.nanoTime();
    return signalled ? left : Math.min(left, 0);
  }

  /// Gives the lock up, waits for a signal up to a limit, and takes the lock again.
  ///
  /// @param time how long
  /// @param unit the unit of the time
  /// @return false if the limit was reached
  /// @throws InterruptedException if the thread is interrupted before or while it waits
  @Override
  public boolean await(long time, TimeUnit unit) throws InterruptedException {
    return waitInterruptibly(Until.after(unit.toNanos(time)));
  }

  /// Gives the lock up, waits for a signal until a point in time, and takes the lock again.
  ///
  /// @param deadline when, by the system's clock as it is now
  /// @return false if the time has come
  /// @throws InterruptedException if the thread is interrupted before or while it waits
  @Override
  @SuppressWarnings("JavaUtilDate") // Condition says so
  public boolean awaitUntil(Date deadline) throws InterruptedException {
    long now = System.currentTimeMillis();
    long millis = Math.max(deadline.getTime(), now) - now;
    return waitInterruptibly(Until.after(TimeUnit.MILLISECONDS.toNanos(millis)));
  }

  /// Gives the lock up and waits for signals until something is so, and takes the lock again each time
  /// before it looks.
  ///
  /// @param predicate what is waited for, asked with the lock held; at first before any wait
  /// @throws InterruptedException if the thread is interrupted while it waits
  @Override
  public void awaitUntil(BooleanSupplier predicate) throws InterruptedException {
    requireLock();
    while (!predicate.getAsBoolean()) {
      waitInterruptibly(Waiting.forever());
    }
  }

  /// As [#awaitUntil(BooleanSupplier)], up to a limit.
  ///
  /// @param predicate what is waited for, asked with the lock held; at first before any wait
  /// @param time how long
  /// @param unit the unit of the time
  /// @return what the predicate last said: false if the limit was reached
  /// @throws InterruptedException if the thread is interrupted while it waits
  @Override
  public boolean awaitUntil(BooleanSupplier predicate, long time, TimeUnit unit)
      throws InterruptedException {
    requireLock();
    long deadline = Until.after(unit.toNanos(time));
    while (!predicate.getAsBoolean()) {
      if (!waitInterruptibly(deadline)) {
        return predicate.getAsBoolean();
      }
    }
    return true;
  }

  /// Lets one of those who wait go on, as soon as it gets the lock.
  @Override
  public void signal() {
    signalTo(1);
  }

  /// Lets some of those who wait go on, one after the other.
  ///
  /// @param count how many at most
  /// @throws IllegalArgumentException if the number is negative
  @Override
  public void signal(int count) {
    Require.notNegative("count", count);
    signalTo(count);
  }

  /// Lets all who wait go on, one after the other.
  @Override
  public void signalAll() {
    signalTo(Integer.MAX_VALUE);
  }

  /// The lock's name: `SharedCondition[of lock-1]`.
  @Override
  public String toString() {
    return "SharedCondition[of " + lock.name() + "]";
  }

  private void signalTo(int count) {
    requireLock();
    try {
      word.signal(count);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  private boolean waitInterruptibly(long deadline) throws InterruptedException {
    requireLock();
    Interruption.checkInterrupt();
    End end = waitFor(deadline, true);
    if (end == End.INTERRUPTED) {
      throw Interruption.thrown();
    }
    return finish(end);
  }

  private boolean finish(End end) {
    if (end == End.DESTROYED) {
      attachment.check();
    }
    lock.requireSound();
    return end == End.SIGNALLED;
  }

  /// Returns with the lock held.
  private End waitFor(long deadline, boolean interruptible) {
    requireLock();
    int entered = word.enter();
    try {
      while (true) {
        int holds = lock.giveUp();
        End end;
        try {
          end = sleep(entered, deadline, interruptible);
        } catch (RuntimeException | Error e) {
          lock.takeBack(holds); // an error, too, finds the caller with the lock
          if (attachment.isThere() && !word.take(entered)) {
            word.leave();
          }
          throw e;
        }
        lock.takeBack(holds);
        if (end == End.DESTROYED) {
          return end;
        }
        if (word.take(entered)) {
          if (end == End.INTERRUPTED) {
            Thread.currentThread().interrupt(); // signalled all the same: for the caller to see
          }
          return End.SIGNALLED;
        }
        if (end != End.SIGNALLED) {
          word.leave();
          return end;
        }
      }
    } finally {
      Reference.reachabilityFence(this); // or the cleaner might free the cell in the midst
    }
  }

  /// Sleeps, without the lock, until there seems to be a signal to take.
  private End sleep(int entered, long deadline, boolean interruptible) {
    Waiting waiting = attachment.session().waiting();
    while (true) {
      int heard = waiting.bell();
      int seen = word.sequence();
      if (!attachment.isThere()) {
        return End.DESTROYED;
      }
      if (word.mayTake(entered)) {
        return End.SIGNALLED;
      }
      if (deadline - System.nanoTime() <= 0) {
        return End.TIMED_OUT;
      }
      if (word.comesSoon(seen)) {
        continue;
      }
      try {
        word.await(seen, heard, deadline, interruptible);
      } catch (InterruptedException e) {
        return End.INTERRUPTED;
      }
    }
  }

  private void requireLock() {
    attachment.check();
    if (!lock.isHeldByCurrentThread()) {
      throw new IllegalMonitorStateException(
          "only the thread that holds its lock may use a condition: " + lock);
    }
  }

  /// The lock is sent along.
  @Override
  void markSent() {
    super.markSent();
    lock.markSent();
  }

  @Override
  void wakeAll() {
    word.wakeAll();
  }

  private Object writeReplace() {
    lock.attachment.check();
    return SyncHandles.of(this);
  }
}
