package io.procession.sync;

import java.util.concurrent.locks.Lock;

/// A lock of threads of several processes, whichever way it is shared, that says whether it is taken: a
/// [SharedLock] or [SharedReentrantLock] in the session's memory, or the proxy of one at a manager's
/// server.
///
/// The thread that holds it, and no other, gives it up; where its process has died, the next that asks for it
/// gets it, unless it is one that refuses then ([LockOptions#failOnOwnerDeath]). Whether its holder may
/// take it again is said where it is made. It is sent to other processes like any object, and all copies
/// are one lock. Safe for all threads of all processes that have it.
///
/// Each method of a proxy is a call to the server, for whose answer it waits, and throws a
/// `ProcessException` if the server has ended. What a shared lock throws is said there.
public interface QueryableLock extends Lock {

  /// True if some thread of some process holds the lock, or died with it. Does not wait for others.
  ///
  /// @return whether it is taken, at some moment of this call
  boolean isLocked();

  /// True if the calling thread holds the lock. Does not wait for others.
  ///
  /// @return whether it does
  boolean isHeldByCurrentThread();

  /// Creates a condition of this lock, which can be sent to other processes as the lock can.
  ///
  /// @return the condition
  @Override
  LockCondition newCondition();
}
