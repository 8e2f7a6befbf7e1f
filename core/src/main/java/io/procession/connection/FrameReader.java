package io.procession.connection;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.procession.internal.arena.Unreachable;
import io.procession.internal.posix.Until;
import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Takes messages out of a stream of bytes. What it holds of a message that has not come whole stays
/// here until somebody reads on.
///
/// Memory follows what has come, not what was announced, and there is so much of it for all readers of
/// the process together. Used by one thread at a time, but for `close`.
final class FrameReader {
  private static final int LONG_HEADER = Integer.BYTES + Long.BYTES;
  private static final int FIRST_BYTES = 1 << 16;
  private static final int NONE = -1;
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final ByteStream stream;
  private final int limit;
  private final Incoming incoming;
  private final Incoming.Share share;
  private boolean isWatched;
  private final ByteBuffer header = ByteBuffer.allocate(LONG_HEADER).limit(Integer.BYTES);
  private int length = NONE;
  private boolean isInStep; // a message has come whole
  private ByteBuffer body = NOTHING;
  private volatile @Nullable String lostStep;

  /// @param limit longer messages are refused
  FrameReader(ByteStream stream, int limit) {
    this(stream, limit, Incoming.OF_PROCESS);
  }

  FrameReader(ByteStream stream, int limit, Incoming incoming) {
    this.stream = stream;
    this.limit = limit;
    this.incoming = incoming;
    this.share = incoming.new Share();
  }

  /// The stream is closed: the memory of a message that has come in part is others'.
  void close() {
    share.close();
  }

  /// The next message, or null if it has not come by the deadline.
  ///
  /// @param most if it is longer, it throws and no message can be received any more
  /// @throws EOFException if the stream ends before it
  byte @Nullable [] read(int most, long deadline) throws IOException, InterruptedException {
    if (!readHeader(deadline)) {
      return null;
    }
    if (length > most) {
      throw unlikely("bad message length: length=" + length + ", maxLength=" + most);
    }
    return readBody(deadline) ? takeBody() : null;
  }

  /// Reads the next message to the beginning of a segment.
  ///
  /// @return its length
  /// @throws BufferTooShortException if it is longer; the exception has it
  /// @throws EOFException if the stream ends before it
  int readInto(MemorySegment target) throws IOException, InterruptedException {
    readHeader(Until.FOREVER);
    boolean isOfBytes = target.isNative() || target.heapBase().orElse(null) instanceof byte[];
    if (isOfBytes && length <= target.byteSize() && body.position() == 0) {
      return readDirectly(target.asSlice(0, length).asByteBuffer());
    }
    readBody(Until.FOREVER);
    byte[] message = takeBody();
    if (message.length > target.byteSize()) {
      throw new BufferTooShortException(message, target.byteSize());
    }
    MemorySegment.copy(MemorySegment.ofArray(message), 0, target, 0, message.length);
    return message.length;
  }

  private int readDirectly(ByteBuffer target) throws IOException, InterruptedException {
    boolean done = false;
    try {
      fill(target, Until.FOREVER);
      done = true;
    } finally {
      if (!done && lostStep == null) {
        keep(target.flip());
      }
    }
    int got = length;
    forgetMessage();
    return got;
  }

  /// Keeps what has come of a message, for who reads on.
  private void keep(ByteBuffer begun) {
    if (begun.hasRemaining()) {
      lostStep =
          "what had come of a message could not be kept"; // its memory is freed, or none left
      body = ByteBuffer.allocate(begun.remaining()).put(begun);
      lostStep = null;
    }
  }

  /// @throws IOException if an earlier message left the stream where no message begins
  void checkInStep() throws IOException {
    String why = lostStep;
    if (why != null) {
      throw new IOException("no message can be received any more from " + stream + ": " + why);
    }
  }

  /// True if a part of a message has been read.
  boolean isAmidMessage() {
    return lostStep != null || header.position() > 0;
  }

