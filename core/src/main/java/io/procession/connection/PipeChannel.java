package io.procession.connection;

import io.procession.internal.arena.Attached;
import io.procession.internal.arena.CellKind;
import io.procession.internal.arena.CellRef;
import io.procession.internal.arena.Session;
import io.procession.internal.arena.Unreachable;
import io.procession.internal.check.Require;
import io.procession.internal.posix.Until;
import io.procession.internal.ring.EndRef;
import io.procession.internal.ring.EndUsers;
import io.procession.internal.ring.MessageRing;
import io.procession.internal.ring.RingLimits;
import io.procession.internal.watch.Source;
import io.procession.serial.ByteSink;
import io.procession.serial.Codec;
import io.procession.serial.Handle;
import io.procession.serial.LargeArrays;
import java.io.EOFException;
import java.io.IOException;
import java.io.NotSerializableException;
import java.io.ObjectStreamException;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// One end of a pipe inside the session: a ring in each direction, or in one.
final class PipeChannel implements Channel {
  /*
   * The pipe is known by the ring that leads from the second end to the first; that leads to the ring
   * the other way, and has the two sets of users, which serve both rings: a process has an end,
   * whether it sends or receives there (EndUsers says when). When nobody has either end any more, who
   * notices frees the pipe.
   */
  private static final RingLimits LIMITS =
      new RingLimits(RingLimits.UNBOUNDED, 4 << 20, RingLimits.AtLimit.WAIT);
  private static final AtomicInteger COUNT = new AtomicInteger();
  private static final Attached<EndRef, Connection> ATTACHED =
      new Attached<>() {
        @Override
        protected boolean isUsable(Connection connection) {
          return !connection.isClosed();
        }
      };

  private final String name;
  private final End end;
  private final MessageRing forth;
  private final @Nullable MessageRing reading;
  private final @Nullable MessageRing writing;
  private final @Nullable MessageRing back;
  private final EndUsers far;
  private final PipeUse use;
  private final Cleaner.Cleanable net;

  /// @param own who has the end; this channel has been counted there
  private PipeChannel(
      String name, End end, MessageRing forth, @Nullable MessageRing back, EndUsers own) {
    this.name = name;
    this.end = end;
    this.forth = forth;
    this.back = back;
    this.reading = end == End.FIRST ? forth : back;
    this.writing = end == End.FIRST ? back : forth;
    this.far = end == End.FIRST ? forth.writers() : forth.readers();
    this.use = new PipeUse(forth, back, own);
    this.net = Unreachable.watch(this, use::leave);
  }

  /// The name of a pipe that is given none.
  static String newName() {
    return "pipe-" + COUNT.incrementAndGet();
  }

  /// Makes a pipe.
  static Pipe open(String name, boolean duplex) {
    Require.notNull("name", name);
    Session session = Session.current();
    MessageRing forth = MessageRing.create(session, CellKind.PIPE, name, LIMITS, true);
    MessageRing back = duplex ? forth.createBack(CellKind.PIPE, name, LIMITS) : null;
    MessageRing forthToo = MessageRing.attach(session, forth.ref(), CellKind.PIPE);
    MessageRing backToo = forthToo.attachBack(CellKind.PIPE);
    return new Pipe(
        connection(openOwn(name, End.FIRST, forth, back)),
        connection(openOwn(name, End.SECOND, forthToo, backToo)));
  }

  private static PipeChannel openOwn(
      String name, End end, MessageRing forth, @Nullable MessageRing back) {
    EndUsers own = users(forth, end);
    own.openOwn();
    return new PipeChannel(name, end, forth, back, own);
  }

  /// The connection at an end of a pipe made elsewhere.
  static Connection attach(Handle handle) {
    End end = End.of(handle.part());
    var ref = new CellRef(handle.session(), handle.cell(), handle.generation());
    Connection known = ATTACHED.get(new EndRef(ref, end.part()));
    if (known != null) {
      return known;
    }
    Session session = Session.current();
    MessageRing forth = MessageRing.attach(session, ref, CellKind.PIPE);
    MessageRing back = forth.attachBack(CellKind.PIPE);
    String name = session.directory().name(ref.cell());
    EndUsers own = users(forth, end);
    own.open(forth);
    return connection(new PipeChannel(name, end, forth, back, own));
  }

