package io.procession.connection;

import io.procession.internal.arena.CellKind;
import io.procession.internal.arena.CellRef;
import io.procession.internal.arena.Session;
import io.procession.internal.arena.Unreachable;
import io.procession.internal.ring.MessageRing;
import io.procession.internal.ring.RingDeadline;
import io.procession.internal.ring.RingLimits;
import io.procession.serial.Codec;
import io.procession.serial.Handle;
import java.io.EOFException;
import java.io.IOException;
import java.io.NotSerializableException;
import java.io.ObjectStreamException;
import java.lang.ref.Cleaner;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// One end of a pipe inside the session: a ring in each direction, or in one.
final class PipeChannel implements Channel {
  /*
   * The pipe is known by the ring that leads from the second end to the first; that leads to the ring
   * the other way, and has the two sets of users, which serve both rings: a process is a user of an
   * end, whether it sends or receives. When both sets are abandoned nobody will use the pipe again,
   * and who notices frees it. A process that held an end all the while finds the stream ended.
   */
  private static final RingLimits LIMITS =
      new RingLimits(RingLimits.UNBOUNDED, 1 << 20, RingLimits.AtLimit.WAIT);
  private static final AtomicInteger COUNT = new AtomicInteger();

  private final String name;
  private final End end;
  private final MessageRing forth;
  private final @Nullable MessageRing reading;
  private final @Nullable MessageRing writing;
  private final @Nullable MessageRing back;
  private final PipeUse use;
  private final Cleaner.Cleanable net;

  private PipeChannel(
      String name, End end, MessageRing forth, @Nullable MessageRing back, AtomicInteger ends) {
    this.name = name;
    this.end = end;
    this.forth = forth;
    this.back = back;
    this.reading = end == End.FIRST ? forth : back;
    this.writing = end == End.FIRST ? back : forth;
    this.use = new PipeUse(end, forth, back, ends);
    this.net = Unreachable.watch(this, use::leave);
    Session.current().burials().setHeir(PipeUse::destroyAbandoned);
  }

  /// Makes a pipe.
  static Pipe open(boolean duplex) {
    Session session = Session.current();
    String name = "pipe-" + COUNT.incrementAndGet();
    MessageRing forth = MessageRing.create(session, CellKind.PIPE, name, LIMITS, true);
    MessageRing back = duplex ? forth.createBack(CellKind.PIPE, name, LIMITS) : null;
    AtomicInteger ends = new AtomicInteger(2);
    var first = new PipeChannel(name, End.FIRST, forth, back, ends);
    MessageRing forthToo = MessageRing.attach(session, forth.ref(), CellKind.PIPE);
    MessageRing backToo = forthToo.attachBack(CellKind.PIPE);
    var second = new PipeChannel(name, End.SECOND, forthToo, backToo, ends);
    return new Pipe(
        AttachedEnds.put(forth.ref(), End.FIRST, connection(first)),
        AttachedEnds.put(forth.ref(), End.SECOND, connection(second)));
  }

  /// The connection at an end of a pipe made elsewhere.
  static Connection attach(Handle handle, End end) {
    var ref = new CellRef(handle.session(), handle.cell(), handle.generation());
    Connection known = AttachedEnds.get(ref, end);
    if (known != null) {
      return known;
    }
    Session session = Session.current();
    MessageRing forth = MessageRing.attach(session, ref, CellKind.PIPE);
    MessageRing back = forth.attachBack(CellKind.PIPE);
    String name = session.directory().name(ref.cell());
    var channel = new PipeChannel(name, end, forth, back, new AtomicInteger(1));
    return AttachedEnds.put(ref, end, connection(channel));
  }

  private static Connection connection(PipeChannel channel) {
    return new Connection(channel, Codec.standard());
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
  public void send(byte[] bytes, int offset, int length) throws IOException, InterruptedException {
    MessageRing ring = writing;
    if (ring == null) {
      throw new IOException("the first end of a one-way pipe cannot send: " + this);
    }
    try {
      use.begin();
      if (use.isAbandoned()) {
        throw brokenPipe();
      }
      MessageRing.Outcome outcome = MessageRing.Outcome.TIMED_OUT;
      while (outcome == MessageRing.Outcome.TIMED_OUT) {
        outcome = ring.put(bytes, offset, length, RingDeadline.FOREVER);
      }
      if (outcome == MessageRing.Outcome.ABANDONED) {
        throw brokenPipe();
      }
    } catch (IllegalStateException e) {
      checkOpen(ring, e);
      throw brokenPipe();
    }
  }

  @Override
  @SuppressWarnings("ReferenceEquality") // two arrays that are signals, not messages
  public byte[] receive(int most) throws IOException, InterruptedException {
    MessageRing ring = readable();
    try {
      use.begin();
      byte[] bytes = null;
      while (bytes == null) {
        bytes = ring.take(RingDeadline.FOREVER, most);
      }
      if (bytes == MessageRing.ENDED) {
        throw ended();
      }
      if (bytes == MessageRing.TOO_LONG) {
        throw new IOException(
            "the message is longer than maxLength: length="
                + ring.nextLength()
                + ", maxLength="
                + most);
      }
      return bytes;
    } catch (IllegalStateException e) {
      checkOpen(ring, e);
      throw ended();
    }
  }

  @Override
  public boolean awaitMessage(long deadline) throws IOException, InterruptedException {
    MessageRing ring = readable();
    try {
      use.begin();
      return ring.awaitMessage(deadline);
    } catch (IllegalStateException e) {
      checkOpen(ring, e);
      return true;
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
    forth.markSent();
    if (back != null) {
      back.markSent();
    }
    CellRef ref = forth.ref();
    Class<?> type = end == End.FIRST ? PipeEnds.First.class : PipeEnds.Second.class;
    return new Handle(type.getName(), ref.session(), ref.cell(), ref.generation());
  }

  @Override
  public String toString() {
    return name + (end == End.FIRST ? ".first" : ".second");
  }

  private MessageRing readable() throws IOException {
    MessageRing ring = reading;
    if (ring == null) {
      throw new IOException("the second end of a one-way pipe cannot receive: " + this);
    }
    return ring;
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
    return new IOException("closed in this process: " + this);
  }

  private IOException brokenPipe() {
    return new IOException(
        "broken pipe: every process that used the far end of "
            + this
            + " has closed it or died; close this end too, and open another pipe");
  }

  private EOFException ended() {
    return new EOFException(
        "end of stream: every process that used the far end of " + this + " has closed it or died");
  }
}
