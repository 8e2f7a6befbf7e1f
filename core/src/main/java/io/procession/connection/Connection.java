package io.procession.connection;

import static java.util.Objects.requireNonNull;

import io.procession.internal.check.Require;
import io.procession.internal.posix.Interruption;
import io.procession.internal.posix.Until;
import io.procession.internal.ring.MessageRing;
import io.procession.internal.watch.Prompt;
import io.procession.internal.watch.Source;
import io.procession.internal.watch.Sources;
import io.procession.serial.ByteSink;
import io.procession.serial.ByteSource;
import io.procession.serial.Codec;
import io.procession.serial.Handle;
import io.procession.serial.LargeArrays;
import io.procession.serial.NotSendableException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InvalidObjectException;
import java.io.ObjectStreamException;
import java.io.Serializable;
import java.io.StreamCorruptedException;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// One end of a channel between processes: sends objects or byte messages, and receives what the
/// other end has sent, whole and in order.
///
/// Several threads and several processes may use one end; each message is received once. A
/// connection can be sent to another process of the session.
///
/// The stream ends, and receiving throws [EOFException], when the far end is open nowhere any more;
/// what had been sent completely is received before. An end is open in each process that has it, and
/// in each message with it that nobody has received. A process has an end when it has made the pipe,
/// when it was started with the end (even if it dies before its task runs), or when it has received
/// it; until it has closed it, no longer reaches it, or has died. So whoever passes an end on closes
/// its own copy, or keeps the stream open for others. For itself it need not: the copy of a process
/// that has shared an end and never sent, received or polled there does not count for that process's
/// own calls. A parent that has started a child with one end and receives from the other sees the
/// stream end when the child is dead.
///
/// An end counts as received from when its message is taken. One that was serialized by other means
/// than a message of a queue, pipe or pool or the start of a process keeps nothing open until it
/// arrives, and cannot arrive once the pipe is gone.
///
/// Sending to an end that is open nowhere throws an [IOException]. Sending waits while about four
/// megabytes have not been received yet.
///
/// Objects and byte messages are not told apart: receive what was sent.
///
/// All of this is said of the ends of a [Pipe]. A connection that a `Listener` or a `Client` has made
/// leads through a socket to another program, in Python's own protocol
/// (`multiprocessing.connection`), and differs:
///
/// - It belongs to one process at a time; several threads may use it. Its stream ends when the other
///   program has closed it; one that ended in the middle of a message is broken: an [IOException].
/// - Objects are received only from who has been authenticated, unless the [ConnectionOptions] allow
///   more; byte messages from everybody.
/// - A message that is longer than [ConnectionOptions#maxMessageBytes] is refused, and nothing can be
///   received afterwards.
/// - Who is interrupted in the middle of receiving a message leaves it to the next who receives. Who is
///   interrupted in the middle of sending one cannot take it back: nothing can be sent afterwards.
public final class Connection implements Waitable, Serializable, AutoCloseable {
  private static final long serialVersionUID = 1L;

  static {
    Sources.register(Connection.class, new SourceOfConnection());
    Prompt.register(new PromptSender());
  }

  private final transient Channel channel;
  private final transient Codec codec;
  private final transient boolean receivesObjects;
  private final transient OwnChallenges ownChallenges = new OwnChallenges();
  private final transient AtomicReference<@Nullable ByteSink> spareSink = new AtomicReference<>();

  Connection(Channel channel, Codec codec, boolean receivesObjects) {
    this.channel = channel;
    this.codec = codec;
    this.receivesObjects = receivesObjects;
  }

  /// The connection over a stream on which everything that comes before messages is done.
  static Connection over(ByteStream stream, StreamTraits traits) {
    var channel = new StreamChannel(stream, traits);
    return new Connection(channel, traits.codec(), traits.receivesObjects());
  }

