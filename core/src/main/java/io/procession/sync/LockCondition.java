package io.procession.sync;

import io.procession.internal.posix.Until;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.function.BooleanSupplier;

/// A condition that knows its lock, and for which threads of several processes wait, whichever way it is
/// shared: a [SharedCondition] in the session's memory, or the proxy of one at a manager's server.
///
/// ```java
/// static void takeThree(LockCondition changed, Value<Integer> stock) throws InterruptedException {
///   changed.lock().lock();
///   try {
///     changed.awaitUntil(() -> stock.get() >= 3);
///     stock.set(stock.get() - 3);
///   } finally {
///     changed.lock().unlock();
///   }
/// }
/// ```
///
/// A wait gives the lock up and has it again when it ends, in whatever way. It may end for no reason:
/// wait in a loop, which [#awaitUntil(BooleanSupplier)] is. A process that dies while it waits swallows
/// no signal. A condition is sent to other processes like any object, and all copies are one. Safe for
/// all threads of all processes that have it.
///
/// All methods but [#lock] throw `IllegalMonitorStateException` if the calling thread does not hold the
/// lock. Each method of a proxy is a call to the server, for whose answer it waits, and throws a
/// `ProcessException` if the server has ended. What a shared condition throws is said there.
public interface LockCondition extends Condition {

  /// The lock that it belongs to.
  ///
  /// @return the lock
  QueryableLock lock();

  /// Lets some of those who wait go on, one after the other, as soon as they get the lock.
  ///
  /// @param count how many at most
  /// @throws IllegalArgumentException if the number is negative
  void signal(int count);

  /// Gives the lock up and waits for signals until something is so, and takes the lock again each time
  /// before it looks.
  ///
  /// @param predicate what is waited for; asked in this process, by this thread, with the lock held, at
  ///     first before any wait
  /// @throws InterruptedException if the thread is interrupted while it waits
  default void awaitUntil(BooleanSupplier predicate) throws InterruptedException {
    signal(0); // who does not hold the lock is told so, whatever the predicate says
    while (!predicate.getAsBoolean()) {
      await();
    }
  }

  /// As [#awaitUntil(BooleanSupplier)], up to a limit.
  ///
  /// @param predicate what is waited for; asked in this process, by this thread, with the lock held, at
  ///     first before any wait
  /// @param time how long
  /// @param unit the unit of the time
  /// @return what the predicate last said: false if the limit was reached
  /// @throws InterruptedException if the thread is interrupted while it waits
  default boolean awaitUntil(BooleanSupplier predicate, long time, TimeUnit unit)
      throws InterruptedException {
    long deadline = Until.after(unit.toNanos(time));
    signal(0);
    while (!predicate.getAsBoolean()) {
      if (!await(Until.nanosLeft(deadline), TimeUnit.NANOSECONDS)) {
        return predicate.getAsBoolean();
      }
    }
    return true;
  }
}
