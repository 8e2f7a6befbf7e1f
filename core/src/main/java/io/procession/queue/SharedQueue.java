package io.procession.queue;

import static java.util.Objects.requireNonNull;

import io.procession.internal.arena.Attached;
import io.procession.internal.arena.CellKind;
import io.procession.internal.arena.CellRef;
import io.procession.internal.arena.Session;
import io.procession.internal.arena.Unreachable;
import io.procession.internal.ring.MessageRing;
import io.procession.internal.ring.RingDeadline;
import io.procession.internal.ring.RingFullException;
import io.procession.internal.ring.RingLimits;
import io.procession.internal.ring.RingScan;
import io.procession.serial.ByteSink;
import io.procession.serial.Codec;
import io.procession.serial.Handle;
import io.procession.serial.NotSendableException;
import java.io.Serializable;
import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.util.AbstractQueue;
import java.util.Collection;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.StringJoiner;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

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
/// [#close] ends the use of the queue in this process. One that was never sent is freed by that, or
/// when it becomes unreachable; one that was sent, lives until [#destroy] or the end of the session.
///
/// @param <E> the type of the elements
public final class SharedQueue<E> extends AbstractQueue<E>
    implements BlockingQueue<E>, Serializable, AutoCloseable {
  private static final long serialVersionUID = 1L;

  /// Elements that [#toString] reads: a queue may have millions.
  private static final int MOST_SHOWN = 32;

  private static final AtomicInteger COUNT = new AtomicInteger();
  private static final Attached<CellRef, SharedQueue<?>> ATTACHED =
      new Attached<>() {
        @Override
        protected boolean isUsable(SharedQueue<?> queue) {
          return queue.ring.isUsable();
        }
      };

  private final transient MessageRing ring;
  private final transient String name;
  private final transient ElementCodec<E> codec;
  private transient Cleaner.@Nullable Cleanable net;

  private SharedQueue(MessageRing ring, String name) {
    this.ring = ring;
    this.name = name;
    this.codec = new ElementCodec<>(Codec.standard(), name);
  }

  /// Makes an unbounded queue.
  ///
  /// @param <E> the type of the elements
  /// @return the queue
  public static <E> SharedQueue<E> open() {
    return open(QueueOptions.defaults());
  }

  /// Makes a queue that holds at most `capacity` elements.
  ///
  /// @param <E> the type of the elements
  /// @param capacity most elements at a time
  /// @return the queue
  /// @throws IllegalArgumentException if the capacity is not positive
  public static <E> SharedQueue<E> open(int capacity) {
    return open(QueueOptions.defaults().withCapacity(capacity));
  }

  /// Makes a queue.
  ///
  /// @param <E> the type of the elements
  /// @param options how
  /// @return the queue
  public static <E> SharedQueue<E> open(QueueOptions options) {
    String name = "queue-" + COUNT.incrementAndGet();
    MessageRing ring =
        MessageRing.create(Session.current(), CellKind.QUEUE, name, options.toLimits(), false);
    SharedQueue<E> queue = new SharedQueue<>(ring, name);
    queue.net = Unreachable.watch(queue, ring::destroyUnlessSent);
    ATTACHED.put(ring.ref(), queue);
    return queue;
  }

  /// The queue that a handle names; one object for each queue in a process.
  static SharedQueue<?> attach(Handle handle) {
    var ref = new CellRef(handle.session(), handle.cell(), handle.generation());
    SharedQueue<?> known = ATTACHED.get(ref);
    if (known != null) {
      return known;
    }
    Session session = Session.current();
    MessageRing ring = MessageRing.attach(session, ref, CellKind.QUEUE);
    return ATTACHED.put(ref, new SharedQueue<>(ring, session.directory().name(ref.cell())));
  }

  private Object writeReplace() {
    if (!ring.isUsable()) {
      throw new IllegalStateException(
          "a queue that is closed or destroyed cannot be sent: queue=" + name);
    }
    CellRef ref = ring.ref();
    return new Handle(
        SharedQueue.class.getName(),
        ref.session(),
        ref.cell(),
        ref.generation(),
        0,
        this::markSent);
  }

  private void markSent() {
    try {
      ring.markSent();
    } finally {
      Reference.reachabilityFence(this); // until then it is freed when it is unreachable
    }
  }

  /// The name it has in messages: `queue-` and a number.
  ///
  /// @return the name
  public String name() {
    return name;
  }

  /// Inserts an element, waiting for room if the queue is bounded.
  ///
  /// @throws InterruptedException if interrupted before or while waiting; nothing was inserted
  /// @throws NotSendableException if the element cannot be sent
  /// @throws IllegalStateException if the elements nobody takes fill the memory allowed for them, or
  ///     the queue is closed or destroyed
  @Override
  public void put(E element) throws InterruptedException {
    requireNonNull(element, "element");
    checkInterrupt();
    ByteSink sink = codec.encode(element);
    try {
      ring.put(sink, RingDeadline.FOREVER);
    } catch (RingFullException e) {
      throw noMemory(e);
    } finally {
      codec.recycle(sink);
      Reference.reachabilityFence(this);
    }
  }

  /// Inserts an element if there is room for it.
  ///
  /// @throws NotSendableException if the element cannot be sent
  /// @throws IllegalStateException if the queue is full, or its elements fill the memory allowed for
  ///     them
  @Override
  public boolean add(E element) {
    requireNonNull(element, "element");
    ByteSink sink = codec.encode(element);
    try {
      MessageRing.Outcome outcome = ring.put(sink, RingDeadline.NOW);
      if (outcome != MessageRing.Outcome.DONE) {
        throw new IllegalStateException(name + " is full: capacity=" + ring.capacity());
      }
      return true;
    } catch (RingFullException e) {
      throw noMemory(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e); // it does not wait
    } finally {
      codec.recycle(sink);
      Reference.reachabilityFence(this);
    }
  }

  /// Inserts an element if there is room for it.
  ///
  /// @return false if the queue is full, or its elements fill the memory allowed for them
  /// @throws NotSendableException if the element cannot be sent
  @Override
  public boolean offer(E element) {
    requireNonNull(element, "element");
    try {
      return offerUntil(element, RingDeadline.NOW);
    } catch (InterruptedException e) {
      throw new AssertionError(e); // it does not wait
    }
  }

  /// Inserts an element, waiting for room up to a time limit.
  ///
  /// @return false if there was none in time
  /// @throws InterruptedException if interrupted before or while waiting; nothing was inserted
  /// @throws NotSendableException if the element cannot be sent
  @Override
  public boolean offer(E element, long timeout, TimeUnit unit) throws InterruptedException {
    requireNonNull(element, "element");
    checkInterrupt();
    return offerUntil(element, RingDeadline.after(unit.toNanos(timeout)));
  }

  private boolean offerUntil(E element, long deadline) throws InterruptedException {
    ByteSink sink = codec.encode(element);
    try {
      return ring.offer(sink, deadline) == MessageRing.Outcome.DONE;
    } finally {
      codec.recycle(sink);
      Reference.reachabilityFence(this);
    }
  }

  /// Takes the first element, waiting for one.
  ///
  /// @throws InterruptedException if interrupted before or while waiting; nothing was taken
  /// @throws IllegalStateException if what was taken cannot be rebuilt in this process, or the queue
  ///     is closed or destroyed
  @Override
  public E take() throws InterruptedException {
    checkInterrupt();
    byte[] bytes = takeUntil(RingDeadline.FOREVER);
    while (bytes == null) {
      bytes = takeUntil(RingDeadline.FOREVER);
    }
    return codec.decode(bytes);
  }

  /// Takes the first element, if there is one.
  ///
  /// @return the element, or null
  @Override
  public @Nullable E poll() {
    try {
      byte[] bytes = takeUntil(RingDeadline.NOW);
      return bytes == null ? null : codec.decode(bytes);
    } catch (InterruptedException e) {
      throw new AssertionError(e); // it does not wait
    }
  }

  /// Takes the first element, waiting for one up to a time limit.
  ///
  /// @return the element, or null
  /// @throws InterruptedException if interrupted before or while waiting; nothing was taken
  @Override
  public @Nullable E poll(long timeout, TimeUnit unit) throws InterruptedException {
    checkInterrupt();
    byte[] bytes = takeUntil(RingDeadline.after(unit.toNanos(timeout)));
    return bytes == null ? null : codec.decode(bytes);
  }

  private byte @Nullable [] takeUntil(long deadline) throws InterruptedException {
    try {
      return ring.take(deadline);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  /// Looks at the first element without taking it.
  ///
  /// @return the element, or null if there is none
  @Override
  public @Nullable E peek() {
    try {
      RingScan.Found first = ring.scan().next(1);
      return first == null ? null : codec.decode(first.bytes());
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  /// The number of elements at the moment of asking.
  @Override
  public int size() {
    try {
      return (int) Math.min(ring.size(), Integer.MAX_VALUE);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  /// How many more elements there is room for at the moment of asking; [Integer#MAX_VALUE] if the
  /// queue is unbounded.
  @Override
  public int remainingCapacity() {
    if (ring.capacity() == RingLimits.UNBOUNDED) {
      return Integer.MAX_VALUE;
    }
    return (int) Math.max(0, ring.capacity() - size());
  }

  @Override
  public int drainTo(Collection<? super E> target) {
    return drainTo(target, Integer.MAX_VALUE);
  }

  /// Takes the elements that are there and adds them to a collection. If that throws, the element
  /// is in neither.
  @Override
  @SuppressWarnings("ReferenceEquality") // a queue is equal to itself alone
  public int drainTo(Collection<? super E> target, int maxElements) {
    requireNonNull(target, "target");
    if (target == this) {
      throw new IllegalArgumentException("a queue cannot be drained to itself: queue=" + name);
    }
    int most = Math.min(maxElements, size());
    int drained = 0;
    while (drained < most) {
      E element = poll();
      if (element == null) {
        break;
      }
      target.add(element);
      drained++;
    }
    return drained;
  }

  /// Removes all elements that are there at the time of the call.
  @Override
  public void clear() {
    try {
      ring.clear();
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  @Override
  public boolean contains(@Nullable Object element) {
    return element != null && find(element) != null;
  }

  /// Removes the first element that is equal to the argument.
  ///
  /// @return whether there was one
  @Override
  public boolean remove(@Nullable Object element) {
    if (element == null) {
      return false;
    }
    try {
      while (true) {
        RingScan.Found found = find(element);
        if (found == null) {
          return false;
        }
        if (removeFound(found)) {
          return true;
        }
      }
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  private boolean removeFound(RingScan.Found found) {
    try {
      return ring.remove(found);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  private RingScan.@Nullable Found find(Object element) {
    try {
      RingScan scan = ring.scan();
      RingScan.Found found = scan.next();
      while (found != null && !element.equals(codec.decode(found.bytes()))) {
        found = scan.next();
      }
      return found;
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  /// A weakly consistent iterator from the first element on; it can remove.
  @Override
  public Iterator<E> iterator() {
    return new Elements();
  }

  @Override
  public Spliterator<E> spliterator() {
    return Spliterators.spliteratorUnknownSize(
        iterator(), Spliterator.ORDERED | Spliterator.NONNULL | Spliterator.CONCURRENT);
  }

  /// Ends the use of this queue in this process: threads that wait in it, and later calls, get an
  /// [IllegalStateException]. Frees the queue if it was never sent.
  @Override
  public void close() {
    ring.detach();
    if (net != null) {
      net.clean();
    }
  }

  /// The first elements, as other collections show theirs, and how many more there are:
  /// `[a, b, c]`, `[..., and 17 more]`; or that the queue is closed.
  @Override
  public String toString() {
    try {
      return ring.isUsable() ? shown() : name + " (closed)";
    } catch (IllegalStateException e) {
      return name + " (closed)"; // meanwhile
    }
  }

  private String shown() {
    var text = new StringJoiner(", ", "[", "]");
    RingScan scan = ring.scan();
    int shown = 0;
    for (RingScan.Found found = scan.next(); found != null; found = scan.next()) {
      if (shown == MOST_SHOWN) {
        return text.add("and " + (size() - shown) + " more").toString();
      }
      text.add(shown(found));
      shown++;
    }
    return text.toString();
  }

  @SuppressWarnings("ReferenceEquality") // a queue is equal to itself alone
  private String shown(RingScan.Found found) {
    try {
      E element = codec.decode(found.bytes());
      return element == this ? "(this Collection)" : String.valueOf(element);
    } catch (RuntimeException e) {
      return "(unreadable here: " + e + ")";
    }
  }

  /// Frees the queue with all it holds, for every process: whoever waits in it or uses it later
  /// gets an [IllegalStateException]. Does nothing if it has been destroyed before.
  public void destroy() {
    ring.detach();
    ring.destroy();
  }

  private IllegalStateException noMemory(RingFullException e) {
    return new IllegalStateException(
        name
            + " is out of memory: "
            + e.getMessage()
            + "; take elements, bound their number, or raise QueueOptions.maxBytes",
        e);
  }

  private static void checkInterrupt() throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
  }

  private final class Elements implements Iterator<E> {
    private final RingScan scan = ring.scan();
    private RingScan.@Nullable Found next = scan.next();
    private RingScan.@Nullable Found last;

    @Override
    public boolean hasNext() {
      return next != null;
    }

    @Override
    public E next() {
      RingScan.Found found = next;
      if (found == null) {
        throw new NoSuchElementException();
      }
      E element = codec.decode(found.bytes());
      last = found;
      next = scan.next();
      return element;
    }

    @Override
    public void remove() {
      RingScan.Found found = last;
      if (found == null) {
        throw new IllegalStateException("next has not been called since the last remove");
      }
      last = null;
      removeFound(found);
    }
  }
}
