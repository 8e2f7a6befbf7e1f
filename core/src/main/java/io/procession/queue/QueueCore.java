package io.procession.queue;

import static java.util.Objects.requireNonNull;

import io.procession.internal.arena.CellKind;
import io.procession.internal.arena.CellRef;
import io.procession.internal.arena.Session;
import io.procession.internal.arena.Unreachable;
import io.procession.internal.check.Require;
import io.procession.internal.posix.Interruption;
import io.procession.internal.posix.Until;
import io.procession.internal.ring.MessageBatch;
import io.procession.internal.ring.MessageRing;
import io.procession.internal.ring.RingFullException;
import io.procession.internal.ring.RingLimits;
import io.procession.internal.ring.RingScan;
import io.procession.internal.ring.RingSource;
import io.procession.internal.watch.Source;
import io.procession.serial.ByteSink;
import io.procession.serial.Codec;
import io.procession.serial.Handle;
import io.procession.serial.LargeArrays;
import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// What every queue of this package has in a process: a ring of messages, its name, and the way from
/// elements to bytes and back. A ring that was never sent is freed when this is unreachable.
final class QueueCore<E> implements Outlet<E> {
  private static final AtomicInteger COUNT = new AtomicInteger();

  private final MessageRing ring;
  private final String name;
  private final ElementCodec<E> codec;
  private Cleaner.@Nullable Cleanable net;

  private QueueCore(MessageRing ring, String name) {
    this.ring = ring;
    this.name = name;
    this.codec = new ElementCodec<>(Codec.standard(), name);
  }

  /// The name of one that is given none.
  static String nextName() {
    return "queue-" + COUNT.incrementAndGet();
  }

  static <E> QueueCore<E> create(String name, RingLimits limits) {
    return watched(
        MessageRing.create(Session.current(), CellKind.QUEUE, name, limits, false), name);
  }

  /// One that counts what its takers are not done with.
  static <E> QueueCore<E> createCounting(String name, QueueOptions options) {
    return watched(
        MessageRing.createCounting(
            Session.current(),
            CellKind.QUEUE,
            name,
            Require.notNull("options", options).toLimits()),
        name);
  }

  private static <E> QueueCore<E> watched(MessageRing ring, String name) {
    QueueCore<E> core = new QueueCore<>(ring, name);
    core.net = Unreachable.watch(core, ring::destroyUnlessSent);
    return core;
  }

  static <E> QueueCore<E> attach(CellRef ref) {
    Session session = Session.current();
    MessageRing ring = MessageRing.attach(session, ref, CellKind.QUEUE);
    return new QueueCore<>(ring, session.directory().name(ref.cell()));
  }

  static CellRef ref(Handle handle) {
    return new CellRef(handle.session(), handle.cell(), handle.generation());
  }

  CellRef ref() {
    return ring.ref();
  }

  /// What is sent in a queue's stead.
  Handle handle(Class<?> type) {
    if (!ring.isUsable()) {
      throw new IllegalStateException(
          "a queue that is closed or destroyed cannot be sent: queue=" + name);
    }
    CellRef ref = ring.ref();
    return new Handle(
        type.getName(), ref.session(), ref.cell(), ref.generation(), 0, this::markSent);
  }

  private void markSent() {
    try {
      ring.markSent();
    } finally {
      Reference.reachabilityFence(this); // until then it is freed when it is unreachable
    }
  }

  String name() {
    return name;
  }

  /// How the queue takes part in a wait for any of several objects.
  Source source() {
    return new RingSource(ring, name);
  }

  boolean isUsable() {
    return ring.isUsable();
  }

  E decode(byte[] bytes) {
    return codec.decode(bytes);
  }