  private static EndUsers users(MessageRing forth, End end) {
    return end == End.FIRST ? forth.readers() : forth.writers();
  }

  /// The connection of a channel, or one for the same end that another thread has made meanwhile.
  private static Connection connection(PipeChannel channel) {
    Connection connection = new Connection(channel, Codec.standard(), true);
    var end = new EndRef(channel.forth.ref(), channel.end.part());
    Connection noted = ATTACHED.put(end, connection);
    if (!noted.equals(connection)) {
      channel.close();
    }
    return noted;
  }

  @Override
  public boolean isReadable() {
    return reading != null;
  }

  @Override
  public boolean isWritable() {
    return writing != null;
  }

  @Override
  public boolean send(byte[] bytes, int offset, int length, long deadline)
      throws IOException, InterruptedException {
    return send(bytes, offset, length, null, null, deadline);
  }

  @Override
  public void send(MemorySegment message) throws IOException, InterruptedException {
    send(new byte[0], 0, 0, null, message, Until.FOREVER);
  }

  @Override
  public void send(ByteSink message) throws IOException, InterruptedException {
    send(new byte[0], 0, 0, message, null, Until.FOREVER);
  }

  /// @param sink what has the bytes, if it is one
  /// @param segment the message, if it is in none
  private boolean send(
      byte[] bytes,
      int offset,
      int length,
      @Nullable ByteSink sink,
      @Nullable MemorySegment segment,
      long deadline)
      throws IOException, InterruptedException {
    MessageRing ring = writing;
    if (ring == null) {
      throw new IOException("the first end of a one-way pipe cannot send: " + this);
    }
    try {
      begin();
      if (far.isAbandoned()) {
        throw brokenPipe();
      }
      MessageRing.Outcome outcome;
      if (segment != null) {
        outcome = ring.put(segment, deadline);
      } else if (sink != null) {
        outcome = ring.put(sink, deadline);
      } else {
        outcome = ring.put(bytes, offset, length, deadline);
      }
      if (outcome == MessageRing.Outcome.ABANDONED) {
        throw brokenPipe();
      }
      return outcome == MessageRing.Outcome.DONE;
    } catch (IllegalStateException e) {
      checkOpen(ring, e);
      throw brokenPipe();
    }
  }

  @Override
  public byte @Nullable [] receive(int most, long deadline)
      throws IOException, InterruptedException {
    return receive(most, deadline, null);
  }

  @Override
  public byte[] receive(LargeArrays arrays) throws IOException, InterruptedException {
    return Objects.requireNonNull(receive(Integer.MAX_VALUE, Until.FOREVER, arrays));
  }

  @SuppressWarnings("ReferenceEquality") // two arrays that are signals, not messages
  private byte @Nullable [] receive(int most, long deadline, @Nullable LargeArrays arrays)
      throws IOException, InterruptedException {
    MessageRing ring = readable();
    try {
      begin();
      while (true) {
        byte[] bytes = ring.take(deadline, most, arrays);
        if (bytes == MessageRing.ENDED) {
          throw ended();
        }
        if (bytes == MessageRing.TOO_LONG) {
          checkLength(ring.nextLength(), most);
        } else {
          return bytes;
        }
      }
    } catch (IllegalStateException e) {
      checkOpen(ring, e);
      throw ended();
    }
  }

  @Override
  public int receiveInto(MemorySegment target) throws IOException, InterruptedException {
    MessageRing ring = readable();
    try {
      begin();
      while (true) {
        int length = ring.takeInto(target);
        if (length == MessageRing.NONE) {
          ring.awaitMessage(Until.FOREVER);
          length = ring.takeInto(target);
        }
        if (length < 0) {
          length = takeInto(ring, target);
        }
        if (length >= 0) {
          return length;
        }
      }
    } catch (IllegalStateException e) {
      checkOpen(ring, e);
      throw ended();
    }
  }

