package io.procession.queue;

import static java.util.Objects.requireNonNull;

import io.procession.connection.Waitable;
import io.procession.internal.arena.Attached;
import io.procession.internal.arena.CellRef;
import io.procession.internal.check.Require;
import io.procession.internal.posix.Interruption;
import io.procession.internal.posix.Until;
import io.procession.internal.ring.RingLimits;
import io.procession.internal.watch.Source;
import io.procession.internal.watch.Sources;
import io.procession.serial.Handle;
import io.procession.serial.NotSendableException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A first-in first-out queue with the memory of a pipe: about a megabyte for what nobody has taken.
///
/// Any number of threads and processes put elements in and take them out, one at a time on either side.
/// Elements are copied by value; those that one thread puts are taken in that order; one that a process
/// had taken when it died is gone with it, one that it had put completely is there. Nulls are refused.
/// The queue can be sent to other processes of the session.
///
/// **A put can wait for lack of memory**, whatever its time limit, also where none was given or it is 0:
/// limits bound the wait for a place in a bounded queue, as in Python. One element that is larger than all the
/// memory is let in when nothing else is there. So a process that has put more than a pipe holds ends only
/// when somebody takes it; with a [SharedQueue], whose `put` does not wait, or a [BufferedQueue] in front there
/// is no such risk. Choose this one where a fast producer shall be slowed down by its consumers.
///
/// How many elements there are is not told, since the seed's queue could not say it either: it is no
/// collection.
///
/// [#close] ends the use of the queue in this process. One that was never sent is freed by that, or
/// when it becomes unreachable; one that was sent, lives until [#destroy] or the end of the session.
///
/// @param <E> the type of the elements
public final class PipeQueue<E> implements ProcessQueue<E>, Waitable {
  private static final long serialVersionUID = 1L;

  private static final long MEMORY = 1 << 20;

  /// How long a wait for memory lasts before it is looked whether it is one for a place by now.
  private static final long LOOK_EVERY_NANOS = 10_000_000;

  static {
    Sources.register(PipeQueue.class, new SourceOfQueue());
  }

  private static final Attached<CellRef, PipeQueue<?>> ATTACHED =
      new Attached<>() {
        @Override
        protected boolean isUsable(PipeQueue<?> queue) {
          return queue.core.isUsable();
        }
      };

  private final transient QueueCore<E> core;

  private PipeQueue(QueueCore<E> core) {
    this.core = core;
  }

  /// Makes a queue that is bounded by its memory only.
  ///
  /// @param <E> the type of the elements
  /// @return the queue
  public static <E> PipeQueue<E> create() {
    return create(Integer.MAX_VALUE);
  }

  /// Makes a queue that holds at most `capacity` elements.
  ///
  /// @param <E> the type of the elements
  /// @param capacity most elements at a time, [Integer#MAX_VALUE] for no bound but the memory's
  /// @return the queue
  /// @throws IllegalArgumentException if it is not positive
  public static <E> PipeQueue<E> create(int capacity) {
    return create(QueueCore.nextName(), capacity);
  }

  /// Makes a queue that is bounded by its memory only.
  ///
  /// @param <E> the type of the elements
  /// @param name for messages; need not be unique, and is cut to 32 bytes where it was received
  /// @return the queue
  public static <E> PipeQueue<E> create(String name) {
    return create(name, Integer.MAX_VALUE);
  }

  /// Makes a queue that holds at most `capacity` elements.
  ///
  /// @param <E> the type of the elements
  /// @param name for messages; need not be unique, and is cut to 32 bytes where it was received
  /// @param capacity most elements at a time, [Integer#MAX_VALUE] for no bound but the memory's
  /// @return the queue
  /// @throws IllegalArgumentException if it is not positive
  public static <E> PipeQueue<E> create(String name, int capacity) {
    Require.notNull("name", name);
    Require.positive("capacity", capacity);
    long most = capacity == Integer.MAX_VALUE ? RingLimits.UNBOUNDED : capacity;
    var limits = new RingLimits(most, MEMORY, RingLimits.AtLimit.WAIT);
    PipeQueue<E> queue = new PipeQueue<>(QueueCore.create(name, limits));
    ATTACHED.put(queue.core.ref(), queue);
    return queue;
  }

