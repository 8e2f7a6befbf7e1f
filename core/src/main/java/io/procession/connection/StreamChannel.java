package io.procession.connection;

import io.procession.internal.posix.Interruption;
import io.procession.internal.posix.Until;
import io.procession.internal.watch.Source;
import io.procession.serial.ByteSink;
import java.io.EOFException;
import java.io.IOException;
import java.io.NotSerializableException;
import java.io.ObjectStreamException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Messages over a stream of bytes, framed as Python's `multiprocessing.connection` does.
final class StreamChannel implements Channel {
  /*
   * A message is its length, four bytes big-endian, and its bytes. A length of -1 says that the length
   * follows in eight bytes. A short message is one write: two would meet Nagle's algorithm and the
   * delayed acknowledgement of the other side.
   *
   * A thread has the lock of a direction for a whole message. Who is interrupted in the middle of
   * receiving one leaves it to the next who receives (FrameReader); who is interrupted, or out of
   * time, in the middle of sending one cannot take it back, so the channel sends no more.
   */
  private static final int ONE_WRITE = 16_384;

  private final ByteStream stream;
  private final StreamTraits traits;
  private final ReentrantLock sending = new ReentrantLock();
  private final ReentrantLock receiving = new ReentrantLock();
  private final FrameReader reader;
  private @Nullable ByteBuffer scratch;
  private volatile boolean isTorn;

  StreamChannel(ByteStream stream, StreamTraits traits) {
    this.stream = stream;
    this.traits = traits;
    this.reader = new FrameReader(stream, traits.maxMessageBytes());
  }

  @Override
  public boolean isReadable() {
    return true;
  }

  @Override
  public boolean isWritable() {
    return true;
  }

  @Override
  public boolean send(byte[] bytes, int offset, int length, long deadline)
      throws IOException, InterruptedException {
    return send(ByteBuffer.wrap(bytes, offset, length), deadline);
  }

  @Override
  public void send(MemorySegment message) throws IOException, InterruptedException {
    boolean isOfBytes = message.isNative() || message.heapBase().orElse(null) instanceof byte[];
    ByteBuffer body =
        isOfBytes
            ? message.asByteBuffer()
            : ByteBuffer.wrap(message.toArray(ValueLayout.JAVA_BYTE));
    send(body, Until.FOREVER);
  }

  @Override
  public void send(ByteSink message) throws IOException, InterruptedException {
    for (var handle : message.handles()) {
      handle.leave();
    }
    send(ByteBuffer.wrap(message.array(), 0, message.length()), Until.FOREVER);
  }

  private boolean send(ByteBuffer body, long deadline) throws IOException, InterruptedException {
    if (!Interruption.lock(sending, deadline)) {
      return false;
    }
    try {
      checkOpen();
      if (isTorn) {
        throw new IOException(
            "an earlier message was sent in part only, so no other can follow: "
                + this
                + "; close it and connect again");
      }
      return write(body, deadline);
    } finally {
      sending.unlock();
    }
  }

  private boolean write(ByteBuffer body, long deadline) throws IOException, InterruptedException {
    int length = body.remaining();
    ByteBuffer head = scratch();
    head.putInt(length);
    if (length <= ONE_WRITE) {
      head.put(body);
    }
    head.flip();
    boolean done = false;
    try {
      stream.write(head, deadline);
      if (body.hasRemaining()) {
        stream.write(body, deadline);
      }
      done = true;
    } catch (SocketTimeoutException e) {
      if (head.position() == 0) {
        done = true;
        return false;
      }
      throw e;
    } finally {
      isTorn = !done && head.position() > 0;
    }
    return true;
  }

  private ByteBuffer scratch() {
    ByteBuffer known = scratch;
    if (known == null) {
      known = ByteBuffer.allocate(Integer.BYTES + ONE_WRITE);
      scratch = known;
    }
    return known.clear();
  }

  @Override
  public byte @Nullable [] receive(int most, long deadline)
      throws IOException, InterruptedException {
    if (!Interruption.lock(receiving, deadline)) {
      return null;
    }
    try {
      checkOpen();
      return reader.read(most, deadline);
    } catch (EOFException e) {
      throw ended(e);
    } finally {
      receiving.unlock();
    }
  }

  @Override
  public int receiveInto(MemorySegment target) throws IOException, InterruptedException {
    boolean _ = Interruption.lock(receiving, Until.FOREVER);
    try {
      checkOpen();
      return reader.readInto(target);
    } catch (EOFException e) {
      throw ended(e);
    } finally {
      receiving.unlock();
    }
  }

  @Override
  public boolean awaitMessage(long deadline) throws IOException, InterruptedException {
    checkOpen();
    reader.checkInStep();
    return stream.awaitReadable(deadline);
  }

  @Override
  public Source source() {
    return stream.source();
  }

  @Override
  public Optional<Address> peer() {
    return stream.peer();
  }

  @Override
  public boolean isClosed() {
    return stream.isClosed();
  }

  @Override
  public void close() {
    stream.close();
    reader.close();
  }

  @Override
  public Object handle() throws ObjectStreamException {
    if (stream.isClosed()) {
      throw new NotSerializableException("a connection that is closed cannot be sent: " + this);
    }
    if (isTorn || reader.isAmidMessage()) {
      throw new NotSerializableException(
          "a connection in the middle of a message cannot be sent: " + this);
    }
    return stream.handle(traits);
  }

  @Override
  public String toString() {
    return stream.toString();
  }

  private void checkOpen() throws IOException {
    if (stream.isClosed()) {
      throw new IOException("closed in this process: connection=" + this);
    }
  }

  private EOFException ended(EOFException cause) {
    var ended = new EOFException("end of stream: the other end of " + this + " has closed it");
    ended.initCause(cause);
    return ended;
  }
}
