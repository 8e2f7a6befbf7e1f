package io.procession.sync;

/// A lock with [LockOptions#failOnOwnerDeath] was asked for after a process had died with it.
///
/// The thread that gets this does not have the lock, unless it was thrown by a wait on a condition.
/// The lock goes on to refuse everybody, in all processes, until what it protects has been put right
/// by [SharedLock#recover] or [SharedReentrantLock#recover].
public final class OwnerDiedException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  OwnerDiedException(String lock, String owner, int deaths) {
    super(
        "a process died with the lock, and what it protects may be half changed: lock="
            + lock
            + ", owner="
            + owner
            + ", ownerDeaths="
            + deaths
            + "; put that right in lock.recover(repair)");
  }
}
