package io.procession.sync;

import java.util.concurrent.TimeUnit;

/// Permits for threads of several processes, whichever way they are shared: a [SharedSemaphore], a
/// [BoundedSharedSemaphore] or an [OwnedSemaphore] in the session's memory, or the proxy of a semaphore
/// at a manager's server.
///
/// ```java
/// static void use(CountingSemaphore slots, Runnable job) throws InterruptedException {
///   slots.acquire();
///   try {
///     job.run();
///   } finally {
///     slots.release();
///   }
/// }
/// ```
///
/// The kinds differ in who may release, and in what becomes of the permits of a process that dies: those
/// of an [OwnedSemaphore] belong to their process and come back; with all others nobody owns a permit,
/// anybody may release, and what the dead had is gone. A semaphore is sent to other processes like any
/// object, and all copies are one. Safe for all threads of all processes that have it.
///
/// All methods that take a number of permits throw `IllegalArgumentException` if it is negative. Each
/// method of a proxy is a call to the server, for whose answer it waits, and throws a `ProcessException`
/// if the server has ended. What a shared semaphore throws is said there.
public interface CountingSemaphore {

  /// Takes one permit, waiting as long as it takes.
  ///
  /// @throws InterruptedException if the thread is interrupted before or while it waits; it has taken
  ///     nothing then
  void acquire() throws InterruptedException;

  /// Takes permits, all at once, waiting as long as it takes.
  ///
  /// @param permits how many
  /// @throws InterruptedException if the thread is interrupted before or while it waits; it has taken
  ///     nothing then
  void acquire(int permits) throws InterruptedException;

  /// Takes one permit if there is one at this moment. Does not wait for others.
  ///
  /// @return whether it did
  boolean tryAcquire();

  /// Takes permits if there are so many at this moment. Does not wait for others.
  ///
  /// @param permits how many
  /// @return whether it did; it has taken none if not
  boolean tryAcquire(int permits);

  /// Takes one permit, waiting for it up to a limit.
  ///
  /// @param time how long; not more than zero means not to wait
  /// @param unit the unit of the time
  /// @return whether it did
  /// @throws InterruptedException if the thread is interrupted before or while it waits; it has taken
  ///     nothing then
  boolean tryAcquire(long time, TimeUnit unit) throws InterruptedException;

  /// Takes permits, all at once, waiting for them up to a limit.
  ///
  /// @param permits how many
  /// @param time how long; not more than zero means not to wait
  /// @param unit the unit of the time
  /// @return whether it did; it has taken none if not
  /// @throws InterruptedException if the thread is interrupted before or while it waits; it has taken
  ///     nothing then
  boolean tryAcquire(int permits, long time, TimeUnit unit) throws InterruptedException;

  /// Takes all permits that are there at this moment. Does not wait for others.
  ///
  /// @return how many it took
  int drainPermits();

  /// Brings one permit. Does not wait for others.
  ///
  /// @throws IllegalStateException if there are as many as there can be, of a bounded semaphore as at
  ///     first; nothing has changed then
  /// @throws IllegalMonitorStateException if the semaphore's permits are owned, and this process has none
  void release();

  /// Brings permits. Does not wait for others.
  ///
  /// @param permits how many
  /// @throws IllegalStateException if there would be more than there can be, of a bounded semaphore than
  ///     at first; nothing has changed then
  /// @throws IllegalMonitorStateException if the semaphore's permits are owned, and this process has
  ///     fewer; nothing has changed then
  void release(int permits);

  /// How many permits there are to be taken.
  ///
  /// @return the number at some moment of this call
  int availablePermits();
}
