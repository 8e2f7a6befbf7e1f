package io.procession.queue;

import static java.util.Objects.requireNonNull;

import io.procession.connection.Waitable;
import io.procession.internal.arena.Attached;
import io.procession.internal.arena.CellRef;
import io.procession.internal.arena.Session;
import io.procession.internal.arena.Unreachable;
import io.procession.internal.arena.Waiting;
import io.procession.internal.check.Require;
import io.procession.internal.posix.Interruption;
import io.procession.internal.posix.MessageQueue;
import io.procession.internal.posix.Platform;
import io.procession.internal.posix.Until;
import io.procession.internal.watch.Source;
import io.procession.internal.watch.Sources;
import io.procession.serial.ByteSink;
import io.procession.serial.Codec;
import io.procession.serial.Handle;
import io.procession.serial.NotSendableException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ref.Reference;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// A queue that the kernel keeps: a POSIX message queue (`mq_open`), with priorities. Linux only.
///
/// It holds at most [#maxMessages] elements of at most [#maxMessageBytes] bytes each; both are small by
/// default (10 and 8,192), and the system limits them, and the bytes of all message queues of a user
/// together. So a [SharedQueue] is the better queue but where priorities or the kernel's own accounting
/// of memory are wanted.
///
/// Elements are copied by value: they must be serializable. Those of higher priority are taken first, and
/// those of one priority in the order in which they were put. An element that was put is there even if
/// its process dies the moment after; one that a process had taken is gone with it. Nulls are refused.
///
/// It has no name by which strangers could find it, and goes with the last process that has it open:
/// nothing stays when all are killed. The queue can be sent to other processes of the session. A process
/// that receives it opens it from one that has it open, so one of those must still be alive.
///
/// It is no `BlockingQueue`, since the kernel shows no element that is not taken: there is no iterator
/// and no `peek`. All methods are safe for all threads and processes.
///
/// @param <E> the type of the elements
public final class PosixQueue<E> implements ProcessQueue<E>, Waitable {
  /// The highest priority; the lowest, and that of elements put without one, is 0.
  public static final int MAX_PRIORITY = MessageQueue.PRIORITIES - 1;

  private static final String SYSTEM_DEFAULT = "0 is the system's default";

  private static final long serialVersionUID = 1L;

  static {
    Sources.register(PosixQueue.class, new SourceOfQueue());
  }

  private static final AtomicInteger MADE = new AtomicInteger();
  private static final Attached<CellRef, PosixQueue<?>> ATTACHED =
      new Attached<>() {
        @Override
        protected boolean isUsable(PosixQueue<?> queue) {
          return queue.kernel.isUsable();
        }
      };

  private final transient KernelQueue kernel;
  private final transient ElementCodec<E> codec;
  private final transient Runnable net;

  private PosixQueue(KernelQueue kernel) {
    this.kernel = kernel;
    this.codec = new ElementCodec<>(Codec.standard(), kernel.name());
    this.net = Unreachable.watch(this, kernel::close)::clean;
  }

  /// Makes a queue of the system's default size.
  ///
  /// @param <E> the type of the elements
  /// @return the queue
  /// @throws UncheckedIOException that names the limit, if the system refuses
  /// @throws UnsupportedOperationException on a platform without POSIX message queues
  public static <E> PosixQueue<E> create() {
    return create(0, 0);
  }

  /// Makes a queue with the sizes that the system gives.
  ///
  /// @param <E> the type of the elements
  /// @param name for messages; need not be unique, and is cut to 32 bytes where it was received
  /// @return the queue
  /// @throws UncheckedIOException that names the limit, if the system refuses
  /// @throws UnsupportedOperationException on a platform without POSIX message queues
  public static <E> PosixQueue<E> create(String name) {
    return create(name, 0, 0);
  }

