package io.procession.sync;

import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// A place where a number of threads of several processes wait for each other, again and again,
/// whichever way it is shared: a [SharedBarrier] in the session's memory, or the proxy of one at a
/// manager's server.
///
/// ```java
/// static void work(Barrier together, List<Runnable> steps) throws Exception {
///   for (Runnable step : steps) {
///     step.run();
///     together.await();
///   }
/// }
/// ```
///
/// When as many have come as it has parties, all go on. It breaks, and all who wait for it get a
/// `BrokenBarrierException`, when one of them reaches its time limit, is interrupted or dies, when its
/// action throws, and by [#abort]. It stays broken until [#reset]. It is sent to other processes like
/// any object, and all copies are one barrier. Safe for all threads of all processes that have it.
///
/// Each method of a proxy is a call to the server, for whose answer it waits, and throws a
/// `ProcessException` if the server has ended. What a shared barrier throws is said there.
public interface Barrier {

  /// Comes to the barrier and waits until all have come.
  ///
  /// @return the arrival index: how many were still to come; 0 for the last
  /// @throws BrokenBarrierException if the barrier is broken, or breaks
  /// @throws InterruptedException if the thread is interrupted before or while it waits; the barrier is
  ///     broken then
  /// @throws java.util.concurrent.CompletionException if the action was run for this thread and threw a
  ///     checked exception; an unchecked one is thrown itself
  int await() throws InterruptedException, BrokenBarrierException;

  /// Comes to the barrier and waits until all have come, up to a limit.
  ///
  /// @param time how long
  /// @param unit the unit of the time
  /// @return the arrival index: how many were still to come; 0 for the last
  /// @throws BrokenBarrierException if the barrier is broken, or breaks
  /// @throws TimeoutException if the limit was reached; the barrier is broken then
  /// @throws InterruptedException if the thread is interrupted before or while it waits; the barrier is
  ///     broken then
  /// @throws java.util.concurrent.CompletionException if the action was run for this thread and threw a
  ///     checked exception; an unchecked one is thrown itself
  int await(long time, TimeUnit unit)
      throws InterruptedException, BrokenBarrierException, TimeoutException;

  /// Breaks the barrier for all, until [#reset]. Does not wait for others.
  void abort();

  /// Makes the barrier whole again, with nobody at it. It breaks for those who wait. Does not wait for
  /// others.
  void reset();

  /// True if the barrier is broken.
  ///
  /// @return whether it is, at some moment of this call
  boolean isBroken();

  /// How many wait for each other.
  ///
  /// @return the number of parties
  int parties();

  /// How many are at the barrier.
  ///
  /// @return the number at some moment of this call
  int waiting();
}
