package io.procession.queue;

import io.procession.serial.NotSendableException;
import java.io.Serializable;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// What all queues between processes can do, for code that takes any of them.
///
/// | queue | bound | is a `BlockingQueue` | beside |
/// |---|---|---|---|
/// | [SharedQueue] | none, or a number of elements | yes | |
/// | [JoinableQueue] | the same | yes | knows what is still to be done |
/// | [SimpleQueue] | none | [view][#asBlockingQueue] | |
/// | [PipeQueue] | a pipe's memory, and a number of elements | view | |
/// | [PosixQueue] | the system's | view | priorities; kept by the kernel |
/// | [BufferedQueue] | none, before any of these | yes | a thread that sends |
///
/// Elements are copied by value: they must be serializable. Nulls are refused. Those that one thread puts
/// are taken in that order, but for priorities. A queue can be sent to other processes of the session, and
/// is safe for use by all threads of all processes.
///
/// @param <E> the type of the elements
public sealed interface ProcessQueue<E> extends Serializable, AutoCloseable
    permits RingQueue, SimpleQueue, PipeQueue, PosixQueue, BufferedQueue {

  /// The name it has in messages.
  ///
  /// @return the name
  String name();

  /// Inserts an element, waiting for room.
  ///
  /// @param element what to insert, not null
  /// @throws InterruptedException if interrupted before or while waiting; nothing was inserted
  /// @throws NotSendableException if the element cannot be sent
  /// @throws IllegalStateException if the queue is closed, shut down or destroyed, or the elements nobody
  ///     takes fill the memory allowed for them
  void put(E element) throws InterruptedException;

  /// Takes the first element, waiting for one.
  ///
  /// @return the element
  /// @throws InterruptedException if interrupted before or while waiting; nothing was taken
  /// @throws IllegalStateException if what was taken cannot be rebuilt in this process, or the queue
  ///     is closed or destroyed, or shut down and nothing is left
  E take() throws InterruptedException;

  /// Takes the first element, if there is one.
  ///
  /// @return the element, or null
  /// @throws IllegalStateException as [#take] does
  @Nullable E poll();

  /// Takes the first element, waiting for one up to a time limit.
  ///
  /// @param timeout how long to wait at most; not more than zero means not to
  /// @param unit of the limit
  /// @return the element, or null
  /// @throws InterruptedException if interrupted before or while waiting; nothing was taken
  /// @throws IllegalStateException as [#take] does
  @Nullable E poll(long timeout, TimeUnit unit) throws InterruptedException;

  /// True if there is no element at the moment of asking.
  ///
  /// @return whether [#take] would wait
  /// @throws IllegalStateException if the queue is closed or destroyed
  boolean isEmpty();

  /// The same queue for what asks for one of the JDK: itself, or a view of it. What the queue cannot do,
  /// the view refuses with an [UnsupportedOperationException]: to be counted or looked into, say. To close
  /// the view, if it is an [AutoCloseable], closes the queue.
  ///
  /// @return the queue
  BlockingQueue<E> asBlockingQueue();

  /// Waits for the thread that sends what is in a [BufferedQueue], once that is closed. Returns at once for
  /// all others: what was put is in them.
  ///
  /// @throws InterruptedException if interrupted while waiting
  /// @throws IllegalStateException if there is such a thread, and the queue was not closed
  void joinThread() throws InterruptedException;

  /// Lets neither [#close] nor the end of this process wait for that thread. Does nothing for all others.
  void cancelJoinThread();

  /// Ends the use of the queue in this process: threads that wait in it, and later calls, get an
  /// [IllegalStateException].
  @Override
  void close();
}
