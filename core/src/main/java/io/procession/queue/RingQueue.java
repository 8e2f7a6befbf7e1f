package io.procession.queue;

import static java.util.Objects.requireNonNull;

import io.procession.connection.Waitable;
import io.procession.internal.check.Require;
import io.procession.internal.posix.Interruption;
import io.procession.internal.posix.Until;
import io.procession.internal.ring.RingLimits;
import io.procession.internal.watch.Source;
import io.procession.internal.watch.Sources;
import io.procession.serial.NotSendableException;
import java.util.AbstractQueue;
import java.util.Collection;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// What [SharedQueue] and [JoinableQueue] have in common: a `BlockingQueue` that is a ring in shared
/// memory.
///
/// @param <E> the type of the elements
abstract sealed class RingQueue<E> extends AbstractQueue<E>
    implements BlockingQueue<E>, ProcessQueue<E>, Waitable permits SharedQueue, JoinableQueue {
  static {
    Sources.register(RingQueue.class, new SourceOfQueue());
  }

  private static final long serialVersionUID = 1L;

  private final transient QueueCore<E> core;
  private final transient QueueElements<E> elements;

  RingQueue(QueueCore<E> core) {
    this.core = core;
    this.elements = new QueueElements<>(core);
  }

  final QueueCore<E> core() {
    return core;
  }

  /// The name it has in messages: `queue-` and a number, if it was given none.
  ///
  /// @return the name
  @Override
  public final String name() {
    return core.name();
  }

  /// Inserts an element, waiting for room if the queue is bounded.
  ///
  /// @throws InterruptedException if interrupted before or while waiting; nothing was inserted
  /// @throws NotSendableException if the element cannot be sent
  /// @throws QueueShutDownException if the queue was shut down
  /// @throws IllegalStateException if the elements nobody takes fill the memory allowed for them, or
  ///     the queue is closed or destroyed
  /// @throws IllegalArgumentException if the element takes more than 2,147,418,080 bytes
  @Override
  public final void put(E element) throws InterruptedException {
    Interruption.checkInterrupt();
    boolean _ = core.put(element, Until.FOREVER);
  }

  /// Inserts elements in the order of the collection, many at a time: where it can, it inserts all
  /// of them in one step of some microseconds. Waits for room if the queue is bounded.
  ///
  /// All are turned into bytes first, so if one cannot be sent, none is inserted. If this throws for
  /// another reason, what was inserted until then is in the queue: a first part of the collection, in
  /// its order.
  ///
  /// @param many the elements
  /// @throws InterruptedException if interrupted before or while waiting
  /// @throws NotSendableException if an element cannot be sent
  /// @throws QueueShutDownException if the queue was shut down
  /// @throws IllegalStateException if the elements nobody takes fill the memory allowed for them, or
  ///     the queue is closed or destroyed
  /// @throws IllegalArgumentException if the collection is this queue
  @SuppressWarnings("ReferenceEquality") // a queue is equal to itself alone
  public final void putMany(Collection<? extends E> many) throws InterruptedException {
    if (Require.notNull("many", many) == this) {
      throw new IllegalArgumentException(
          "a queue cannot be put into itself: queue=" + name() + "; take another queue");
    }
    Interruption.checkInterrupt();
    core.putMany(many);
  }

  /// Inserts an element if there is room for it.
  ///
  /// @throws NotSendableException if the element cannot be sent
  /// @throws QueueShutDownException if the queue was shut down
  /// @throws IllegalStateException if the queue is full, or its elements fill the memory allowed for
  ///     them
  @Override
  public final boolean add(E element) {
    try {
      if (!core.put(element, Until.NOW)) {
        throw new IllegalStateException(name() + " is full: capacity=" + core.capacity());
      }
      return true;
    } catch (InterruptedException e) {
      throw new AssertionError(e); // it does not wait
    }
  }

  /// Inserts an element if there is room for it.
  ///
  /// @return false if the queue is full, or its elements fill the memory allowed for them
  /// @throws NotSendableException if the element cannot be sent
  /// @throws QueueShutDownException if the queue was shut down
  @Override
  public final boolean offer(E element) {
    try {
      return core.offer(element, Until.NOW);
    } catch (InterruptedException e) {
      throw new AssertionError(e); // it does not wait
    }
  }

  /// Inserts an element, waiting for room up to a time limit.
  ///
  /// @return false if there was none in time
  /// @throws InterruptedException if interrupted before or while waiting; nothing was inserted
  /// @throws NotSendableException if the element cannot be sent
  /// @throws QueueShutDownException if the queue was shut down
  @Override
  public final boolean offer(E element, long timeout, TimeUnit unit) throws InterruptedException {
    requireNonNull(element, QueueElements.NO_NULL);
    Interruption.checkInterrupt();
    return core.offer(element, Until.after(unit.toNanos(timeout)));
  }

  /// Takes the first element, waiting for one.
  ///
  /// @throws InterruptedException if interrupted before or while waiting; nothing was taken
  /// @throws QueueShutDownException if the queue was shut down and nothing is left
  /// @throws IllegalStateException if what was taken cannot be rebuilt in this process, or the queue
  ///     is closed or destroyed
  @Override
  public final E take() throws InterruptedException {
    return core.take();
  }

  /// Takes the first element, if there is one.
  ///
  /// @return the element, or null
  /// @throws QueueShutDownException if the queue was shut down and nothing is left
  @Override
  public final @Nullable E poll() {
    return core.poll();
  }

  /// Takes the first element.
  ///
  /// @return the element
  /// @throws NoSuchElementException if there is none now
  @Override
  public final E remove() {
    return there(poll());
  }

  /// Looks at the first element.
  ///
  /// @return the element
  /// @throws NoSuchElementException if there is none now
  @Override
  public final E element() {
    return there(peek());
  }

  private E there(@Nullable E element) {
    if (element == null) {
      throw new NoSuchElementException(name() + " is empty");
    }
    return element;
  }

  /// Takes the first element, waiting for one up to a time limit.
  ///
  /// @return the element, or null
  /// @throws InterruptedException if interrupted before or while waiting; nothing was taken
  /// @throws QueueShutDownException if the queue was shut down and nothing is left
  @Override
  public final @Nullable E poll(long timeout, TimeUnit unit) throws InterruptedException {
    return core.poll(timeout, unit);
  }

  /// Looks at the first element without taking it.
  ///
  /// @return the element, or null if there is none
  @Override
  public final @Nullable E peek() {
    return elements.first();
  }

  /// The number of elements at the moment of asking.
  @Override
  public final int size() {
    return (int) Math.min(core.size(), Integer.MAX_VALUE);
  }

  /// True if there is no element at the moment of asking.
  @Override
  public final boolean isEmpty() {
    return core.size() == 0;
  }

  /// True if the queue is bounded and has as many elements as it may, at the moment of asking.
  ///
  /// @return whether `put` would wait for somebody to take
  public final boolean isFull() {
    return core.capacity() != RingLimits.UNBOUNDED && core.size() >= core.capacity();
  }

  /// How many more elements there is room for at the moment of asking; [Integer#MAX_VALUE] if the
  /// queue is unbounded.
  @Override
  public final int remainingCapacity() {
    if (core.capacity() == RingLimits.UNBOUNDED) {
      return Integer.MAX_VALUE;
    }
    return (int) Math.max(0, core.capacity() - core.size());
  }

  /// Moves all elements that are there to a collection, as [#drainTo(Collection, int)] does.
  @Override
  public final int drainTo(Collection<? super E> target) {
    return drainTo(target, Integer.MAX_VALUE);
  }

  /// Moves elements that are there at the time of the call to a collection, many under one lock. It
  /// does not wait, and a queue that was shut down is drained like any other.
  ///
  /// If the collection throws, or an element cannot be rebuilt in this process, that is what this
  /// throws. The elements that had been taken from the queue by then, the one at which the collection
  /// threw among them, come with it: suppressed in it is an [UndrainedException] that has them. An element
  /// for which there is no memory stays in the queue; those before it are moved, and the next call throws.
  ///
  /// @return how many
  @Override
  @SuppressWarnings("ReferenceEquality") // a queue is equal to itself alone
  public final int drainTo(Collection<? super E> target, int maxElements) {
    if (Require.notNull("target", target) == this) {
      throw new IllegalArgumentException(
          "a queue cannot be drained to itself: queue=" + name() + "; take another collection");
    }
    return core.drain(target, maxElements);
  }

  /// Removes all elements that are there at the time of the call.
  @Override
  public final void clear() {
    core.clear();
  }

  @Override
  public final boolean contains(@Nullable Object element) {
    return element != null && elements.contains(element);
  }

  /// Removes the first element that is equal to the argument.
  ///
  /// @return whether there was one
  @Override
  public final boolean remove(@Nullable Object element) {
    return element != null && elements.remove(element);
  }

  /// A weakly consistent iterator from the first element on; it can remove.
  @Override
  public final Iterator<E> iterator() {
    return elements.iterator();
  }

  @Override
  public final Spliterator<E> spliterator() {
    return Spliterators.spliteratorUnknownSize(
        iterator(), Spliterator.ORDERED | Spliterator.NONNULL | Spliterator.CONCURRENT);
  }

  /// This queue.
  @Override
  public final BlockingQueue<E> asBlockingQueue() {
    return this;
  }

  /// Lets nobody insert any more, in any process and for good: whatever inserts throws
  /// [QueueShutDownException], also what waits for room just then. Those who take get what is left,
  /// and then the same exception, also from [#poll()]. Whoever waits on either side is woken.
  ///
  /// A process that dies in this call has shut the queue down, or has not; if it has, and
  /// `immediate`, nothing is left either.
  ///
  /// @param immediate whether what is there is dropped, so that takers throw at once
  public final void shutdown(boolean immediate) {
    core.shutDown(immediate);
  }

  /// True if [#shutdown] was called in any process.
  ///
  /// @return whether it is over
  public final boolean isShutdown() {
    return core.isShutDown();
  }

  /// Returns at once: there is no thread between `put` and the queue, and what was put is in it. For
  /// programs that change between this and [BufferedQueue].
  @Override
  public final void joinThread() {}

  /// Does nothing, for the same reason as [#joinThread].
  @Override
  public final void cancelJoinThread() {}

  /// Ends the use of this queue in this process: threads that wait in it, and later calls, get an
  /// [IllegalStateException]. Frees the queue if it was never sent.
  @Override
  public final void close() {
    core.close();
  }

  /// Frees the queue with all it holds, for every process: whoever waits in it or uses it later
  /// gets an [IllegalStateException]. Does nothing if it has been destroyed before.
  public final void destroy() {
    core.destroy();
  }

  /// The first elements, as other collections show theirs, and how many more there are:
  /// `[a, b, c]`, `[..., and 17 more]`; or that the queue is closed.
  @Override
  public final String toString() {
    return elements.shown(this);
  }

  @SuppressWarnings("rawtypes") // a class literal has no type arguments
  private static final class SourceOfQueue implements Sources.Of<RingQueue> {
    @Override
    public Source source(RingQueue queue) {
      return queue.core.source();
    }
  }
}
