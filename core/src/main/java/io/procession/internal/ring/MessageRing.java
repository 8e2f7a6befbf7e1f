package io.procession.internal.ring;

import io.procession.internal.arena.CellKind;
import io.procession.internal.arena.CellRef;
import io.procession.internal.arena.CrashPoint;
import io.procession.internal.arena.Directory;
import io.procession.internal.arena.Session;
import io.procession.internal.arena.Spin;
import io.procession.internal.arena.Units;
import io.procession.internal.arena.UserSet;
import io.procession.internal.arena.Words;
import io.procession.serial.ByteSink;
import io.procession.serial.Handle;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A first-in first-out queue of byte messages in the arena, for any number of writers and readers
/// in any number of processes.
///
/// Messages of one writer keep their order. A message is there whole or not at all, whoever is
/// killed when; one that a reader had taken goes with that reader. Safe for all threads; blocking
/// methods end on interrupt.
public final class MessageRing {
  /*
   * Two sides with a lock each, so that a writer and a reader never wait for one another. A writer
   * copies its message behind the tail and then publishes it by one store, the tail sequence; a
   * reader copies the message at the head out and then takes it by one store, the head sequence.
   * Those two words are all that others go by. Everything else is owned by the side's lock and can
   * be derived: who takes a lock from a dead owner derives its side's position (recover), and marks
   * the ring as damaged; the next operation that holds no lock takes both, the readers' first, and
   * sweeps what lies about (Sweep).
   *
   * Memory is a chain of segments. A writer links a new one when a message does not fit; a reader
   * that meets the end mark passes on to the next and hands the old one to the spares. A segment
   * that has the tail is never passed: its end mark is met only by a reader that knows of a message
   * behind it.
   *
   * How many messages are there is one word of the writers, the tail sequence, less one word of the
   * readers, gone. A reader raises it right after the head sequence, still under its lock; so who
   * finds the two words equal knows that the ring is empty, and who finds them different asks for
   * the lock.
   */

  /// What [#take] returns when nothing will come any more.
  public static final byte[] ENDED = new byte[0];

  /// What [#take] returns when the next message is longer than it may be; it stays.
  public static final byte[] TOO_LONG = new byte[0];

  /// How a [#put] ended.
  public enum Outcome {
    DONE,
    TIMED_OUT,
    /// Nobody has the reading end any more.
    ABANDONED
  }

  private static final int DISCARDS_AT_A_TIME = 256;
  private static final int ALL = Integer.MAX_VALUE;

  private final Session session;
  private final CellRef ref;
  private final MemorySegment memory;
  private final int controlUnit;
  private final long control;
  private final long tailAt;
  private final long goneAt;
  private final boolean waitsForMemory;
  private final long capacity;
  private final @Nullable EndUsers writers;
  private final @Nullable EndUsers readers;
  private final InFlight ends;
  private final Reading<byte @Nullable []> taking = this::takeWithEnds;

  private final RingLocks locks;
  private final RingWriter writer;
  private final RingReader reader;
  private final Sleepers sleepingReaders;
  private final Sleepers sleepingWriters;
  private final Spin readersSpin;
  private final Spin writersSpin;
  private volatile boolean detached;

