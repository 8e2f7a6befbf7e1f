package io.procession.queue;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;

/// A queue between processes whose takers say when each element is done, whichever way it is shared: a
/// [JoinableQueue] in the session's memory, or the proxy of one at a manager's server.
///
/// ```java
/// static void drain(TaskQueue<Page> pages) throws InterruptedException {
///   for (Page page = pages.poll(); page != null; page = pages.poll()) {
///     try {
///       render(page);
///     } finally {
///       pages.taskDone();
///     }
///   }
/// }
/// ```
///
/// An element is *unfinished* from the time it is put until [#taskDone] is called for it. One that is
/// removed untaken (`clear`, `remove(element)`, `removeIf`, `removeAll`, `retainAll`) is finished by that.
/// The two ways differ where a process dies with elements that it has taken: in memory these count as
/// finished; a server does not know who took what, and waits for [#taskDone].
///
/// It is sent to other processes like any object, and all copies are one queue. Safe for all threads of
/// all processes that have it. Each method of a proxy is a call to the server, for whose answer it
/// waits, and throws a `ProcessException` if the server has ended. What else there is to say of a
/// shared queue is said at [SharedQueue].
///
/// @param <E> the type of the elements
public interface TaskQueue<E> extends BlockingQueue<E> {

  /// Says that one element that was taken is done. Any thread of any process may. Does not wait for others.
  ///
  /// @throws IllegalStateException if it was called more often than elements were put. A shared queue,
  ///     which counts what was taken, also refuses it for what nobody has taken yet
  void taskDone();

  /// Waits until no element is unfinished.
  ///
  /// @throws InterruptedException if interrupted before or while waiting
  void join() throws InterruptedException;

  /// Waits until no element is unfinished, up to a limit.
  ///
  /// @param limit how long; zero or less only looks
  /// @return whether nothing was unfinished, at a moment before the limit
  /// @throws InterruptedException if interrupted before or while waiting
  boolean join(Duration limit) throws InterruptedException;

  /// How many elements are unfinished.
  ///
  /// @return the number at some moment of this call
  long unfinishedTasks();
}