  /// Inserts an element; throws where memory is used up.
  ///
  /// @return false if there was no room in time
  boolean put(E element, long deadline) throws InterruptedException {
    ByteSink sink = codec.encode(requireNonNull(element, QueueElements.NO_NULL));
    try {
      return isDone(ring.put(sink, deadline));
    } catch (RingFullException e) {
      throw noMemory(e);
    } finally {
      codec.recycle(sink);
      Reference.reachabilityFence(this);
    }
  }

  /// Inserts an element, waiting for memory, too.
  ///
  /// @return false if there was no room in time
  boolean offer(E element, long deadline) throws InterruptedException {
    ByteSink sink = codec.encode(requireNonNull(element, QueueElements.NO_NULL));
    try {
      return isDone(ring.offer(sink, deadline));
    } finally {
      codec.recycle(sink);
      Reference.reachabilityFence(this);
    }
  }

  private boolean isDone(MessageRing.Outcome outcome) {
    if (outcome == MessageRing.Outcome.SHUT_DOWN) {
      throw new QueueShutDownException(name);
    }
    return outcome == MessageRing.Outcome.DONE;
  }

  /// Inserts elements in their order, waiting for room.
  void putMany(Iterable<? extends E> elements) throws InterruptedException {
    for (MessageBatch batch : encode(elements)) {
      put(batch);
    }
  }