  private boolean readHeader(long deadline) throws IOException, InterruptedException {
    checkInStep();
    while (length == NONE) {
      if (!fill(header, deadline)) {
        return false;
      }
      long announced = header.getInt(0);
      if (announced == -1) {
        if (header.limit() < LONG_HEADER) {
          header.limit(LONG_HEADER);
          continue;
        }
        announced = header.getLong(Integer.BYTES);
      }
      check(announced);
      length = (int) announced;
    }
    return true;
  }

  /// @param announced the length of a message, unsigned if it came in eight bytes
  private void check(long announced) throws IOException {
    if (announced < 0 && header.limit() < LONG_HEADER) {
      throw outOfStep("a message cannot have a negative length: length=" + announced);
    }
    if (announced < 0 || announced > limit) {
      throw unlikely(
          "a message is longer than ConnectionOptions.maxMessageBytes: length="
              + Long.toUnsignedString(announced)
              + ", maxMessageBytes="
              + limit);
    }
  }

  private boolean readBody(long deadline) throws IOException, InterruptedException {
    while (body.position() < length) {
      if (!body.hasRemaining()) {
        long more = Math.max(FIRST_BYTES, 4L * body.capacity());
        int size = (int) Math.min(length, more);
        if (size > FIRST_BYTES && !take(size)) {
          throw outOfStep(
              "too much is being received at a time: messageBytes="
                  + length
                  + ", bytesOfOthers="
                  + incoming.taken()
                  + ", mostBytes="
                  + incoming.most()
                  + " (half of the heap)");
        }
        byte[] grown = Arrays.copyOf(body.array(), size);
        body = ByteBuffer.wrap(grown).position(body.position());
      }
      if (!fill(body, deadline)) {
        return false;
      }
    }
    return true;
  }

  /// What nobody reads on or closes is given back when it is unreachable.
  private boolean take(int size) {
    if (!isWatched) {
      Unreachable.watch(this, share);
      isWatched = true;
    }
    return share.takeUpTo(size);
  }

  /// Its array has the message's length: it grows up to that only.
  private byte[] takeBody() {
    byte[] message = body.array();
    forgetMessage();
    return message;
  }

  private void forgetMessage() {
    isInStep = true;
    share.giveBack();
    length = NONE;
    header.clear().limit(Integer.BYTES);
    body = NOTHING;
  }

  /// Fills a buffer, or what is left of it; false if that was not possible by the deadline.
  private boolean fill(ByteBuffer target, long deadline) throws IOException, InterruptedException {
    while (target.hasRemaining()) {
      int got = stream.read(target, deadline);
      if (got == 0) {
        return false;
      }
      if (got < 0) {
        if (header.position() == 0) {
          throw new EOFException();
        }
        String why = "the stream ended in the middle of a message";
        throw target.position() < FIRST_BYTES ? unlikely(why) : outOfStep(why);
      }
    }
    return true;
  }

  /// A message cannot be. If nothing has come before it, and its length could be read as text, it is that:
  /// something else answers there.
  private IOException unlikely(String why) {
    String text = isInStep || header.position() < Integer.BYTES ? "" : text(header.array());
    if (text.isEmpty()) {
      return outOfStep(why);
    }
    Object place = stream.peer().<Object>map(address -> address).orElse(stream);
    lose("what it says is text: '" + text + "'");
    return new ProtocolException(
        "what is at the other end, "
            + place
            + ", does not speak this protocol: it began with '"
            + text
            + "'; look at the host and the port; "
            + why);
  }

  /// What four bytes say; nothing unless all are letters, digits or signs.
  private static String text(byte[] bytes) {
    for (int i = 0; i < Integer.BYTES; i++) {
      if (bytes[i] < ' ' || bytes[i] > '~') {
        return "";
      }
    }
    return new String(bytes, 0, Integer.BYTES, US_ASCII);
  }

  private IOException outOfStep(String why) {
    lose(why);
    return new ProtocolException(why + ", from " + stream);
  }

  private void lose(String why) {
    lostStep = why;
    body = NOTHING;
    share.giveBack();
  }
}