  private MessageRing(
      Session session,
      CellRef ref,
      int controlUnit,
      @Nullable EndUsers writers,
      @Nullable EndUsers readers) {
    this.session = session;
    this.ref = ref;
    this.memory = session.memory();
    this.controlUnit = controlUnit;
    this.control = Units.offset(controlUnit);
    this.tailAt = control + RingLayout.TAIL_SEQUENCE_AT;
    this.goneAt = control + RingLayout.GONE_AT;
    this.writers = writers;
    this.readers = readers;
    this.ends = new InFlight(session, control);
    this.waitsForMemory =
        Words.getInt(memory, control + RingLayout.AT_LIMIT_AT) == RingLimits.AtLimit.WAIT.code();
    this.capacity = Words.getLong(memory, control + RingLayout.CAPACITY_AT);
    Spares spares = new Spares(session, ref.cell(), control);
    this.writer = new RingWriter(session, spares, ref.cell(), control, capacity);
    this.reader = new RingReader(session, spares, ref.cell(), control);
    this.locks = new RingLocks(session, ref, controlUnit, control, spares, writer, reader);
    this.sleepingReaders =
        new Sleepers(
            session,
            ref,
            control + RingLayout.READERS_WAIT_AT,
            tailAt,
            CrashPoint.RING_READERS_CLEARED,
            CrashPoint.RING_READERS_MARKED);
    this.sleepingWriters =
        new Sleepers(
            session,
            ref,
            control + RingLayout.WRITERS_WAIT_AT,
            goneAt,
            CrashPoint.RING_WRITERS_CLEARED,
            CrashPoint.RING_WRITERS_MARKED);
    this.readersSpin = Spin.ofLong(memory, tailAt);
    boolean bounded = capacity != RingLimits.UNBOUNDED;
    this.writersSpin = Spin.ofLong(memory, bounded ? goneAt : control + RingLayout.UNITS_FREED_AT);
  }

  /// Makes an empty ring. It belongs to this process until [#markSent].
  ///
  /// @param tracksUsers whether processes say that they use an end ([#writers], [#readers])
  public static MessageRing create(
      Session session, CellKind kind, String name, RingLimits limits, boolean tracksUsers) {
    int cell = session.directory().allocate(kind, name);
    CellRef ref = session.directory().ref(cell);
    boolean made = false;
    try {
      int controlUnit = ControlBlock.format(session, cell, limits);
      if (tracksUsers) {
        session.directory().addUserSets(cell);
      }
      MessageRing ring = of(session, ref, controlUnit);
      made = true;
      return ring;
    } finally {
      if (!made) {
        session.directory().free(ref); // no memory for it
      }
    }
  }

  /// The ring that a reference names.
  ///
  /// @throws IllegalStateException if it is of another session or gone
  public static MessageRing attach(Session session, CellRef ref, CellKind kind) {
    return of(session, ref, ControlBlock.find(session, ref, kind));
  }

  /// Makes the ring that goes the other way: its writers are this ring's readers, and its readers
  /// this ring's writers. This ring leads to it ([#attachBack]).
  public MessageRing createBack(CellKind kind, String name, RingLimits limits) {
    MessageRing back = create(session, kind, name, limits, false).usedAs(this);
    ControlBlock.setBack(session, ref, back.ref);
    return back;
  }

  /// The ring that goes the other way, or null if there is none.
  ///
  /// @throws IllegalStateException if it is gone
  public @Nullable MessageRing attachBack(CellKind kind) {
    long body = Directory.body(ref.cell());
    int cell = Words.getIntAcquire(memory, body + RingLayout.CELL_BACK_AT) - 1;
    if (cell < 0) {
      return null;
    }
    int generation = Words.getInt(memory, body + RingLayout.CELL_BACK_GENERATION_AT);
    locks.checkThere(); // so what was read is this ring's
    return attach(session, new CellRef(ref.session(), cell, generation), kind).usedAs(this);
  }

  /// This ring with the users of the other way.
  private MessageRing usedAs(MessageRing other) {
    return new MessageRing(
        session, ref, controlUnit, /* writers= */ other.readers, /* readers= */ other.writers);
  }

  private static MessageRing of(Session session, CellRef ref, int controlUnit) {
    Directory directory = session.directory();
    if (!directory.hasUserSets(ref.cell())) {
      return new MessageRing(session, ref, controlUnit, null, null);
    }
    var writers = new EndUsers(session, new EndRef(ref, EndRef.WRITERS));
    var readers = new EndUsers(session, new EndRef(ref, EndRef.READERS));
    return new MessageRing(session, ref, controlUnit, writers, readers);
  }

  /// Where the ring lives.
  public CellRef ref() {
    return ref;
  }

