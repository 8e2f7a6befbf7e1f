package io.procession.sync;

import java.util.concurrent.TimeUnit;

/// A flag for which threads of several processes wait, whichever way it is shared: a [SharedEvent] in
/// the session's memory, or the proxy of one at a manager's server.
///
/// ```java
/// static void report(Event ready) throws InterruptedException {
///   ready.await();
///   System.out.println("ready");
/// }
/// ```
///
/// Whoever waits while it is set, or when it becomes so, goes on, also if it is cleared right after. A
/// process that dies leaves the event as it is, set or not. It is sent to other processes like any
/// object, and all copies are one event. Safe for all threads of all processes that have it.
///
/// Each method of a proxy is a call to the server, for whose answer it waits, and throws a
/// `ProcessException` if the server has ended. What a shared event throws is said there.
public interface Event {

  /// True if the event is set. Does not wait for others.
  ///
  /// @return whether it is, at some moment of this call
  boolean isSet();

  /// Sets the event: all who wait go on. Does nothing if it is set. Does not wait for others.
  void set();

  /// Takes the event back: who waits from now on waits for the next time that it is set. Does not wait
  /// for others.
  void clear();

  /// Waits until the event is set.
  ///
  /// @throws InterruptedException if the thread is interrupted before or while it waits
  void await() throws InterruptedException;

  /// Waits until the event is set, up to a limit.
  ///
  /// @param time how long; not more than zero means not to wait
  /// @param unit the unit of the time
  /// @return false if the limit was reached
  /// @throws InterruptedException if the thread is interrupted before or while it waits
  boolean await(long time, TimeUnit unit) throws InterruptedException;
}
