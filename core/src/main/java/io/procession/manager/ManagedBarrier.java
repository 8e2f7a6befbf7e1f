package io.procession.manager;

import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// A barrier of a manager: its parties wait for each other. A party that dies, is interrupted or runs
/// out of time while it waits breaks it. Safe for all threads of all processes that have it.
public interface ManagedBarrier {

  /// Waits until all parties are here.
  ///
  /// @return the order of arrival: parties - 1 for the first, 0 for the last
  /// @throws BrokenBarrierException if the barrier is or gets broken
  /// @throws InterruptedException if the thread is interrupted while it waits
  /// @throws java.util.concurrent.CompletionException if the action was run for this thread and that threw a
  ///     checked exception; an unchecked one is thrown itself
  int await() throws InterruptedException, BrokenBarrierException;

  /// Waits until all parties are here, up to a limit.
  ///
  /// @param time how long
  /// @param unit of that time
  /// @return the order of arrival: parties - 1 for the first, 0 for the last
  /// @throws BrokenBarrierException if the barrier is or gets broken
  /// @throws TimeoutException if the time has passed; the barrier is broken then
  /// @throws InterruptedException if the thread is interrupted while it waits
  /// @throws java.util.concurrent.CompletionException if the action was run for this thread and that threw a
  ///     checked exception; an unchecked one is thrown itself
  int await(long time, TimeUnit unit)
      throws InterruptedException, BrokenBarrierException, TimeoutException;

  /// Breaks the barrier.
  void abort();

  /// Makes the barrier as new; those that wait find it broken.
  void reset();

  /// Whether the barrier is broken.
  ///
  /// @return whether
  boolean isBroken();

  /// How many parties there are.
  ///
  /// @return the number
  int parties();

  /// How many of them wait.
  ///
  /// @return a number that may have changed already
  int waiting();
}