  /// Appends a message, waiting until a deadline of [System#nanoTime()] for others to go, or for
  /// memory if this ring's writers wait for that. With a deadline that has passed it does not wait,
  /// and no interrupt is noticed.
  ///
  /// @throws RingFullException if memory is used up and writers do not wait for it
  /// @throws InterruptedException if interrupted while waiting; the message was not appended
  public Outcome put(byte[] bytes, int from, int length, long deadline)
      throws InterruptedException {
    return put(bytes, from, length, List.of(), deadline, !waitsForMemory);
  }

  /// Appends the bytes of a sink as [#put(byte[], int, int, long)] does. The handles that it keeps
  /// leave right before; if nothing is appended, they do not.
  ///
  /// @throws RingFullException if memory is used up and writers do not wait for it
  /// @throws InterruptedException if interrupted while waiting; the message was not appended
  public Outcome put(ByteSink message, long deadline) throws InterruptedException {
    return put(message.array(), 0, message.length(), message.handles(), deadline, !waitsForMemory);
  }

  /// Appends the bytes of a sink as [#put(ByteSink, long)] does, waiting until a deadline of
  /// [System#nanoTime()] for whatever is short.
  ///
  /// @throws InterruptedException if interrupted while waiting; the message was not appended
  public Outcome offer(ByteSink message, long deadline) throws InterruptedException {
    return put(message.array(), 0, message.length(), message.handles(), deadline, false);
  }

  private Outcome put(
      byte[] bytes, int from, int length, List<Handle> handles, long deadline, boolean throwing)
      throws InterruptedException {
    Objects.checkFromIndexSize(from, length, bytes.length);
    if (length > SegmentLayout.MAX_MESSAGE) {
      throw new IllegalArgumentException(
          "a message has at most " + SegmentLayout.MAX_MESSAGE + " bytes: length=" + length);
    }
    RingWait wait = null;
    while (true) {
      if (wait != null) {
        wait.listen();
      }
      if (append(bytes, from, length, handles, throwing)) {
        return Outcome.DONE;
      }
      if (readers != null && readers.isAbandoned()) {
        return Outcome.ABANDONED;
      }
      if (locks.mendReaders()) {
        continue;
      }
      if (RingDeadline.hasPassed(deadline)) {
        return Outcome.TIMED_OUT;
      }
      if (wait == null) {
        wait = new RingWait(session.waiting(), sleepingWriters, writersSpin);
      } else {
        wait.rest(deadline);
      }
    }
  }

  private boolean append(
      byte[] bytes, int from, int length, List<Handle> handles, boolean throwing) {
    checkUsable();
    RingWriter.Room room;
    long sequence = 0;
    boolean done = false;
    try {
      locks.lockWriters();
      room = writer.room(length);
      if (room == RingWriter.Room.THERE) {
        if (!handles.isEmpty()) {
          ends.note(handles);
        }
        sequence = writer.append(bytes, from, length);
      }
      locks.unlockWriters();
      done = true;
    } finally {
      if (!done) {
        locks.letGo();
      }
    }
    if (room == RingWriter.Room.THERE) {
      sleepingReaders.wake(sequence, 1);
      locks.mendIfDamaged();
      return true;
    }
    if (throwing && room == RingWriter.Room.OUT_OF_MEMORY) {
      throw writer.outOfMemory(length);
    }
    return false;
  }

  /// Takes the next message, waiting for one until a deadline of [System#nanoTime()].
  ///
  /// @return the message, null if none came in time, or [#ENDED]
  /// @throws InterruptedException if interrupted while waiting; nothing was taken
  public byte @Nullable [] take(long deadline) throws InterruptedException {
    return take(deadline, Integer.MAX_VALUE);
  }

  /// Takes the next message if it is not longer than `most` bytes, waiting for one until a deadline
  /// of [System#nanoTime()].
  ///
  /// @return the message, null if none came in time, [#ENDED] or [#TOO_LONG]
  /// @throws InterruptedException if interrupted while waiting; nothing was taken
  public byte @Nullable [] take(long deadline, int most) throws InterruptedException {
    RingWait wait = null;
    while (true) {
      if (wait != null) {
        wait.listen();
      }
      byte[] bytes = takeNow(most);
      if (bytes != null) {
        return bytes;
      }
      if (writers != null && writers.isAbandoned()) {
        byte[] last = takeNow(most); // what came before the end
        return last != null ? last : ENDED;
      }
      if (RingDeadline.hasPassed(deadline)) {
        return null;
      }
      if (wait == null) {
        wait = newReadersWait();
      } else {
        wait.rest(deadline);
      }
    }
  }

