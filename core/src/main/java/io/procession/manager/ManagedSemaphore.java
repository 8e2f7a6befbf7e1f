package io.procession.manager;

import java.util.concurrent.TimeUnit;

/// A semaphore of a manager. Nobody owns its permits: anybody may release, and a process that dies
/// gives nothing back. Safe for all threads of all processes that have it.
public interface ManagedSemaphore {

  /// Takes a permit, waiting for one.
  ///
  /// @throws InterruptedException if the thread is interrupted while it waits; it has no permit then
  void acquire() throws InterruptedException;

  /// Takes permits, all at once, waiting for them.
  ///
  /// @param permits how many, not negative
  /// @throws InterruptedException if the thread is interrupted while it waits; it has none then
  void acquire(int permits) throws InterruptedException;

  /// Takes a permit if there is one now.
  ///
  /// @return whether it was taken
  boolean tryAcquire();

  /// Takes a permit, waiting for one up to a limit.
  ///
  /// @param time how long
  /// @param unit of that time
  /// @return whether it was taken
  /// @throws InterruptedException if the thread is interrupted while it waits; it has none then
  boolean tryAcquire(long time, TimeUnit unit) throws InterruptedException;

  /// Gives a permit back.
  ///
  /// @throws IllegalStateException if the semaphore is bounded and has all its permits
  void release();

  /// Gives permits back.
  ///
  /// @param permits how many, not negative
  /// @throws IllegalStateException if the semaphore is bounded and would have more than at first
  void release(int permits);

  /// How many permits there are now.
  ///
  /// @return a number that may have changed already
  int availablePermits();
}
