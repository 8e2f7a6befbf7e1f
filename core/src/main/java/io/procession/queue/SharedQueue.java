package io.procession.queue;

import io.procession.internal.arena.Attached;
import io.procession.internal.arena.CellRef;
import io.procession.internal.check.Require;
import io.procession.serial.Handle;
import java.io.Serializable;
import java.util.concurrent.BlockingQueue;

/// A first-in first-out queue that processes share: any number of them put elements in, any number
/// take them out.
///
/// Elements are copied by value: they must be serializable, and what is taken is another object than
/// what was put. The queue itself can be sent to other processes of the session, as an argument, a
/// captured variable, or an element of another queue.
///
/// An unbounded queue takes any number of elements, up to a limit in bytes at which `put` throws; so
/// `put` never waits, and no thread of its own is behind it: once `put` returns, the element is in
/// the queue, even if its process dies the moment after. In a bounded queue `put` waits while it is
/// full. Elements that one thread puts are taken in that order. An element is taken by one process
/// only; one that a process had taken when it died is gone with it. Nulls are refused.
///
/// Iterators are weakly consistent: they pass over the elements that were there when they were made
/// and have not been taken since. [#contains], [#remove(Object)], [#toArray()] and all that iterates
/// read every element; [#size] costs nothing.
///
/// An element may have any size that a `byte[]` can: up to 2,147,418,080 bytes of what it is turned
/// into. Those that nobody has taken have at most [QueueOptions#maxBytes] together.
///
/// [#shutdown] ends the queue in order, for all processes: nothing more is put, takers get the rest.
/// [#close] ends the use of the queue in this process. One that was never sent is freed by that, or
/// when it becomes unreachable; one that was sent, lives until [#destroy] or the end of the session.
///
/// @param <E> the type of the elements
public final class SharedQueue<E> extends RingQueue<E> implements BlockingQueue<E>, Serializable {
  private static final long serialVersionUID = 1L;

  private static final Attached<CellRef, SharedQueue<?>> ATTACHED =
      new Attached<>() {
        @Override
        protected boolean isUsable(SharedQueue<?> queue) {
          return queue.core().isUsable();
        }
      };

  private SharedQueue(QueueCore<E> core) {
    super(core);
  }

  /// Makes an unbounded queue.
  ///
  /// @param <E> the type of the elements
  /// @return the queue
  public static <E> SharedQueue<E> create() {
    return create(QueueOptions.defaults());
  }

  /// Makes a queue that holds at most `capacity` elements.
  ///
  /// @param <E> the type of the elements
  /// @param capacity most elements at a time
  /// @return the queue
  /// @throws IllegalArgumentException if the capacity is not positive
  public static <E> SharedQueue<E> create(int capacity) {
    return create(QueueOptions.defaults().withCapacity(capacity));
  }

  /// Makes a queue.
  ///
  /// @param <E> the type of the elements
  /// @param options how
  /// @return the queue
  public static <E> SharedQueue<E> create(QueueOptions options) {
    return create(QueueCore.nextName(), options);
  }

  /// Makes an unbounded queue.
  ///
  /// @param <E> the type of the elements
  /// @param name for messages; need not be unique, and is cut to 32 bytes where it was received
  /// @return the queue
  public static <E> SharedQueue<E> create(String name) {
    return create(name, QueueOptions.defaults());
  }

  /// Makes a queue that holds at most `capacity` elements.
  ///
  /// @param <E> the type of the elements
  /// @param name for messages; need not be unique, and is cut to 32 bytes where it was received
  /// @param capacity most elements at a time
  /// @return the queue
  /// @throws IllegalArgumentException if the capacity is not positive
  public static <E> SharedQueue<E> create(String name, int capacity) {
    return create(name, QueueOptions.defaults().withCapacity(capacity));
  }

  /// Makes a queue.
  ///
  /// @param <E> the type of the elements
  /// @param name for messages; need not be unique, and is cut to 32 bytes where it was received
  /// @param options how
  /// @return the queue
  public static <E> SharedQueue<E> create(String name, QueueOptions options) {
    Require.notNull("name", name);
    SharedQueue<E> queue =
        new SharedQueue<>(QueueCore.create(name, Require.notNull("options", options).toLimits()));
    ATTACHED.put(queue.core().ref(), queue);
    return queue;
  }

  /// The queue that a handle names; one object for each queue in a process.
  static SharedQueue<?> attach(Handle handle) {
    CellRef ref = QueueCore.ref(handle);
    SharedQueue<?> known = ATTACHED.get(ref);
    return known != null ? known : ATTACHED.put(ref, new SharedQueue<>(QueueCore.attach(ref)));
  }

  private Object writeReplace() {
    return core().handle(SharedQueue.class);
  }
}
