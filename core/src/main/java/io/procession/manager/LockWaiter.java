package io.procession.manager;

import io.procession.internal.remote.Caller;
import io.procession.internal.remote.Deferred;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// Who waits for a managed lock, or for a condition of it: a call that is answered when it has the lock,
/// or a thread of the server. What is not final is guarded by the lock's monitor, but for what a thread
/// of the server looks at.
final class LockWaiter {
  /// Why it does not wait for the condition any more.
  enum End {
    SIGNALLED,
    INTERRUPTED,
    LATE
  }

  final Caller caller;

  /// How often it holds the lock once it has it.
  final int holds;

  private final @Nullable Deferred deferred;
  private final Thread thread = Thread.currentThread();

  /// The condition that it waits for, and that it has waited for; null if only for the lock.
  final @Nullable ServedCondition condition;

  volatile @Nullable End end;
  private volatile boolean hasLock;
  private volatile boolean isGone; // set before hasLock

  LockWaiter(
      Caller caller, int holds, @Nullable ServedCondition condition, @Nullable Deferred deferred) {
    this.caller = caller;
    this.holds = holds;
    this.condition = condition;
    this.deferred = deferred;
  }

  /// It has the lock now.
  void wake() {
    hasLock = true;
    if (deferred == null) {
      LockSupport.unpark(thread);
    } else if (end == End.INTERRUPTED) {
      deferred.fail(new InterruptedException("interrupted while waiting for the condition"));
    } else {
      deferred.complete(null);
    }
  }

  /// Its process is gone, and the lock somebody else's: a thread of the server waits no longer. A call
  /// that is answered later has nobody to be answered.
  void giveUp() {
    if (deferred == null) {
      isGone = true;
      wake();
    }
  }

  /// Once it waits no longer.
  ///
  /// @throws IllegalStateException if it was given up, and has no lock
  void requireAlive() {
    if (isGone) {
      throw new IllegalStateException("the caller is gone: " + caller);
    }
  }

  /// Whether it waits no longer.
  boolean hasLock() {
    return hasLock;
  }
}
