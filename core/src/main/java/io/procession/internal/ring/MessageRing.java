package io.procession.internal.ring;

import io.procession.internal.arena.CellKind;
import io.procession.internal.arena.CellRef;
import io.procession.internal.arena.CrashPoint;
import io.procession.internal.arena.Directory;
import io.procession.internal.arena.Session;
import io.procession.internal.arena.Units;
import io.procession.internal.arena.UserSet;
import io.procession.internal.arena.Waiting;
import io.procession.internal.arena.Words;
import java.lang.foreign.MemorySegment;
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
    /// All that ever read have closed or died.
    ABANDONED
  }

  private static final int DISCARDS_AT_A_TIME = 256;
  private static final int ALL = Integer.MAX_VALUE;

  private static final long UNSEEN = -1;

  // deadlines that ask for no clock
  private static final long FOREVER = Long.MIN_VALUE;
  private static final long NOW = Long.MIN_VALUE + 1;

  private final Session session;
  private final CellRef ref;
  private final MemorySegment memory;
  private final long control;
  private final long tailAt;
  private final long goneAt;
  private final boolean waitsForMemory;
  private final long capacity;
  private final @Nullable UserSet writers;
  private final @Nullable UserSet readers;

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
      @Nullable UserSet writers,
      @Nullable UserSet readers) {
    this.session = session;
    this.ref = ref;
    this.memory = session.memory();
    this.control = Units.offset(controlUnit);
    this.tailAt = control + RingLayout.TAIL_SEQUENCE_AT;
    this.goneAt = control + RingLayout.GONE_AT;
    this.writers = writers;
    this.readers = readers;
    this.waitsForMemory =
        Words.getInt(memory, control + RingLayout.AT_LIMIT_AT) == RingLimits.AtLimit.WAIT.code();
    this.capacity = Words.getLong(memory, control + RingLayout.CAPACITY_AT);
    Spares spares = new Spares(session, ref.cell(), control);
    this.writer = new RingWriter(session, spares, ref.cell(), control);
    this.reader = new RingReader(session, spares, control);
    this.locks = new RingLocks(session, ref, controlUnit, control, spares, writer, reader);
    this.sleepingReaders =
        new Sleepers(
            session,
            control + RingLayout.READERS_WAIT_AT,
            tailAt,
            CrashPoint.RING_READERS_CLEARED,
            CrashPoint.RING_READERS_MARKED);
    this.sleepingWriters =
        new Sleepers(
            session,
            control + RingLayout.WRITERS_WAIT_AT,
            goneAt,
            CrashPoint.RING_WRITERS_CLEARED,
            CrashPoint.RING_WRITERS_MARKED);
    this.readersSpin = new Spin(memory, tailAt);
    boolean bounded = capacity != RingLimits.UNBOUNDED;
    this.writersSpin = new Spin(memory, bounded ? goneAt : control + RingLayout.UNITS_FREED_AT);
  }

  /// Makes an empty ring. It belongs to this process until [#markSent].
  ///
  /// @param tracksUsers whether processes say that they use an end ([#writers], [#readers])
  public static MessageRing create(
      Session session, CellKind kind, String name, RingLimits limits, boolean tracksUsers) {
    int cell = session.directory().allocate(kind, name);
    int controlUnit = ControlBlock.format(session, cell, limits);
    if (tracksUsers) {
      session.directory().addUserSets(cell);
    }
    return of(session, session.directory().ref(cell), controlUnit);
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
    int cell = session.directory().allocate(kind, name);
    int controlUnit = ControlBlock.format(session, cell, limits);
    CellRef back = session.directory().ref(cell);
    ControlBlock.setBack(session, ref, back);
    return new MessageRing(
        session, back, controlUnit, /* writers= */ readers, /* readers= */ writers);
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
    CellRef back = new CellRef(ref.session(), cell, generation);
    int controlUnit = ControlBlock.find(session, back, kind);
    return new MessageRing(
        session, back, controlUnit, /* writers= */ readers, /* readers= */ writers);
  }

  private static MessageRing of(Session session, CellRef ref, int controlUnit) {
    Directory directory = session.directory();
    if (!directory.hasUserSets(ref.cell())) {
      return new MessageRing(session, ref, controlUnit, null, null);
    }
    UserSet writers = directory.userSet(ref.cell(), RingLayout.WRITERS);
    UserSet readers = directory.userSet(ref.cell(), RingLayout.READERS);
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
    return put(bytes, from, length, deadline, !waitsForMemory);
  }

  /// Appends a message, waiting until a deadline of [System#nanoTime()] for whatever is short.
  ///
  /// @throws InterruptedException if interrupted while waiting; the message was not appended
  public Outcome offer(byte[] bytes, int from, int length, long deadline)
      throws InterruptedException {
    return put(bytes, from, length, deadline, false);
  }

  private Outcome put(byte[] bytes, int from, int length, long deadline, boolean throwing)
      throws InterruptedException {
    Objects.checkFromIndexSize(from, length, bytes.length);
    if (length > SegmentLayout.MAX_MESSAGE) {
      throw new IllegalArgumentException(
          "a message has at most " + SegmentLayout.MAX_MESSAGE + " bytes: length=" + length);
    }
    int announced = 0;
    long seen = UNSEEN;
    while (true) {
      int heard = session.waiting().bell();
      if (append(bytes, from, length, throwing)) {
        return Outcome.DONE;
      }
      if (readers != null && readers.isAbandoned()) {
        return Outcome.ABANDONED;
      }
      if (locks.mendReaders()) {
        continue;
      }
      if (hasPassed(deadline)) {
        return Outcome.TIMED_OUT;
      }
      if (seen == UNSEEN) { // only now: in the ordinary case the readers' words are left alone
        seen = writersSpin.look();
      } else if (announced == 0) {
        if (!writersSpin.until(seen)) {
          announced = sleepingWriters.announce();
        }
        seen = writersSpin.look();
      } else {
        sleep(sleepingWriters, writersSpin, announced, heard, deadline);
        announced = 0;
      }
    }
  }

  private boolean append(byte[] bytes, int from, int length, boolean throwing) {
    checkUsable();
    locks.lockWriters();
    long sequence;
    try {
      RingWriter.Room room = writer.room(length);
      if (room != RingWriter.Room.THERE) {
        if (throwing && room == RingWriter.Room.OUT_OF_MEMORY) {
          throw writer.outOfMemory(length);
        }
        return false;
      }
      sequence = writer.append(bytes, from, length);
    } finally {
      locks.unlockWriters();
    }
    sleepingReaders.wake(sequence, 1);
    locks.mendIfDamaged();
    return true;
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
    int announced = 0;
    while (true) {
      int heard = session.waiting().bell();
      byte[] bytes = takeNow(most);
      if (bytes != null) {
        return bytes;
      }
      if (writers != null && writers.isAbandoned()) {
        byte[] last = takeNow(most); // what came before the end
        return last != null ? last : ENDED;
      }
      if (hasPassed(deadline)) {
        return null;
      }
      if (announced == 0) {
        long tail = readersSpin.look();
        if (isEmpty() && !readersSpin.until(tail)) {
          announced = sleepingReaders.announce();
        }
      } else {
        sleep(sleepingReaders, readersSpin, announced, heard, deadline);
        announced = 0;
      }
    }
  }

  @SuppressWarnings("ReferenceEquality") // an array that is a signal, not a message
  private byte @Nullable [] takeNow(int most) {
    checkUsable();
    if (isEmpty()) {
      return null;
    }
    locks.lockReaders();
    byte[] bytes;
    boolean freedMemory;
    try {
      bytes = reader.take(most);
      freedMemory = reader.hasFreedMemory();
    } finally {
      locks.unlockReaders();
    }
    boolean tooLong = bytes == TOO_LONG;
    if (tooLong) {
      sleepingReaders.passOn();
    }
    wakeWriters(bytes == null || tooLong ? 0 : 1, freedMemory);
    locks.mendIfDamaged();
    return bytes;
  }

  /// Waits until a deadline of [System#nanoTime()] for a message or the end.
  ///
  /// @return whether [#take] would not wait now
  public boolean awaitMessage(long deadline) throws InterruptedException {
    int announced = 0;
    boolean slept = false;
    try {
      while (true) {
        int heard = session.waiting().bell();
        checkUsable();
        if (!isEmpty() || (writers != null && writers.isAbandoned())) {
          return true;
        }
        if (hasPassed(deadline)) {
          return false;
        }
        if (announced == 0) {
          long tail = readersSpin.look();
          if (isEmpty() && !readersSpin.until(tail)) {
            announced = sleepingReaders.announce();
          }
        } else {
          slept = true;
          sleep(sleepingReaders, readersSpin, announced, heard, deadline);
          announced = 0;
        }
      }
    } finally {
      if (slept) {
        sleepingReaders.passOn(); // a message may be there, and is not taken here
      }
    }
  }

  /// The length of the message that [#take] would return now, or -1 if there is none.
  public int nextLength() {
    checkUsable();
    locks.lockReaders();
    int length;
    boolean freedMemory;
    try {
      length = reader.nextLength();
      freedMemory = reader.hasFreedMemory();
    } finally {
      locks.unlockReaders();
    }
    wakeWriters(0, freedMemory);
    locks.mendIfDamaged();
    return length;
  }

  /// Takes and forgets all messages that are there at the time of the call.
  public void clear() {
    long end = Words.getLongVolatile(memory, tailAt);
    int discarded = DISCARDS_AT_A_TIME;
    while (discarded == DISCARDS_AT_A_TIME) {
      checkUsable();
      locks.lockReaders();
      boolean freedMemory;
      try {
        discarded = reader.discard(DISCARDS_AT_A_TIME, end);
        freedMemory = reader.hasFreedMemory();
      } finally {
        locks.unlockReaders();
      }
      wakeWriters(discarded, freedMemory);
      locks.mendIfDamaged();
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
    locks.lockReaders();
    int found;
    try {
      found = scan.read(memory, reader, most);
    } finally {
      locks.unlockReaders();
    }
    locks.mendIfDamaged();
    return found;
  }

  /// Takes a message that a scan has found out of the middle.
  ///
  /// @return false if somebody has taken or removed it meanwhile
  public boolean remove(RingScan.Found found) {
    checkUsable();
    locks.lockReaders();
    boolean removed;
    boolean freedMemory;
    try {
      removed = reader.remove(found.sequence(), found.position());
      freedMemory = reader.hasFreedMemory();
    } finally {
      locks.unlockReaders();
    }
    wakeWriters(removed ? 1 : 0, freedMemory);
    locks.mendIfDamaged();
    return removed;
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

  /// The processes that use the writing end.
  ///
  /// @throws IllegalStateException if this ring keeps no track of them
  public UserSet writers() {
    return tracked(writers);
  }

  /// The processes that use the reading end.
  ///
  /// @throws IllegalStateException if this ring keeps no track of them
  public UserSet readers() {
    return tracked(readers);
  }

  /// Puts this process into one of the ring's two sets of users.
  public void join(UserSet users) {
    locks.lockReaders(); // so nobody frees the memory of the set meanwhile
    try {
      users.add(session.self());
    } finally {
      locks.unlockReaders();
    }
    locks.mendIfDamaged();
  }

  /// Takes this process out of one of the ring's two sets of users, and tells all who wait if it was
  /// the last. Does nothing if the ring is gone.
  ///
  /// @return whether the set is abandoned now
  public boolean leave(UserSet users) {
    boolean abandoned;
    try {
      locks.lockReaders();
    } catch (IllegalStateException e) {
      return false;
    }
    try {
      users.remove(session.self());
      abandoned = users.isAbandoned();
    } finally {
      locks.unlockReaders();
    }
    if (abandoned) {
      session.participants().ringAll();
    }
    return abandoned;
  }

  private static UserSet tracked(@Nullable UserSet users) {
    if (users == null) {
      throw new IllegalStateException("this ring keeps no track of its users");
    }
    return users;
  }

  /// Notes that a reference has left this process: the ring lives until it is destroyed.
  public void markSent() {
    session.directory().markSent(ref.cell());
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
    locks.destroy();
  }

  /// Frees the ring if no reference has left the process that made it.
  public void destroyUnlessSent() {
    if (isThere() && !wasSent()) {
      destroy();
    }
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

  private static void sleep(Sleepers sleepers, Spin spin, int announced, int heard, long deadline)
      throws InterruptedException {
    long since = System.nanoTime();
    boolean slept = false;
    try {
      sleepers.sleep(announced, heard, deadline == FOREVER ? Waiting.forever() : deadline);
      slept = true;
      spin.slept(System.nanoTime() - since);
    } finally {
      if (!slept) {
        sleepers.passOn();
      }
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

  /// The deadline of a wait without limit.
  public static long forever() {
    return FOREVER;
  }

  /// The deadline of who does not wait.
  public static long now() {
    return NOW;
  }

  private static boolean hasPassed(long deadline) {
    return deadline == NOW || (deadline != FOREVER && deadline - System.nanoTime() <= 0);
  }
}
