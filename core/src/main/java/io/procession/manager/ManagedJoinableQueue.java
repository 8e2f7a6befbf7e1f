package io.procession.manager;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;

/// A queue of a manager whose users say when they are done with what they took. Elements that are
/// removed otherwise (`clear`, `remove(element)`, `removeIf`, `removeAll`, `retainAll`) are done with then.
///
/// @param <E> the type of the elements
public interface ManagedJoinableQueue<E> extends BlockingQueue<E> {

  /// Says that one element that was taken is done with.
  ///
  /// @throws IllegalStateException if it was said more often than elements were put
  void taskDone();

  /// Waits until all elements that were put are done with.
  ///
  /// @throws InterruptedException if the thread is interrupted while it waits
  void join() throws InterruptedException;

  /// Waits until all elements that were put are done with, up to a limit.
  ///
  /// @param limit how long
  /// @return whether they are
  /// @throws InterruptedException if the thread is interrupted while it waits
  boolean join(Duration limit) throws InterruptedException;

  /// How many elements are not done with.
  ///
  /// @return a number that may have changed already
  long unfinishedTasks();
}
