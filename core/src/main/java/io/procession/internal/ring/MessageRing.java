package io.procession.internal.ring;

import io.procession.internal.arena.CellKind;
import io.procession.internal.arena.CellRef;
import io.procession.internal.arena.CrashPoint;
import io.procession.internal.arena.Directory;
import io.procession.internal.arena.HeaderLayout;
import io.procession.internal.arena.LockWord;
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
   */

  /// What [#take] returns when nothing will come any more.
  public static final byte[] ENDED = new byte[0];

  /// How a [#put] ended.
  public enum Outcome {
    DONE,
    TIMED_OUT,
    /// All that ever read have closed or died.
    ABANDONED
  }

  private final Session session;
  private final CellRef ref;
  private final MemorySegment memory;
  private final int controlUnit;
  private final long control;
  private final boolean tracksUsers;
  private final boolean waitsForMemory;
  private final boolean bounded;

  private final LockWord writerLock;
  private final LockWord readerLock;
  private final RingWriter writer;
  private final RingReader reader;
  private final Spares spares;
  private final Sleepers sleepingReaders;
  private final Sleepers sleepingWriters;
  private final Spin spin;
  private final long headAt;

  private MessageRing(Session session, CellRef ref, int controlUnit) {
    this.session = session;
    this.ref = ref;
    this.memory = session.memory();
    this.controlUnit = controlUnit;
    this.control = Units.offset(controlUnit);
    this.tracksUsers = session.directory().hasUserSets(ref.cell());
    this.waitsForMemory =
        Words.getInt(memory, control + RingLayout.AT_LIMIT_AT) == RingLimits.AtLimit.WAIT.code();
    this.bounded = Words.getLong(memory, control + RingLayout.CAPACITY_AT) != RingLimits.UNBOUNDED;
    this.headAt = control + RingLayout.HEAD_SEQUENCE_AT;
    this.writerLock = new LockWord(session, control + RingLayout.WRITER_LOCK_AT);
    this.readerLock = new LockWord(session, control + RingLayout.READER_LOCK_AT);
    this.spares = new Spares(session, ref.cell(), control);
    this.writer = new RingWriter(session, spares, ref.cell(), control);
    this.reader = new RingReader(session, spares, control);
    long tailAt = control + RingLayout.TAIL_SEQUENCE_AT;
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
            headAt,
            CrashPoint.RING_WRITERS_CLEARED,
            CrashPoint.RING_WRITERS_MARKED);
    this.spin = new Spin(memory, tailAt);
  }

  /// Makes an empty ring. It belongs to this process until [#markSent].
  ///
  /// @param tracksUsers whether processes say that they use an end ([#writers], [#readers])
  public static MessageRing create(
      Session session, CellKind kind, String name, RingLimits limits, boolean tracksUsers) {
    Directory directory = session.directory();
    MemorySegment memory = session.memory();
    int cell = directory.allocate(kind, name);
    int controlUnit = session.units().allocate(cell, 2);
    int first = controlUnit + 1;
    long control = Units.offset(controlUnit);
    Segment.format(memory, first, 1, 0);
    long start = RingLayout.position(first, SegmentLayout.RECORDS_AT);
    Words.setLong(memory, control + RingLayout.CAPACITY_AT, limits.capacity());
    Words.setLong(
        memory,
        control + RingLayout.UNIT_LIMIT_AT,
        Math.max(1, limits.maxBytes() / HeaderLayout.UNIT_BYTES));
    Words.setInt(memory, control + RingLayout.AT_LIMIT_AT, limits.atLimit().code());
    Words.setLong(memory, control + RingLayout.TAIL_AT, start);
    Words.setLong(memory, control + RingLayout.HEAD_AT, start);
    Words.setLong(memory, control + RingLayout.UNITS_LINKED_AT, 1);
    if (tracksUsers) {
      directory.setUserSets(cell, control + RingLayout.WRITERS_AT, 2);
    }
    Words.setIntRelease(memory, Directory.body(cell) + RingLayout.CELL_CONTROL_AT, controlUnit + 1);
    return new MessageRing(session, directory.ref(cell), controlUnit);
  }

  /// The ring that a reference names.
  ///
  /// @throws IllegalStateException if it is of another session or gone
  public static MessageRing attach(Session session, CellRef ref, CellKind kind) {
    session.directory().check(ref, kind);
    int controlUnit =
        Words.getIntAcquire(
                session.memory(), Directory.body(ref.cell()) + RingLayout.CELL_CONTROL_AT)
            - 1;
    if (!session.units().bears(controlUnit, ref.cell())) {
      throw new IllegalStateException("a ring in shared memory is corrupt: cell=" + ref.cell());
    }
    return new MessageRing(session, ref, controlUnit);
  }

  /// Where the ring lives.
  public CellRef ref() {
    return ref;
  }

  /// Appends a message, waiting for room until a deadline of [System#nanoTime()].
  ///
  /// @throws RingFullException if memory is used up and writers do not wait for it
  /// @throws InterruptedException if interrupted while waiting; the message was not appended
  public Outcome put(byte[] bytes, int from, int length, long deadline)
      throws InterruptedException {
    Objects.checkFromIndexSize(from, length, bytes.length);
    if (length > SegmentLayout.MAX_MESSAGE) {
      throw new IllegalArgumentException(
          "a message has at most " + SegmentLayout.MAX_MESSAGE + " bytes: length=" + length);
    }
    while (true) {
      int heard = session.waiting().bell();
      long head = Words.getLongVolatile(memory, headAt);
      if (append(bytes, from, length)) {
        return Outcome.DONE;
      }
      if (tracksUsers && readers().isAbandoned()) {
        return Outcome.ABANDONED;
      }
      if (deadline - System.nanoTime() <= 0) {
        return Outcome.TIMED_OUT;
      }
      boolean slept = false;
      try {
        sleepingWriters.sleep(head, heard, deadline);
        slept = true;
      } finally {
        if (!slept) {
          sleepingWriters.passOn();
        }
      }
    }
  }

  /// Takes the next message, waiting for one until a deadline of [System#nanoTime()].
  ///
  /// @return the message, null if none came in time, or [#ENDED]
  /// @throws InterruptedException if interrupted while waiting; nothing was taken
  public byte @Nullable [] take(long deadline) throws InterruptedException {
    boolean abandoned = false;
    while (true) {
      int heard = session.waiting().bell();
      byte[] bytes = takeNow();
      if (bytes != null) {
        return bytes;
      }
      if (abandoned) {
        return ENDED;
      }
      if (tracksUsers && writers().isAbandoned()) {
        abandoned = true; // what came before it was abandoned is still to be read: look again
        continue;
      }
      long tail = Words.getLongVolatile(memory, control + RingLayout.TAIL_SEQUENCE_AT);
      if (tail != Words.getLongVolatile(memory, control + RingLayout.HEAD_SEQUENCE_AT)) {
        continue;
      }
      if (deadline - System.nanoTime() <= 0) {
        return null;
      }
      if (spin.until(tail)) {
        continue;
      }
      boolean slept = false;
      try {
        sleepingReaders.sleep(tail, heard, deadline);
        slept = true;
      } finally {
        if (!slept) {
          sleepingReaders.passOn();
        }
      }
    }
  }

  /// How many messages it holds.
  public long size() {
    checkThere();
    while (true) {
      long tail = Words.getLongVolatile(memory, control + RingLayout.TAIL_SEQUENCE_AT);
      long head = Words.getLongVolatile(memory, control + RingLayout.HEAD_SEQUENCE_AT);
      long removed = Words.getLongVolatile(memory, control + RingLayout.REMOVED_AT);
      if (tail == Words.getLongVolatile(memory, control + RingLayout.TAIL_SEQUENCE_AT)
          && head == Words.getLongVolatile(memory, control + RingLayout.HEAD_SEQUENCE_AT)) {
        return Math.max(0, tail - head - removed);
      }
    }
  }

  /// How many messages were ever appended.
  public long appended() {
    return Words.getLongVolatile(memory, control + RingLayout.TAIL_SEQUENCE_AT);
  }

  /// How many messages were ever taken (or removed, once they have been passed).
  public long taken() {
    return Words.getLongVolatile(memory, control + RingLayout.HEAD_SEQUENCE_AT);
  }

  /// The processes that use the writing end, if this ring keeps track of them.
  public UserSet writers() {
    return new UserSet(memory, control + RingLayout.WRITERS_AT);
  }

  /// The processes that use the reading end, if this ring keeps track of them.
  public UserSet readers() {
    return new UserSet(memory, control + RingLayout.READERS_AT);
  }

  /// Notes that a reference has left this process: the ring lives until it is destroyed.
  public void markSent() {
    session.directory().markSent(ref.cell());
  }

  /// Frees the ring with all it holds, for every process.
  public void destroy() {
    session.directory().free(ref);
  }

  private boolean append(byte[] bytes, int from, int length) {
    checkThere();
    lockWriters();
    long sequence;
    try {
      if (!writer.hasRoom(length)) {
        return false;
      }
      sequence = writer.append(bytes, from, length);
    } finally {
      writerLock.release();
    }
    sleepingReaders.wake(sequence, 1);
    mendIfDamaged();
    return true;
  }

  private byte @Nullable [] takeNow() {
    checkThere();
    if (Words.getLongVolatile(memory, control + RingLayout.TAIL_SEQUENCE_AT)
        == Words.getLongVolatile(memory, control + RingLayout.HEAD_SEQUENCE_AT)) {
      return null;
    }
    lockReaders();
    byte[] bytes;
    boolean madeRoom;
    try {
      bytes = reader.take();
      madeRoom = waitsForMemory ? reader.hasFreedMemory() : bounded;
    } finally {
      readerLock.release();
    }
    if (madeRoom) {
      sleepingWriters.wake(Words.getLongVolatile(memory, headAt), 1);
    }
    mendIfDamaged();
    return bytes;
  }

  private void lockWriters() {
    if (writerLock.acquireUninterruptibly() == LockWord.ACQUIRED) {
      return;
    }
    boolean recovered = false;
    try {
      markDamaged();
      writer.recover();
      recovered = true;
    } finally {
      if (!recovered) {
        writerLock.release();
      }
    }
  }

  private void lockReaders() {
    if (readerLock.acquireUninterruptibly() == LockWord.ACQUIRED) {
      return;
    }
    boolean recovered = false;
    try {
      markDamaged();
      reader.recover();
      recovered = true;
    } finally {
      if (!recovered) {
        readerLock.release();
      }
    }
  }

  private void markDamaged() {
    Words.setIntVolatile(memory, control + RingLayout.DAMAGE_AT, 1);
    CrashPoint.RING_DAMAGE_MARKED.reach();
  }

  private void mendIfDamaged() {
    if (Words.getIntVolatile(memory, control + RingLayout.DAMAGE_AT) == 0) {
      return;
    }
    lockReaders();
    try {
      lockWriters();
      try {
        Sweep.run(session, spares, ref.cell(), controlUnit, control);
        Words.setIntVolatile(memory, control + RingLayout.DAMAGE_AT, 0);
        CrashPoint.RING_DAMAGE_CLEARED.reach();
      } finally {
        writerLock.release();
      }
    } finally {
      readerLock.release();
    }
    session.participants().ringAll();
  }

  private void checkThere() {
    if (!session.directory().isThere(ref)) {
      throw new IllegalStateException("the object has been destroyed: cell=" + ref.cell());
    }
  }

  /// The deadline of a wait without limit.
  public static long forever() {
    return Waiting.forever();
  }
}