  private RingWait newReadersWait() {
    return new RingWait(session.waiting(), sleepingReaders, readersSpin);
  }

  @SuppressWarnings("ReferenceEquality") // an array that is a signal, not a message
  private byte @Nullable [] takeNow(int most) {
    checkUsable();
    if (isEmpty()) {
      return null;
    }
    byte[] bytes = underReadersLock(taking, most);
    if (bytes == TOO_LONG) {
      sleepingReaders.passOn();
    }
    return bytes;
  }

  /// An operation of the readers' side that needs a number at most.
  private interface Reading<T extends @Nullable Object> {
    T on(RingReader reader, int number);
  }

  /// Does something under the readers' lock, and then tells the writers what has gone.
  private <T extends @Nullable Object> T underReadersLock(Reading<T> reading, int number) {
    T result;
    int gone;
    boolean freedMemory;
    boolean done = false;
    try {
      locks.lockReaders();
      reader.begin();
      result = reading.on(reader, number);
      gone = reader.gone();
      freedMemory = reader.hasFreedMemory();
      locks.unlockReaders();
      done = true;
    } finally {
      if (!done) {
        locks.letGo();
      }
    }
    wakeWriters(gone, freedMemory);
    locks.mendIfDamaged();
    return result;
  }

  /// Takes the next message, and makes this process have what ends of pipes it has the last handles of.
  private byte @Nullable [] takeWithEnds(RingReader side, int most) {
    if (!ends.isUsed()) {
      return side.take(most);
    }
    int length = side.nextLength();
    List<EndUsers> brought =
        length >= 0 && length <= most ? ends.openLastIn(side.headSequence()) : List.of();
    byte[] bytes = null;
    try {
      bytes = side.take(most);
    } finally {
      if (!brought.isEmpty()) {
        Undecoded.add(bytes != null ? bytes : new byte[0], brought);
      }
    }
    return bytes;
  }

  /// Says that a message that was taken has been decoded, or will never be: the ends of pipes that it
  /// brought are this process's only as far as they have been attached. Without this call they are so
  /// once the message is unreachable.
  public static void decoded(byte[] message) {
    Undecoded.remove(message);
  }

  /// Waits until a deadline of [System#nanoTime()] for a message or the end.
  ///
  /// @return whether [#take] would not wait now
  public boolean awaitMessage(long deadline) throws InterruptedException {
    RingWait wait = newReadersWait();
    try {
      while (true) {
        wait.listen();
        checkUsable();
        if (!isEmpty() || (writers != null && writers.isAbandoned())) {
          return true;
        }
        if (RingDeadline.hasPassed(deadline)) {
          return false;
        }
        wait.rest(deadline);
      }
    } finally {
      wait.passOn(); // a message may be there, and is not taken here
    }
  }

  /// The length of the message that [#take] would return now, or -1 if there is none.
  public int nextLength() {
    checkUsable();
    return underReadersLock((reading, _) -> reading.nextLength(), 0);
  }

  /// Takes and forgets all messages that are there at the time of the call.
  public void clear() {
    long end = Words.getLongVolatile(memory, tailAt);
    int discarded = DISCARDS_AT_A_TIME;
    while (discarded == DISCARDS_AT_A_TIME) {
      checkUsable();
      discarded =
          underReadersLock((reading, most) -> reading.discard(most, end), DISCARDS_AT_A_TIME);
    }
  }

  /// The messages that are there, to be looked at without taking them.
  public RingScan scan() {
    checkUsable();
    return new RingScan(this, Words.getLongVolatile(memory, tailAt));
  }