  /// Sends an object, waiting for room.
  ///
  /// @param value the object, may be null
  /// @throws NotSendableException if it cannot be sent; nothing was sent
  /// @throws IOException if nobody is left to receive it, or this end is closed or cannot send
  /// @throws InterruptedException if interrupted while waiting; nothing was sent
  public void send(@Nullable Object value) throws IOException, InterruptedException {
    ByteSink kept = spareSink.getAndSet(null);
    ByteSink sink = kept != null ? kept : new ByteSink().keepingHandles().keepingArrays();
    try {
      codec.encode(value, sink);
      channel.send(sink);
    } finally {
      sink.reset();
      spareSink.setRelease(sink);
      Reference.reachabilityFence(this);
    }
  }

  /// Sends an object, if that needs no waiting.
  private boolean sendNow(@Nullable Object value) throws IOException {
    ByteSink sink = new ByteSink().keepingHandles();
    codec.encode(value, sink);
    for (Handle handle : sink.handles()) {
      handle.leave();
    }
    try {
      return channel.send(sink.array(), 0, sink.length(), Until.NOW);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // it has not begun
      return false;
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  private static final class PromptSender implements Prompt.Sender {
    @Override
    public boolean send(Object connection, @Nullable Object value) throws IOException {
      return connection instanceof Connection known && known.sendNow(value);
    }
  }

  /// Receives an object, waiting for it.
  ///
  /// @return the object
  /// @throws EOFException if nothing is left and nobody is left to send
  /// @throws IOException if the object cannot be rebuilt here, or this end is closed or cannot
  ///     receive
  /// @throws InterruptedException if interrupted while waiting; nothing was received
  public @Nullable Object recv() throws IOException, InterruptedException {
    if (!receivesObjects) {
      throw new IOException(
          "objects are received from who is authenticated only: "
              + this
              + "; use ConnectionOptions.withAuthKey at both ends, or receive bytes");
    }
    LargeArrays arrays = new LargeArrays();
    byte[] bytes = receive(arrays);
    try {
      return codec.decode(new ByteSource(bytes, 0, arrays));
    } catch (ClassNotFoundException e) {
      throw new InvalidObjectException(
          "an object of a class that this process lacks was received: " + e.getMessage(), e);
    } catch (StreamCorruptedException e) {
      throw noObject(bytes, e);
    } finally {
      MessageRing.decoded(bytes);
    }
  }

  private StreamCorruptedException noObject(byte[] bytes, StreamCorruptedException cause) {
    String why =
        Authentication.isChallenge(bytes)
            ? "the other end asks for a key: "
                + this
                + "; connect with ConnectionOptions.withAuthKey"
            : "the message is no object: length="
                + bytes.length
                + ", "
                + cause.getMessage()
                + ": "
                + this
                + "; receive with recvBytes what is sent with sendBytes";
    var said = new StreamCorruptedException(why);
    said.initCause(cause);
    return said;
  }

  /// Sends a byte message, waiting for room.
  ///
  /// @param bytes the message
  /// @throws IOException if nobody is left to receive it, or this end is closed or cannot send
  /// @throws InterruptedException if interrupted while waiting; nothing was sent
  public void sendBytes(byte[] bytes) throws IOException, InterruptedException {
    sendBytes(bytes, 0, bytes.length);
  }

  /// Sends a part of an array as a byte message, waiting for room.
  ///
  /// @param bytes the array
  /// @param offset the index of the first byte
  /// @param length the number of bytes
  /// @throws IndexOutOfBoundsException if the array has no such part
  /// @throws IOException if nobody is left to receive it, or this end is closed or cannot send
  /// @throws InterruptedException if interrupted while waiting; nothing was sent
  public void sendBytes(byte[] bytes, int offset, int length)
      throws IOException, InterruptedException {
    try {
      channel.send(bytes, offset, length, Until.FOREVER);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  /// Sends the bytes between a buffer's position and its limit as a byte message, waiting for room.
  /// The position is the limit afterwards, if this did not throw.
  ///
  /// @param bytes the buffer, on the heap or not
  /// @throws IOException if nobody is left to receive it, or this end is closed or cannot send
  /// @throws InterruptedException if interrupted while waiting; nothing was sent
  public void sendBytes(ByteBuffer bytes) throws IOException, InterruptedException {
    sendBytes(MemorySegment.ofBuffer(bytes));
    bytes.position(bytes.limit());
  }

  /// Sends the bytes of a segment as a byte message, waiting for room.
  ///
  /// @param bytes the segment, on the heap or not; shared memory is copied once only into a pipe
  /// @throws IllegalArgumentException if it is longer than a message can be
  /// @throws IllegalStateException if its arena is closed
  /// @throws WrongThreadException if it belongs to another thread
  /// @throws IOException if nobody is left to receive it, or this end is closed or cannot send
  /// @throws InterruptedException if interrupted while waiting; nothing was sent
  public void sendBytes(MemorySegment bytes) throws IOException, InterruptedException {
    checkAccess(bytes);
    if (bytes.byteSize() > ConnectionOptions.MAX_MESSAGE_BYTES) {
      throw new IllegalArgumentException(
          "a message is too long: length="
              + bytes.byteSize()
              + ", most="
              + ConnectionOptions.MAX_MESSAGE_BYTES
              + "; send it in parts");
    }
    try {
      channel.send(bytes);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  /// Receives a byte message, waiting for it.
  ///
  /// @return the message
  /// @throws EOFException if nothing is left and nobody is left to send
  /// @throws IOException if this end is closed or cannot receive
  /// @throws InterruptedException if interrupted while waiting; nothing was received
  public byte[] recvBytes() throws IOException, InterruptedException {
    return recvBytes(Integer.MAX_VALUE);
  }

  /// Receives a byte message of limited length, waiting for it.
  ///
  /// @param maxLength most bytes
  /// @return the message
  /// @throws EOFException if nothing is left and nobody is left to send
  /// @throws IOException if the message is longer. From a pipe it can still be received; a socket
  ///     receives nothing any more, as in Python. Or if this end is closed or cannot receive
  /// @throws InterruptedException if interrupted while waiting; nothing was received
  public byte[] recvBytes(int maxLength) throws IOException, InterruptedException {
    Require.notNegative("maxLength", maxLength);
    byte[] bytes = receive(maxLength);
    MessageRing.decoded(bytes);
    return bytes;
  }

  /// Receives a byte message into an array, waiting for it.
  ///
  /// @param target the array, filled from its beginning
  /// @return the length of the message
  /// @throws BufferTooShortException if the message is longer than the array. It has been received:
  ///     the exception has it, and the next call receives the next message
  /// @throws EOFException if nothing is left and nobody is left to send
  /// @throws IOException if this end is closed or cannot receive
  /// @throws InterruptedException if interrupted while waiting; nothing was received
  public int recvBytesInto(byte[] target) throws IOException, InterruptedException {
    return recvBytesInto(target, 0);
  }

  /// Receives a byte message into a part of an array, waiting for it.
  ///
  /// @param target the array
  /// @param offset the index for the first byte; the message may reach to the end of the array
  /// @return the length of the message
  /// @throws IndexOutOfBoundsException if the offset is negative or greater than the array's length
  /// @throws BufferTooShortException if the message is longer than the part. It has been received:
  ///     the exception has it, and the next call receives the next message
  /// @throws EOFException if nothing is left and nobody is left to send
  /// @throws IOException if this end is closed or cannot receive
  /// @throws InterruptedException if interrupted while waiting; nothing was received
  public int recvBytesInto(byte[] target, int offset) throws IOException, InterruptedException {
    Objects.checkFromToIndex(offset, target.length, target.length);
    return recvBytesInto(MemorySegment.ofArray(target).asSlice(offset));
  }

  /// Receives a byte message into a buffer, from its position on, waiting for it. The position is
  /// behind the message afterwards, if this did not throw; the limit stays.
  ///
  /// @param target the buffer, on the heap or not; a message may reach to its limit
  /// @return the length of the message
  /// @throws IllegalArgumentException if the buffer is read-only
  /// @throws BufferTooShortException if the message is longer than what the buffer has left. It has
  ///     been received: the exception has it, and the next call receives the next message
  /// @throws EOFException if nothing is left and nobody is left to send
  /// @throws IOException if this end is closed or cannot receive
  /// @throws InterruptedException if interrupted while waiting; nothing was received
  public int recvBytesInto(ByteBuffer target) throws IOException, InterruptedException {
    int length = recvBytesInto(MemorySegment.ofBuffer(target));
    target.position(target.position() + length);
    return length;
  }

  /// Receives a byte message into a segment, from its beginning on, waiting for it.
  ///
  /// @param target the segment, on the heap or not; what a pipe brings is copied once only into
  ///     shared memory. When this throws, it may have been written to
  /// @return the length of the message
  /// @throws IllegalArgumentException if the segment is read-only
  /// @throws IllegalStateException if its arena is closed
  /// @throws WrongThreadException if it belongs to another thread
  /// @throws BufferTooShortException if the message is longer than the segment. It has been received:
  ///     the exception has it, and the next call receives the next message
  /// @throws EOFException if nothing is left and nobody is left to send
  /// @throws IOException if this end is closed or cannot receive
  /// @throws InterruptedException if interrupted while waiting; nothing was received
  public int recvBytesInto(MemorySegment target) throws IOException, InterruptedException {
    checkAccess(target);
    if (target.isReadOnly()) {
      throw new IllegalArgumentException(
          "read-only memory cannot be received into: target="
              + target
              + "; take memory that can be written");
    }
    try {
      return channel.receiveInto(target);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  /// Before anything is sent or received.
  private static void checkAccess(MemorySegment segment) {
    if (!segment.isAccessibleBy(Thread.currentThread())) {
      throw new WrongThreadException("memory of another thread's arena: " + segment);
    }
    if (!segment.scope().isAlive()) {
      throw new IllegalStateException("memory of an arena that is closed: " + segment);
    }
  }

  private byte[] receive(LargeArrays arrays) throws IOException, InterruptedException {
    try {
      return channel.receive(arrays);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  private byte[] receive(int maxLength) throws IOException, InterruptedException {
    try {
      return requireNonNull(channel.receive(maxLength, Until.FOREVER));
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  /// Whether receiving would not wait now: there is a message, or the stream has ended.
  ///
  /// @return whether
  /// @throws IOException if this end is closed or cannot receive
  public boolean poll() throws IOException {
    try {
      return channel.awaitMessage(Until.NOW);
    } catch (InterruptedException e) {
      throw new AssertionError(e); // it does not wait
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  /// Waits until receiving would not wait, up to a time limit.
  ///
  /// @param limit how long to wait at most
  /// @return whether there is a message, or the stream has ended
  /// @throws IOException if this end is closed or cannot receive
  /// @throws InterruptedException if interrupted before or while waiting
  public boolean poll(Duration limit) throws IOException, InterruptedException {
    Require.notNull("limit", limit);
    Interruption.checkInterrupt();
    try {
      return channel.awaitMessage(Until.after(limit));
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  /// Whether this end can receive.
  ///
  /// @return whether
  public boolean isReadable() {
    return channel.isReadable();
  }

  /// Whether this end can send.
  ///
  /// @return whether
  public boolean isWritable() {
    return channel.isWritable();
  }

  /// Whether this end is closed in this process.
  ///
  /// @return whether
  public boolean isClosed() {
    return channel.isClosed();
  }

  /// Ends the use of this end in this process; threads that wait in it get an [IOException]. Closing
  /// again does nothing.
  @Override
  public void close() {
    channel.close();
  }

  private static final class SourceOfConnection implements Sources.Of<Connection> {
    @Override
    public Source source(Connection connection) {
      return connection.channel.source();
    }
  }

  /// What carries the messages.
  Channel channel() {
    return channel;
  }

  /// The challenges that were sent through it.
  OwnChallenges ownChallenges() {
    return ownChallenges;
  }

  static Connection attach(Handle handle) {
    return PipeChannel.attach(handle);
  }

  private Object writeReplace() throws ObjectStreamException {
    try {
      return channel.handle();
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  @Override
  public String toString() {
    return channel + (isClosed() ? " (closed)" : "");
  }
}
