package io.procession.queue;

import io.procession.internal.arena.Attached;
import io.procession.internal.arena.CellRef;
import io.procession.internal.check.Require;
import io.procession.internal.posix.Interruption;
import io.procession.internal.posix.Until;
import io.procession.serial.Handle;
import java.io.Serializable;
import java.time.Duration;

/// A [SharedQueue] of tasks: whoever has taken one says when it is done, and others wait until all are.
///
/// ```java
/// while (true) {
///   Page page = pages.take();
///   try {
///     render(page);
///   } finally {
///     pages.taskDone();
///   }
/// }
/// ```
///
/// Everything is counted for all processes together. An element is *unfinished* from the time it is
/// put until [#taskDone] is called for it. One that is removed untaken ([#clear], [#remove(Object)],
/// by an iterator, by `shutdown(true)`) is finished by that; one that [#drainTo] moved was taken.
///
/// **The death of a taker.** The elements that a process had taken and was not done with when it
/// ended, however it ended, count as finished: they will never be done, and [#join] does not wait
/// for the dead. Who must know whether they were done lets the takers report it, by a second queue, or
/// uses a [ProcessPool][io.procession.pool.ProcessPool], which runs a dead worker's task again or
/// says what became of it.
///
/// What else there is to say about it is said at [SharedQueue].
///
/// @param <E> the type of the elements
public final class JoinableQueue<E> extends RingQueue<E> implements TaskQueue<E>, Serializable {
  private static final long serialVersionUID = 1L;

  private static final Attached<CellRef, JoinableQueue<?>> ATTACHED =
      new Attached<>() {
        @Override
        protected boolean isUsable(JoinableQueue<?> queue) {
          return queue.core().isUsable();
        }
      };

  private JoinableQueue(QueueCore<E> core) {
    super(core);
  }

  /// Makes an unbounded queue.
  ///
  /// @param <E> the type of the elements
  /// @return the queue
  public static <E> JoinableQueue<E> create() {
    return create(QueueOptions.defaults());
  }

  /// Makes a queue that holds at most `capacity` elements.
  ///
  /// @param <E> the type of the elements
  /// @param capacity most elements at a time
  /// @return the queue
  /// @throws IllegalArgumentException if the capacity is not positive
  public static <E> JoinableQueue<E> create(int capacity) {
    return create(QueueOptions.defaults().withCapacity(capacity));
  }

  /// Makes a queue.
  ///
  /// @param <E> the type of the elements
  /// @param options how
  /// @return the queue
  public static <E> JoinableQueue<E> create(QueueOptions options) {
    return create(QueueCore.nextName(), options);
  }

  /// Makes an unbounded queue.
  ///
  /// @param <E> the type of the elements
  /// @param name for messages; need not be unique, and is cut to 32 bytes where it was received
  /// @return the queue
  public static <E> JoinableQueue<E> create(String name) {
    return create(name, QueueOptions.defaults());
  }

  /// Makes a queue that holds at most `capacity` elements.
  ///
  /// @param <E> the type of the elements
  /// @param name for messages; need not be unique, and is cut to 32 bytes where it was received
  /// @param capacity most elements at a time
  /// @return the queue
  /// @throws IllegalArgumentException if the capacity is not positive
  public static <E> JoinableQueue<E> create(String name, int capacity) {
    return create(name, QueueOptions.defaults().withCapacity(capacity));
  }

  /// Makes a queue.
  ///
  /// @param <E> the type of the elements
  /// @param name for messages; need not be unique, and is cut to 32 bytes where it was received
  /// @param options how
  /// @return the queue
  public static <E> JoinableQueue<E> create(String name, QueueOptions options) {
    Require.notNull("name", name);
    JoinableQueue<E> queue = new JoinableQueue<>(QueueCore.createCounting(name, options));
    ATTACHED.put(queue.core().ref(), queue);
    return queue;
  }

  /// The queue that a handle names; one object for each queue in a process.
  static JoinableQueue<?> attach(Handle handle) {
    CellRef ref = QueueCore.ref(handle);
    JoinableQueue<?> known = ATTACHED.get(ref);
    return known != null ? known : ATTACHED.put(ref, new JoinableQueue<>(QueueCore.attach(ref)));
  }

  private Object writeReplace() {
    return core().handle(JoinableQueue.class);
  }

  /// Says that an element that was taken is done: one of this process, or, if this process has none
  /// that is not done, one of any that lives. Any thread may call it. Does not wait.
  ///
  /// @throws IllegalStateException if it was called more often than living processes have taken
  ///     elements, or the queue is closed or destroyed
  @Override
  public void taskDone() {
    if (!core().taskDone()) {
      throw new IllegalStateException(
          "taskDone was called more often than elements were taken: queue="
              + name()
              + "; call it once for each element, by the process that took it");
    }
  }

  /// Waits until no element is unfinished: all that were put have been taken, and all that living
  /// processes have taken are done. It ends at the first moment at which that is so and this thread
  /// looks, which it does whenever the last is done; others may put more right after. A queue that
  /// was shut down is waited for like any other.
  ///
  /// @throws InterruptedException if interrupted before or while waiting
  /// @throws IllegalStateException if the queue is closed or destroyed
  @Override
  public void join() throws InterruptedException {
    Interruption.checkInterrupt();
    while (!core().awaitFinished(Until.FOREVER)) {}
  }

  /// Waits as [#join()] does, up to a time limit.
  ///
  /// @param limit how long; zero or less only looks
  /// @return whether nothing was unfinished, at a moment before the limit
  /// @throws InterruptedException if interrupted before or while waiting
  /// @throws IllegalStateException if the queue is closed or destroyed
  @Override
  public boolean join(Duration limit) throws InterruptedException {
    Interruption.checkInterrupt();
    return core().awaitFinished(Until.after(Until.nanos(limit)));
  }

  /// How many elements are unfinished at the moment of asking.
  ///
  /// @return those in the queue, and those that living processes have taken and are not done with
  @Override
  public long unfinishedTasks() {
    return core().unfinished();
  }
}