  /// Makes a queue.
  ///
  /// @param <E> the type of the elements
  /// @param maxMessages most elements at a time, 0 for the system's default
  /// @param maxMessageBytes most bytes of an element, 0 for the system's default
  /// @return the queue
  /// @throws IllegalArgumentException if one is negative
  /// @throws UncheckedIOException that names the limit, the system's maximum and how to raise it, if
  ///     the system refuses
  /// @throws UnsupportedOperationException on a platform without POSIX message queues
  public static <E> PosixQueue<E> create(int maxMessages, int maxMessageBytes) {
    return create("posix-queue-" + MADE.incrementAndGet(), maxMessages, maxMessageBytes);
  }

  /// Makes a queue.
  ///
  /// @param <E> the type of the elements
  /// @param name for messages; need not be unique, and is cut to 32 bytes where it was received
  /// @param maxMessages most elements at a time, 0 for the system's default
  /// @param maxMessageBytes most bytes of an element, 0 for the system's default
  /// @return the queue
  /// @throws IllegalArgumentException if a size is negative
  /// @throws UncheckedIOException that names the limit, the system's maximum and how to raise it, if
  ///     the system refuses
  /// @throws UnsupportedOperationException on a platform without POSIX message queues
  public static <E> PosixQueue<E> create(String name, int maxMessages, int maxMessageBytes) {
    Require.notNull("name", name);
    Require.notNegative("maxMessages", maxMessages, SYSTEM_DEFAULT);
    Require.notNegative("maxMessageBytes", maxMessageBytes, SYSTEM_DEFAULT);
    if (Platform.current() != Platform.NATIVE) {
      throw new UnsupportedOperationException(
          "this platform has no POSIX message queues: platform="
              + Platform.current()
              + "; use queue() or pipeQueue(), which work everywhere");
    }
    try {
      KernelQueue kernel =
          KernelQueue.create(Session.current(), name, maxMessages, maxMessageBytes);
      PosixQueue<E> made = new PosixQueue<>(kernel);
      ATTACHED.put(kernel.ref(), made);
      return made;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The queue that a handle names; one object for each queue in a process.
  static PosixQueue<?> attach(Handle handle) throws IOException {
    var ref = new CellRef(handle.session(), handle.cell(), handle.generation());
    PosixQueue<?> known = ATTACHED.get(ref);
    if (known != null) {
      return known;
    }
    PosixQueue<?> arrived = new PosixQueue<>(KernelQueue.find(Session.current(), ref));
    PosixQueue<?> noted = ATTACHED.put(ref, arrived);
    if (!noted.equals(arrived)) {
      arrived.close();
    }
    return noted;
  }

  /// Puts an element of priority 0, waiting for room.
  ///
  /// @param element the element
  /// @throws InterruptedException if interrupted before or while waiting; nothing was put
  /// @throws NotSendableException if the element cannot be sent
  /// @throws IllegalArgumentException if the element takes more than [#maxMessageBytes] bytes
  /// @throws IllegalStateException if the queue is closed or destroyed
  @Override
  public void put(E element) throws InterruptedException {
    put(element, 0);
  }

  /// Puts an element, waiting for room.
  ///
  /// @param element the element
  /// @param priority 0 to [#MAX_PRIORITY]; higher ones are taken first
  /// @throws InterruptedException if interrupted before or while waiting; nothing was put
  /// @throws NotSendableException if the element cannot be sent
  /// @throws IllegalArgumentException if the element takes more than [#maxMessageBytes] bytes, or there
  ///     is no such priority
  /// @throws IllegalStateException if the queue is closed or destroyed
  public void put(E element, int priority) throws InterruptedException {
    Interruption.checkInterrupt();
    boolean _ = send(element, priority, Waiting.forever());
  }

  /// Puts an element of priority 0 if there is room.
  ///
  /// @param element the element
  /// @return false if there is none
  /// @throws NotSendableException if the element cannot be sent
  /// @throws IllegalArgumentException if the element takes more than [#maxMessageBytes] bytes
  /// @throws IllegalStateException if the queue is closed or destroyed
  public boolean offer(E element) {
    try {
      return send(element, 0, System.nanoTime());
    } catch (InterruptedException e) {
      throw new AssertionError(e); // it does not wait
    }
  }

  /// Puts an element of priority 0, waiting for room up to a time limit.
  ///
  /// @param element the element
  /// @param timeout how long at most
  /// @param unit of the time limit
  /// @return false if there was none in time
  /// @throws InterruptedException if interrupted before or while waiting; nothing was put
  /// @throws NotSendableException if the element cannot be sent
  /// @throws IllegalArgumentException if the element takes more than [#maxMessageBytes] bytes
  /// @throws IllegalStateException if the queue is closed or destroyed
  public boolean offer(E element, long timeout, TimeUnit unit) throws InterruptedException {
    return offer(element, 0, timeout, unit);
  }

  /// Puts an element, waiting for room up to a time limit.
  ///
  /// @param element the element
  /// @param priority 0 to [#MAX_PRIORITY]; higher ones are taken first
  /// @param timeout how long at most
  /// @param unit of the time limit
  /// @return false if there was none in time
  /// @throws InterruptedException if interrupted before or while waiting; nothing was put
  /// @throws NotSendableException if the element cannot be sent
  /// @throws IllegalArgumentException if the element takes more than [#maxMessageBytes] bytes, or there
  ///     is no such priority
  /// @throws IllegalStateException if the queue is closed or destroyed
  public boolean offer(E element, int priority, long timeout, TimeUnit unit)
      throws InterruptedException {
    Interruption.checkInterrupt();
    return send(element, priority, Until.after(unit.toNanos(timeout)));
  }

  /// Takes the first element of the highest priority, waiting for one.
  ///
  /// @return the element
  /// @throws InterruptedException if interrupted before or while waiting; nothing was taken
  /// @throws IllegalStateException if what was taken cannot be rebuilt in this process, or the queue is
  ///     closed or destroyed
  @Override
  public E take() throws InterruptedException {
    Interruption.checkInterrupt();
    byte[] bytes = null;
    while (bytes == null) {
      bytes = receive(Waiting.forever());
    }
    return codec.decode(bytes);
  }

  /// Takes the first element of the highest priority, if there is one.
  ///
  /// @return the element, or null
  /// @throws IllegalStateException if what was taken cannot be rebuilt in this process, or the queue is
  ///     closed or destroyed
  @Override
  public @Nullable E poll() {
    try {
      byte[] bytes = receive(System.nanoTime());
      return bytes == null ? null : codec.decode(bytes);
    } catch (InterruptedException e) {
      throw new AssertionError(e); // it does not wait
    }
  }

  /// Takes the first element of the highest priority, waiting for one up to a time limit.
  ///
  /// @param timeout how long at most
  /// @param unit of the time limit
  /// @return the element, or null
  /// @throws InterruptedException if interrupted before or while waiting; nothing was taken
  /// @throws IllegalStateException if what was taken cannot be rebuilt in this process, or the queue is
  ///     closed or destroyed
  @Override
  public @Nullable E poll(long timeout, TimeUnit unit) throws InterruptedException {
    Interruption.checkInterrupt();
    byte[] bytes = receive(Until.after(unit.toNanos(timeout)));
    return bytes == null ? null : codec.decode(bytes);
  }

  /// Takes what is there, one by one, and adds it to a collection. If that throws, the element is in
  /// neither.
  ///
  /// @param target where to
  /// @return how many
  public int drainTo(Collection<? super E> target) {
    Require.notNull("target", target);
    int drained = 0;
    int most = size();
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

  /// The number of elements at the moment of asking.
  ///
  /// @return the number
  public int size() {
    try {
      return kernel.size();
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  /// Whether there is no element at the moment of asking.
  ///
  /// @return whether
  @Override
  public boolean isEmpty() {
    return size() == 0;
  }

  /// Whether there is no room at the moment of asking.
  ///
  /// @return whether
  public boolean isFull() {
    return size() >= kernel.maxMessages();
  }

  /// How many more elements there is room for at the moment of asking.
  ///
  /// @return the number
  public int remainingCapacity() {
    return Math.max(0, kernel.maxMessages() - size());
  }

  /// The most elements at a time.
  ///
  /// @return the number
  public int maxMessages() {
    return kernel.maxMessages();
  }

  /// The most bytes of an element as it is sent.
  ///
  /// @return the number
  public int maxMessageBytes() {
    return kernel.maxMessageBytes();
  }

  /// The name it has in messages: `posix-queue-` and a number, if it was given none.
  ///
  /// @return the name
  @Override
  public String name() {
    return kernel.name();
  }

  @Override
  public BlockingQueue<E> asBlockingQueue() {
    return new BlockingView<>(this);
  }

  /// Returns at once: there is no thread between this queue and its readers.
  @Override
  public void joinThread() {}

  /// Does nothing: there is no thread between this queue and its readers.
  @Override
  public void cancelJoinThread() {}

  /// Ends the use of the queue in this process: threads that wait in it, and later calls, get an
  /// [IllegalStateException]. The queue goes when nobody has it open any more.
  @Override
  public void close() {
    net.run();
  }

  /// Ends the use of the queue in every process, where it is noticed at the next call, and within 100 ms
  /// by those who wait.
  public void destroy() {
    kernel.destroy();
    net.run();
  }

  @Override
  public String toString() {
    if (!kernel.isUsable()) {
      return "PosixQueue[" + name() + ", closed]";
    }
    return "PosixQueue[" + name() + ", " + size() + " of " + maxMessages() + "]";
  }

  private boolean send(E element, int priority, long deadline) throws InterruptedException {
    requireNonNull(element, QueueElements.NO_NULL);
    Require.between("priority", priority, 0, MAX_PRIORITY);
    kernel.check();
    ByteSink sink = codec.encode(element);
    try {
      return kernel.send(sink, priority, deadline);
    } finally {
      codec.recycle(sink);
      Reference.reachabilityFence(this);
    }
  }

  private byte @Nullable [] receive(long deadline) throws InterruptedException {
    try {
      return kernel.receive(deadline);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  private Object writeReplace() {
    kernel.check();
    CellRef ref = kernel.ref();
    return new Handle(
        PosixQueue.class.getName(), ref.session(), ref.cell(), ref.generation(), 0, this::markSent);
  }

  private void markSent() {
    try {
      kernel.markSent();
    } finally {
      Reference.reachabilityFence(this); // until then it is freed when it is unreachable
    }
  }

  /// The way of a buffer's elements into this queue.
  Outlet<E> outlet() {
    return new Outlet<>() {
      @Override
      public Object prepare(E element) {
        ByteSink sink =
            codec.encode(requireNonNull(element, QueueElements.NO_NULL)); // kept until it is sent
        kernel.checkSize(sink);
        byte[] _ = sink.array(); // long arrays are the caller's until then
        return sink;
      }

      @Override
      public int bytes(Object prepared) {
        return ((ByteSink) prepared).length();
      }

      @Override
      public void send(List<Object> prepared) throws InterruptedException {
        try {
          for (Object sink : prepared) {
            boolean _ = kernel.send((ByteSink) sink, 0, Waiting.forever());
          }
        } finally {
          Reference.reachabilityFence(PosixQueue.this);
        }
      }
    };
  }

  /// Where [Waitable] finds what it needs.
  @SuppressWarnings("rawtypes") // a class literal has no type arguments
  private static final class SourceOfQueue implements Sources.Of<PosixQueue> {
    @Override
    public Source source(PosixQueue queue) {
      return queue.kernel.source();
    }
  }
}
