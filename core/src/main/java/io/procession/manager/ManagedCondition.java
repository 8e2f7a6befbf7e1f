package io.procession.manager;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;

/// A condition of a manager. Who waits or signals holds its lock.
public interface ManagedCondition extends Condition {

  /// The lock that belongs to it.
  ///
  /// @return the lock
  Lock lock();
}
