package io.procession.manager;

import java.util.concurrent.TimeUnit;

/// A flag of a manager that processes wait for. Safe for all threads of all processes that have it.
public interface ManagedEvent {

  /// Whether it is set.
  ///
  /// @return whether
  boolean isSet();

  /// Sets it: all that wait go on.
  void set();

  /// Clears it: who waits from now on has to wait.
  void clear();

  /// Waits until it is set.
  ///
  /// @throws InterruptedException if the thread is interrupted while it waits
  void await() throws InterruptedException;

  /// Waits until it is set, up to a limit.
  ///
  /// @param time how long
  /// @param unit of that time
  /// @return whether it was set
  /// @throws InterruptedException if the thread is interrupted while it waits
  boolean await(long time, TimeUnit unit) throws InterruptedException;
}