  /// The queue that a handle names; one object for each queue in a process.
  static PipeQueue<?> attach(Handle handle) {
    CellRef ref = QueueCore.ref(handle);
    PipeQueue<?> known = ATTACHED.get(ref);
    return known != null ? known : ATTACHED.put(ref, new PipeQueue<>(QueueCore.attach(ref)));
  }

  QueueCore<E> core() {
    return core;
  }

  /// The name it has in messages: `queue-` and a number, if it was given none.
  ///
  /// @return the name
  @Override
  public String name() {
    return core.name();
  }

  /// Inserts an element, waiting for a place and for memory.
  ///
  /// @param element the element
  /// @throws InterruptedException if interrupted before or while waiting; nothing was inserted
  /// @throws NotSendableException if the element cannot be sent
  /// @throws IllegalStateException if the queue is closed or destroyed
  /// @throws IllegalArgumentException if the element takes more than 2,147,418,080 bytes
  @Override
  public void put(E element) throws InterruptedException {
    requireNonNull(element, QueueElements.NO_NULL);
    Interruption.checkInterrupt();
    boolean _ = core.offer(element, Until.FOREVER);
  }

  /// Inserts an element if there is a place for it; waits for memory, as long as it takes.
  ///
  /// @param element the element
  /// @return false if there are as many elements as there may be
  /// @throws InterruptedException if interrupted before or while waiting; nothing was inserted
  /// @throws NotSendableException if the element cannot be sent
  /// @throws IllegalStateException if the queue is closed or destroyed
  public boolean offer(E element) throws InterruptedException {
    return offer(element, 0, TimeUnit.NANOSECONDS);
  }

  /// Inserts an element, waiting for a place up to a time limit; then for memory, as long as it takes.
  ///
  /// @param element the element
  /// @param timeout how long to wait for a place at most; not more than zero means not to
  /// @param unit of the limit
  /// @return false if there was no place in time
  /// @throws InterruptedException if interrupted before or while waiting; nothing was inserted
  /// @throws NotSendableException if the element cannot be sent
  /// @throws IllegalStateException if the queue is closed or destroyed
  public boolean offer(E element, long timeout, TimeUnit unit) throws InterruptedException {
    requireNonNull(element, QueueElements.NO_NULL);
    Interruption.checkInterrupt();
    if (core.offer(element, Until.after(unit.toNanos(timeout)))) {
      return true;
    }
    while (core.size() < core.capacity()) {
      if (core.offer(element, Until.after(LOOK_EVERY_NANOS))) {
        return true;
      }
    }
    return false;
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

  /// Takes the first element, if there is one.
  ///
  /// @return the element, or null
  /// @throws IllegalStateException if what was taken cannot be rebuilt in this process, or the queue
  ///     is closed or destroyed
  @Override
  public @Nullable E poll() {
    return core.poll();
  }

  /// Takes the first element, waiting for one up to a time limit.
  ///
  /// @param timeout how long to wait at most
  /// @param unit of the limit
  /// @return the element, or null
  /// @throws InterruptedException if interrupted before or while waiting; nothing was taken
  /// @throws IllegalStateException if what was taken cannot be rebuilt in this process, or the queue
  ///     is closed or destroyed
  @Override
  public @Nullable E poll(long timeout, TimeUnit unit) throws InterruptedException {
    return core.poll(timeout, unit);
  }

  /// True if there is no element at the moment of asking.
  ///
  /// @return whether
  /// @throws IllegalStateException if the queue is closed or destroyed
  @Override
  public boolean isEmpty() {
    return core.size() == 0;
  }

  @Override
  public BlockingQueue<E> asBlockingQueue() {
    return new BlockingView<>(this);
  }

  /// Returns at once: no thread is behind this queue, and what was put is in it.
  @Override
  public void joinThread() {}

  /// Does nothing, for the same reason.
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

  private Object writeReplace() {
    return core.handle(PipeQueue.class);
  }

  /// Name and state.
  @Override
  public String toString() {
    return "PipeQueue[" + name() + (core.isUsable() ? "]" : ", closed]");
  }

  @SuppressWarnings("rawtypes") // a class literal has no type arguments
  private static final class SourceOfQueue implements Sources.Of<PipeQueue> {
    @Override
    public Source source(PipeQueue queue) {
      return queue.core.source();
    }
  }
}
