package io.procession.queue;

import io.procession.connection.Waitable;
import io.procession.internal.arena.Attached;
import io.procession.internal.arena.CellRef;
import io.procession.internal.check.Require;
import io.procession.internal.posix.Until;
import io.procession.internal.watch.Source;
import io.procession.internal.watch.Sources;
import io.procession.serial.Handle;
import io.procession.serial.NotSendableException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The least that a queue between processes can do: no more than every [ProcessQueue].
///
/// It is unbounded, and works as a [SharedQueue] does, whose words are the same: order, copies by
/// value, the limit in bytes, what a death does, sending it to other processes. Take a
/// `SharedQueue` for bounds, and all that a
/// [BlockingQueue][java.util.concurrent.BlockingQueue] has.
///
/// Safe for use by all threads of all processes of the session.
///
/// @param <E> the type of the elements
public final class SimpleQueue<E> implements ProcessQueue<E>, Waitable {
  static {
    Sources.register(SimpleQueue.class, new SourceOfQueue());
  }

  private static final long serialVersionUID = 1L;

  private static final Attached<CellRef, SimpleQueue<?>> ATTACHED =
      new Attached<>() {
        @Override
        protected boolean isUsable(SimpleQueue<?> queue) {
          return queue.core.isUsable();
        }
      };

  private final transient QueueCore<E> core;

  private SimpleQueue(QueueCore<E> core) {
    this.core = core;
  }

  /// Makes an empty queue.
  ///
  /// @param <E> the type of the elements
  /// @return the queue
  public static <E> SimpleQueue<E> create() {
    return create(QueueCore.nextName());
  }

  /// Makes an empty queue.
  ///
  /// @param <E> the type of the elements
  /// @param name for messages; need not be unique, and is cut to 32 bytes where it was received
  /// @return the queue
  public static <E> SimpleQueue<E> create(String name) {
    Require.notNull("name", name);
    SimpleQueue<E> queue =
        new SimpleQueue<>(QueueCore.create(name, QueueOptions.defaults().toLimits()));
    ATTACHED.put(queue.core.ref(), queue);
    return queue;
  }

  /// The queue that a handle names; one object for each queue in a process.
  static SimpleQueue<?> attach(Handle handle) {
    CellRef ref = QueueCore.ref(handle);
    SimpleQueue<?> known = ATTACHED.get(ref);
    return known != null ? known : ATTACHED.put(ref, new SimpleQueue<>(QueueCore.attach(ref)));
  }

  QueueCore<E> core() {
    return core;
  }

  private Object writeReplace() {
    return core.handle(SimpleQueue.class);
  }

  /// The name it has in messages: `queue-` and a number, if it was given none.
  ///
  /// @return the name
  @Override
  public String name() {
    return core.name();
  }

  /// Inserts an element. Does not wait.
  ///
  /// @param element what to insert, not null
  /// @throws NotSendableException if the element cannot be sent
  /// @throws IllegalStateException if the elements nobody takes fill the memory allowed for them, or
  ///     the queue is closed or destroyed
  @Override
  public void put(E element) {
    try {
      boolean _ = core.put(element, Until.FOREVER);
    } catch (InterruptedException e) {
      throw new AssertionError(e); // nothing to wait for: there is no bound
    }
  }

  /// Takes the first element, waiting for one.
  ///
  /// @return the element
  /// @throws InterruptedException if interrupted before or while waiting; nothing was taken
  /// @throws IllegalStateException if what was taken cannot be rebuilt in this process, or the queue
  ///     is closed or destroyed
  @Override
  public E take() throws InterruptedException {
    return core.take();
  }

  @Override
  public @Nullable E poll() {
    return core.poll();
  }

  @Override
  public @Nullable E poll(long timeout, TimeUnit unit) throws InterruptedException {
    return core.poll(timeout, unit);
  }

  /// True if there is no element at the moment of asking.
  ///
  /// @return whether [#take] would wait
  /// @throws IllegalStateException if the queue is closed or destroyed
  @Override
  public boolean isEmpty() {
    return core.size() == 0;
  }

  @Override
  public BlockingQueue<E> asBlockingQueue() {
    return new BlockingView<>(this);
  }

  /// Returns at once: there is no thread between `put` and the queue, and what was put is in it. For
  /// programs that change between this and [BufferedQueue].
  @Override
  public void joinThread() {}

  /// Does nothing, for the same reason as [#joinThread].
  @Override
  public void cancelJoinThread() {}

  /// Ends the use of this queue in this process: threads that wait in it, and later calls, get an
  /// [IllegalStateException]. Frees the queue if it was never sent.
  @Override
  public void close() {
    core.close();
  }

  /// Frees the queue with all it holds, for every process: whoever waits in it or uses it later
  /// gets an [IllegalStateException]. Does nothing if it has been destroyed before.
  public void destroy() {
    core.destroy();
  }

  /// Its name, and how many elements it has: `SimpleQueue[queue-1, 3]`; or that it is closed.
  @Override
  public String toString() {
    try {
      return core.isUsable() ? "SimpleQueue[" + name() + ", " + core.size() + "]" : closed();
    } catch (IllegalStateException e) {
      return closed(); // meanwhile
    }
  }

  @SuppressWarnings("rawtypes") // a class literal has no type arguments
  private static final class SourceOfQueue implements Sources.Of<SimpleQueue> {
    @Override
    public Source source(SimpleQueue queue) {
      return queue.core.source();
    }
  }

  private String closed() {
    return "SimpleQueue[" + name() + ", closed]";
  }
}
