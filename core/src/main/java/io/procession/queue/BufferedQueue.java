package io.procession.queue;

import static java.util.Objects.requireNonNull;

import io.procession.internal.arena.Unreachable;
import io.procession.internal.check.Require;
import io.procession.serial.NotSendableException;
import java.io.Serializable;
import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.util.AbstractQueue;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// A buffer before a queue: `put` never waits, whatever the queue behind it does. A thread of this
/// process, started by the first `put`, moves the elements from the buffer to the queue and waits
/// there for room.
///
/// It is for a queue that is bounded, or slow: of a pipe, or of the system. An unbounded
/// [SharedQueue] needs no buffer: its `put` does not wait either, and what was put is safe from the
/// death of the process, which the buffer is not.
///
/// Elements are turned into bytes by `put`: one that cannot be sent fails there, and what is changed
/// in it afterwards is not sent. (If the queue is none of this package, it gets the elements
/// themselves.) Those that one thread puts arrive in that order. Whatever takes or looks does so at
/// the queue itself, so elements in the buffer are not seen yet; [#buffered] counts them.
///
/// What is in the buffer is sent: [#close] waits for that, so does the end of this process in
/// order, up to the time limit of [ExitHook][io.procession.process.ExitHook]; and it goes on when this
/// object is not reachable any more. What had not been sent when the process is killed is lost. If
/// the queue itself fails (it is shut down, closed, destroyed), what is in the buffer is lost, with a
/// warning, and `put` throws from then on.
///
/// It can be sent to other processes: each has a buffer of its own before the same queue. Safe for
/// use by many threads.
///
/// @param <E> the type of the elements
public final class BufferedQueue<E> extends AbstractQueue<E>
    implements BlockingQueue<E>, ProcessQueue<E> {
  private static final long serialVersionUID = 1L;
  private static final AtomicInteger COUNT = new AtomicInteger();

  private final transient BlockingQueue<E> queue;
  private final transient @Nullable String given;
  private final transient String name;
  private final transient Sender<E> sender;
  private final transient Cleaner.Cleanable net;

  private BufferedQueue(@Nullable String given, BlockingQueue<E> queue) {
    this.given = given;
    this.name = given != null ? given : "buffer-" + COUNT.incrementAndGet();
    this.queue = Require.notNull("queue", queue);
    this.sender = new Sender<>(Outlet.to(queue), name);
    this.net = Unreachable.watch(this, sender::finish);
  }

  /// Makes a buffer before a new unbounded [SharedQueue].
  ///
  /// @param <E> the type of the elements
  /// @return the buffered queue
  public static <E> BufferedQueue<E> create() {
    return before(SharedQueue.create());
  }

  /// Makes a buffer before a new unbounded [SharedQueue] of the same name.
  ///
  /// @param <E> the type of the elements
  /// @param name for messages; need not be unique
  /// @return the buffered queue
  public static <E> BufferedQueue<E> create(String name) {
    return before(name, SharedQueue.create(name));
  }

  /// Makes a buffer before a queue. [#close] closes that, too. One that is no collection has a
  /// [view][ProcessQueue#asBlockingQueue] for this; what that cannot do, the buffer cannot do either:
  /// [#size], [#peek], [#iterator] and all that needs them throw an [UnsupportedOperationException].
  /// Elements for a [PosixQueue] have priority 0, and one that is too large is refused by `put`.
  ///
  /// @param <E> the type of the elements
  /// @param queue where the elements go
  /// @return the buffered queue
  public static <E> BufferedQueue<E> before(BlockingQueue<E> queue) {
    return new BufferedQueue<>(null, queue);
  }

  /// Makes a buffer before a queue, as [#before(BlockingQueue)] does.
  ///
  /// @param <E> the type of the elements
  /// @param name for messages; need not be unique. The buffers that others have before the same queue, as
  ///     it was sent to them, have this name, too
  /// @param queue where the elements go
  /// @return the buffered queue
  public static <E> BufferedQueue<E> before(String name, BlockingQueue<E> queue) {
    return new BufferedQueue<>(Require.notNull("name", name), queue);
  }

  private Object writeReplace() {
    return new Sent<>(given, queue);
  }

  /// What is sent in its stead.
  private static final class Sent<E> implements Serializable {
    private static final long serialVersionUID = 1L;

    private final @Nullable String given;

    @SuppressWarnings("serial") // if it cannot be sent, that is said when it is
    private final BlockingQueue<E> queue;

    Sent(@Nullable String given, BlockingQueue<E> queue) {
      this.given = given;
      this.queue = queue;
    }

    private Object readResolve() {
      return new BufferedQueue<>(given, queue);
    }
  }

  /// The name it has in messages: `buffer-` and a number, if it was given none.
  ///
  /// @return the name
  @Override
  public String name() {
    return name;
  }

  /// The queue behind the buffer.
  ///
  /// @return the queue; for one that is no collection, a view of it
  public BlockingQueue<E> queue() {
    return queue;
  }

  /// Puts an element into the buffer. Never waits, and takes no notice of interrupts.
  ///
  /// @throws NotSendableException if the element cannot be sent
  /// @throws QueueShutDownException if the queue was shut down, as far as it is known here
  /// @throws IllegalStateException if this is closed, or the queue behind it has failed
  @Override
  public void put(E element) {
    try {
      sender.add(List.of(sender.prepare(requireNonNull(element, QueueElements.NO_NULL))));
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  /// Puts elements into the buffer, in the order of the collection: all, or none if this throws.
  /// Never waits.
  ///
  /// @param many the elements
  /// @throws NotSendableException if an element cannot be sent
  /// @throws QueueShutDownException if the queue was shut down, as far as it is known here
  /// @throws IllegalStateException if this is closed, or the queue behind it has failed
  public void putMany(Collection<? extends E> many) {
    try {
      List<Object> prepared = new ArrayList<>(many.size());
      for (E element : many) {
        prepared.add(sender.prepare(requireNonNull(element, QueueElements.NO_NULL)));
      }
      sender.add(prepared);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  /// As [#put]: there is always room.
  ///
  /// @return true
  @Override
  public boolean offer(E element) {
    put(element);
    return true;
  }

  /// As [#put]: there is always room.
  ///
  /// @return true
  @Override
  public boolean offer(E element, long timeout, TimeUnit unit) {
    return offer(element);
  }

  /// This queue.
  @Override
  public BlockingQueue<E> asBlockingQueue() {
    return this;
  }

  /// How many elements of this process are not in the queue yet. Those that are being sent, up to 256
  /// at a time, count until the last of them is there.
  ///
  /// @return how many
  public int buffered() {
    return sender.waiting();
  }

  /// Waits until what was put before is in the queue, or can never be.
  ///
  /// @throws InterruptedException if interrupted while waiting
  public void flush() throws InterruptedException {
    try {
      sender.awaitQuiet();
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  /// Sends what is in the buffer, ends the sender and waits for that; then closes the queue in this
  /// process. So it waits as long as nobody makes room in the queue, unless [#cancelJoinThread] was
  /// called. A thread that is interrupted meanwhile stays so and does not wait any longer; the sender
  /// goes on without it, and closes the queue at its end.
  @Override
  public void close() {
    if (!sender.isFinished()) {
      sender.finish(this::closeQueue);
      net.clean();
      if (!sender.isJoinCancelled()) {
        try {
          sender.join();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      }
    }
  }

  private void closeQueue() {
    if (queue instanceof AutoCloseable resource) {
      try {
        resource.close();
      } catch (Exception e) {
        throw new IllegalStateException("the queue behind " + name + " cannot be closed", e);
      }
    }
  }

  /// Waits until the sender of a closed buffer has ended, which it does when everything is sent.
  /// There is something to wait for only if [#close] did not wait itself.
  ///
  /// @throws InterruptedException if interrupted while waiting
  /// @throws IllegalStateException if this was not closed
  @Override
  public void joinThread() throws InterruptedException {
    if (!sender.isFinished()) {
      throw new IllegalStateException("close it before joinThread: queue=" + name);
    }
    sender.join();
  }

  /// Lets neither [#close] nor the end of this process wait until the buffer is sent: what is still
  /// in it then may be lost.
  @Override
  public void cancelJoinThread() {
    sender.cancelJoin();
  }

  /// Takes the first element of the queue, waiting for one.
  ///
  /// @throws InterruptedException if interrupted before or while waiting
  @Override
  public E take() throws InterruptedException {
    return queue.take();
  }

  /// Takes the first element of the queue, if there is one.
  @Override
  public @Nullable E poll() {
    return queue.poll();
  }

  /// Takes the first element.
  ///
  /// @return the element
  /// @throws NoSuchElementException if there is none now
  @Override
  public E remove() {
    return there(poll());
  }

  /// Looks at the first element.
  ///
  /// @return the element
  /// @throws NoSuchElementException if there is none now
  @Override
  public E element() {
    return there(peek());
  }

  private E there(@Nullable E element) {
    if (element == null) {
      throw new NoSuchElementException(name() + " is empty");
    }
    return element;
  }

  /// Takes the first element of the queue, waiting for one up to a time limit.
  ///
  /// @throws InterruptedException if interrupted before or while waiting
  @Override
  public @Nullable E poll(long timeout, TimeUnit unit) throws InterruptedException {
    return queue.poll(timeout, unit);
  }

  /// Looks at the first element of the queue.
  @Override
  public @Nullable E peek() {
    return queue.peek();
  }

  /// True if the queue has no element, whatever is in the buffer.
  @Override
  public boolean isEmpty() {
    return queue.isEmpty();
  }

  /// How many elements the queue has, without the buffer's.
  @Override
  public int size() {
    return queue.size();
  }

  /// There is always room: [Integer#MAX_VALUE].
  @Override
  public int remainingCapacity() {
    return Integer.MAX_VALUE;
  }

  /// Moves elements of the queue to a collection.
  @Override
  public int drainTo(Collection<? super E> target) {
    return drainTo(target, Integer.MAX_VALUE);
  }

  /// Moves elements of the queue to a collection.
  @Override
  @SuppressWarnings("ReferenceEquality") // a queue is equal to itself alone
  public int drainTo(Collection<? super E> target, int maxElements) {
    if (Require.notNull("target", target) == this) {
      throw new IllegalArgumentException(
          "a queue cannot be drained to itself: queue=" + name + "; take another collection");
    }
    return queue.drainTo(target, maxElements);
  }

  /// An iterator over the elements of the queue.
  @Override
  public Iterator<E> iterator() {
    return queue.iterator();
  }

  /// Its name, and the queue: `buffer-1 before [a, b, c]`.
  @Override
  public String toString() {
    return name + " before " + queue;
  }
}