  void put(MessageBatch batch) throws InterruptedException {
    try {
      boolean _ = isDone(ring.putAll(batch, Until.FOREVER));
    } catch (RingFullException e) {
      throw noMemory(e);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  /// An element as bytes, with the handles that leave with it.
  @SuppressWarnings("ArrayRecordComponent") // nobody compares it
  private record Encoded(byte[] bytes, List<Handle> handles) {}

  @Override
  public Object prepare(E element) {
    ByteSink sink = codec.encode(requireNonNull(element, QueueElements.NO_NULL));
    try {
      ring.checkFits(sink.length());
      return new Encoded(sink.toByteArray(), sink.handles());
    } finally {
      codec.recycle(sink);
    }
  }

  @Override
  public int bytes(Object prepared) {
    return ((Encoded) prepared).bytes.length;
  }

  /// Inserts what was prepared, waiting for memory, too.
  @Override
  public void send(List<Object> prepared) throws InterruptedException {
    MessageBatch batch = new MessageBatch();
    for (Object each : prepared) {
      Encoded encoded = (Encoded) each;
      batch.add(encoded.bytes, encoded.bytes.length, encoded.handles);
    }
    try {
      boolean _ = isDone(ring.offerAll(batch, Until.FOREVER));
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  private List<MessageBatch> encode(Iterable<? extends E> elements) {
    List<MessageBatch> batches = new ArrayList<>();
    MessageBatch open = null;
    for (E element : elements) {
      ByteSink sink = codec.encode(requireNonNull(element, QueueElements.NO_NULL));
      try {
        if (open == null || !open.hasRoomFor(sink)) {
          open = new MessageBatch();
          batches.add(open);
        }
        open.add(sink);
      } finally {
        codec.recycle(sink);
      }
    }
    return batches;
  }

  /// Takes the first element, waiting for one as long as it takes.
  E take() throws InterruptedException {
    Interruption.checkInterrupt();
    E element = take(Until.FOREVER);
    while (element == null) {
      element = take(Until.FOREVER);
    }
    return element;
  }

  /// Takes the first element, if there is one.
  @Nullable E poll() {
    try {
      return take(Until.NOW);
    } catch (InterruptedException e) {
      throw new AssertionError(e); // it does not wait
    }
  }

  /// Takes the first element, waiting for one up to a time limit.
  @Nullable E poll(long timeout, TimeUnit unit) throws InterruptedException {
    Interruption.checkInterrupt();
    return take(Until.after(unit.toNanos(timeout)));
  }

  /// Takes the first element.
  ///
  /// @return null if none came in time
  @SuppressWarnings("ReferenceEquality") // an array that is a signal
  @Nullable E take(long deadline) throws InterruptedException {
    LargeArrays arrays = new LargeArrays();
    byte[] bytes;
    try {
      bytes = ring.take(deadline, arrays);
    } finally {
      Reference.reachabilityFence(this);
    }
    if (bytes == MessageRing.SHUT_DOWN) {
      throw new QueueShutDownException(name);
    }
    return bytes == null ? null : codec.decode(bytes, arrays);
  }

  /// Moves elements that are there to a collection, many under one lock.
  ///
  /// @return how many
  int drain(Collection<? super E> target, int most) {
    int drained = 0;
    List<byte[]> batch = new ArrayList<>();
    try {
      long end = ring.appended();
      while (drained < most) {
        batch.clear();
        boolean goesOn = takeAll(batch, most - drained, end);
        deliver(batch, target);
        drained += batch.size();
        if (!goesOn) {
          break;
        }
      }
      return drained;
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  /// Takes elements that are there.
  ///
  /// @return false if that is all: nothing was there, or the next one failed, as there is no memory for it. That
  ///     one stays, and whoever comes next meets the failure; those before it were taken, and are handed over
  private boolean takeAll(List<byte[]> batch, int most, long end) {
    try {
      ring.takeAll(batch, most, end);
      return !batch.isEmpty();
    } catch (RuntimeException | Error e) {
      if (batch.isEmpty()) {
        throw e;
      }
      return false;
    }
  }

  private void deliver(List<byte[]> batch, Collection<? super E> target) {
    int next = 0;
    E element = null;
    boolean done = false;
    Throwable failure = null;
    try {
      while (next < batch.size()) {
        element = null;
        byte[] bytes = batch.get(next++);
        element = codec.decode(bytes);
        target.add(element);
      }
      done = true;
    } catch (RuntimeException | Error e) {
      failure = e;
      throw e;
    } finally {
      if (!done && failure != null) {
        keep(element, batch.subList(next, batch.size()), failure);
      }
    }
  }

  /// Attaches what was taken and not handed over to what was thrown.
  @SuppressWarnings("ReferenceEquality") // what is meant
  private void keep(@Nullable E first, List<byte[]> rest, Throwable failure) {
    List<Object> kept = new ArrayList<>();
    if (first != null) {
      kept.add(first);
    }
    for (byte[] bytes : rest) {
      try {
        kept.add(codec.decode(bytes));
      } catch (RuntimeException | Error e) {
        if (e != failure) { // the JVM may have one OutOfMemoryError for all
          failure.addSuppressed(e);
        }
      }
    }
    if (!kept.isEmpty()) {
      failure.addSuppressed(new UndrainedException(name, kept));
    }
  }

  long size() {
    try {
      return ring.size();
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  /// The most elements, [RingLimits#UNBOUNDED] for any number.
  long capacity() {
    return ring.capacity();
  }

  void clear() {
    try {
      ring.clear();
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  RingScan scan() {
    return ring.scan();
  }

  boolean remove(RingScan.Found found) {
    try {
      return ring.remove(found);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  void shutDown(boolean immediate) {
    try {
      ring.shutDown(immediate);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  boolean isShutDown() {
    return ring.isShutDown();
  }

  boolean taskDone() {
    try {
      return ring.taskDone();
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  long unfinished() {
    try {
      return ring.unfinished();
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  boolean awaitFinished(long deadline) throws InterruptedException {
    try {
      return ring.awaitFinished(deadline);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  void close() {
    ring.detach();
    if (net != null) {
      net.clean();
    }
  }

  void destroy() {
    ring.destroy();
  }

  private IllegalStateException noMemory(RingFullException e) {
    String remedy =
        e.isTooLong()
            ? "; raise QueueOptions.maxBytes, or put it in parts"
            : "; take elements, bound their number, or raise QueueOptions.maxBytes";
    return new IllegalStateException(
        name + (e.isTooLong() ? ": " : " is out of memory: ") + e.getMessage() + remedy, e);
  }
}