  /// For [RingScan]: looks at messages under the readers' lock.
  int read(RingScan scan, int most) {
    checkUsable();
    return underReadersLock((reading, atMost) -> scan.read(memory, reading, atMost), most);
  }

  /// Takes a message that a scan has found out of the middle.
  ///
  /// @return false if somebody has taken or removed it meanwhile
  public boolean remove(RingScan.Found found) {
    checkUsable();
    return underReadersLock((reading, _) -> reading.remove(found.sequence(), found.position()), 0);
  }

  /// How many messages it holds.
  public long size() {
    checkUsable();
    while (true) {
      long gone = Words.getLongVolatile(memory, goneAt);
      long tail = Words.getLongVolatile(memory, tailAt);
      if (gone == Words.getLongVolatile(memory, goneAt)) {
        return tail - gone;
      }
    }
  }

  /// How many messages it may hold at a time, [RingLimits#UNBOUNDED] for any number.
  public long capacity() {
    return capacity;
  }

  /// How many messages were ever appended.
  public long appended() {
    return Words.getLongVolatile(memory, tailAt);
  }

  /// How many messages were ever taken or removed.
  public long gone() {
    return Words.getLongVolatile(memory, goneAt);
  }

  /// The processes that have the writing end.
  ///
  /// @throws IllegalStateException if this ring keeps no track of them
  public EndUsers writers() {
    return tracked(writers);
  }

  /// The processes that have the reading end.
  ///
  /// @throws IllegalStateException if this ring keeps no track of them
  public EndUsers readers() {
    return tracked(readers);
  }

  /// Puts this process into one of the ring's two sets of users.
  void join(UserSet users) {
    boolean done = false;
    try {
      locks.lockReaders(); // so nobody frees the memory of the set meanwhile
      session.holdings().join(users);
      locks.unlockReaders();
      done = true;
    } finally {
      if (!done) {
        locks.letGo();
      }
    }
    locks.mendIfDamaged();
  }

  private static EndUsers tracked(@Nullable EndUsers users) {
    if (users == null) {
      throw new IllegalStateException("this ring keeps no track of its users");
    }
    return users;
  }

  /// Notes that a reference leaves this process: the ring lives until it is destroyed.
  public void markSent() {
    session.directory().markSent(ref);
  }

  /// True if the ring has not been destroyed, and this instance is in use.
  public boolean isUsable() {
    return !detached && isThere();
  }

  /// True if the ring has not been destroyed.
  public boolean isThere() {
    return session.directory().isThere(ref);
  }

  /// True if a reference has left the process that made it.
  public boolean wasSent() {
    return session.directory().wasSent(ref.cell());
  }

  /// Ends the use of this instance: whoever waits in it, or uses it later, gets an exception.
  public void detach() {
    if (!detached) {
      detached = true;
      session.waiting().ringSelf();
    }
  }

  /// Frees the ring with all it holds, for every process. Whoever waits for it gets an exception.
  public void destroy() {
    List<CellRef> pipes = isThere() ? ends.pipes() : List.of();
    locks.destroy();
    for (CellRef pipe : pipes) {
      EndUsers.freeIfAbandoned(session, pipe);
    }
  }

  /// Frees the ring if no reference has left the process that made it.
  public void destroyUnlessSent() {
    locks.destroyUnlessSent();
  }

  private void wakeWriters(int gone, boolean freedMemory) {
    if (capacity != RingLimits.UNBOUNDED) {
      if (gone != 0) {
        sleepingWriters.wake(Words.getLongVolatile(memory, goneAt), gone);
      }
    } else if (freedMemory) {
      sleepingWriters.wake(Words.getLongVolatile(memory, goneAt), ALL);
    }
  }

  private boolean isEmpty() {
    long gone = Words.getLongVolatile(memory, goneAt);
    return !reader.knowsOfMore(gone) && Words.getLongVolatile(memory, tailAt) == gone;
  }

  private void checkUsable() {
    if (detached) {
      throw new IllegalStateException("closed in this process: cell=" + ref.cell());
    }
    locks.checkThere();
  }
}