  /// Takes what cannot be copied at once: a message that is too long or may bring ends of pipes, or
  /// the end; [MessageRing#NONE] if another reader was faster.
  @SuppressWarnings("ReferenceEquality") // an array that is a signal, not a message
  private int takeInto(MessageRing ring, MemorySegment target)
      throws IOException, InterruptedException {
    byte[] bytes = ring.take(Until.NOW);
    if (bytes == null) {
      return MessageRing.NONE;
    }
    if (bytes == MessageRing.ENDED) {
      throw ended();
    }
    MessageRing.decoded(bytes);
    if (bytes.length > target.byteSize()) {
      throw new BufferTooShortException(bytes, target.byteSize());
    }
    MemorySegment.copy(MemorySegment.ofArray(bytes), 0, target, 0, bytes.length);
    return bytes.length;
  }

  @Override
  public boolean awaitMessage(long deadline) throws IOException, InterruptedException {
    MessageRing ring = readable();
    try {
      begin();
      return ring.awaitMessage(deadline);
    } catch (IllegalStateException e) {
      checkOpen(ring, e);
      return true;
    }
  }

  @Override
  public Source source() {
    MessageRing ring = reading;
    if (ring == null) {
      throw new IllegalStateException(cannotReceive());
    }
    use.begin();
    return new Readiness(ring);
  }

  /// The end among others that a thread waits for.
  private final class Readiness implements Source.OfArena {
    private final MessageRing ring;

    Readiness(MessageRing ring) {
      this.ring = ring;
    }

    @Override
    public boolean isReady() {
      checkNotClosed();
      try {
        return ring.isReady();
      } catch (IllegalStateException e) {
        checkNotClosed();
        if (ring.isUsable()) {
          throw e;
        }
        return true; // the pipe is gone: that is the end of the stream
      }
    }

    @Override
    public void announce() {
      ring.watch();
    }

    private void checkNotClosed() {
      if (use.hasLeft()) {
        throw new IllegalStateException("closed in this process: connection=" + PipeChannel.this);
      }
    }
  }

  @Override
  public boolean isClosed() {
    return use.hasLeft();
  }

  @Override
  public void close() {
    net.clean();
  }

  @Override
  public Object handle() throws ObjectStreamException {
    if (use.hasLeft()) {
      throw new NotSerializableException("a connection that is closed cannot be sent: " + this);
    }
    CellRef ref = forth.ref();
    return new Handle(
        Connection.class.getName(),
        ref.session(),
        ref.cell(),
        ref.generation(),
        end.part(),
        this::markSent);
  }

  private void markSent() {
    try {
      forth.markSent();
      if (back != null) {
        back.markSent();
      }
    } finally {
      Reference.reachabilityFence(this); // until then the end is closed when it is unreachable
    }
  }

  @Override
  public String toString() {
    return name + (end == End.FIRST ? ".first" : ".second");
  }

  private MessageRing readable() throws IOException {
    MessageRing ring = reading;
    if (ring == null) {
      throw new IOException(cannotReceive());
    }
    return ring;
  }

  private String cannotReceive() {
    return "the second end of a one-way pipe cannot receive: " + this;
  }

  /// @param length of the next message, which another reader may have taken by now
  private static void checkLength(int length, int most) throws IOException {
    if (length > most) {
      throw new IOException(
          "the message is longer than maxLength: length=" + length + ", maxLength=" + most);
    }
  }

  private void begin() throws IOException {
    if (use.hasLeft()) {
      throw closed();
    }
    use.begin();
  }

  /// Rethrows what is no consequence of a pipe that was closed here, or freed.
  private void checkOpen(MessageRing ring, IllegalStateException e) throws IOException {
    if (use.hasLeft()) {
      throw closed();
    }
    if (ring.isUsable()) {
      throw e;
    }
  }

  private IOException closed() {
    return new IOException("closed in this process: connection=" + this);
  }

  private IOException brokenPipe() {
    return new IOException(
        "broken pipe: every process that used the far end of "
            + this
            + ", or was to use it, has closed it or died; close this end too, and open another"
            + " pipe");
  }

  private EOFException ended() {
    return new EOFException(
        "end of stream: every process that used the far end of "
            + this
            + ", or was to use it, has closed it or died");
  }
}
