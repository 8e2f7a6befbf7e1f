package io.procession.internal.ring;

import io.procession.internal.arena.FailPoint;
import io.procession.internal.arena.Session;
import io.procession.internal.arena.Units;
import io.procession.internal.arena.Words;
import io.procession.serial.LargeArrays;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// The readers' side of a ring. Every method is called with the reader lock held.
final class RingReader {
  private final MemorySegment memory;
  private final Units units;
  private final SpareSegments spares;
  private final int cell;
  private final long control;

  /// What the tail sequence has been at least. Looked at first, since the tail itself is on a cache
  /// line that the writers change all the time.
  private final AtomicLong knownTail = new AtomicLong();

  /// What the operation that is under way has done.
  private int gone;

  private boolean freedMemory;
  private @Nullable LargeArrays arrays;

  RingReader(Session session, SpareSegments spares, int cell, long control) {
    this.memory = session.memory();
    this.units = session.units();
    this.spares = spares;
    this.cell = cell;
    this.control = control;
  }

  /// Called before each operation.
  ///
  /// @param into gets the long arrays of a message that is taken; null if they are bytes as others are
  void begin(@Nullable LargeArrays into) {
    arrays = into;
    gone = 0;
    freedMemory = false;
  }

  /// Takes the next message; null if there is none, [MessageRing#TOO_LONG] if it has more bytes than
  /// `most`.
  byte @Nullable [] take(int most) {
    if (!findNext()) {
      return null;
    }
    long head = Words.getLong(memory, control + RingLayout.HEAD_AT);
    int unit = RingLayout.unit(head);
    int offset = RingLayout.offset(head);
    int length = Segment.length(memory, unit, offset, Segment.end(memory, unit));
    int flags = Segment.flags(memory, unit, offset);
    int ofMessage = Segment.messageLength(unit, length, flags);
    if (ofMessage > most) {
      return MessageRing.TOO_LONG;
    }
    byte[] bytes = read(unit, offset, ofMessage, flags);
    pass(unit, offset, length);
    countGone();
    return bytes;
  }

  private byte[] read(int unit, int offset, int length, int flags) {
    LargeArrays into = arrays;
    if (into == null) {
      return Segment.read(memory, unit, offset, length);
    }
    arrays = null; // they are the caller's
    into.clear();
    return flags >>> SegmentLayout.TABLE_SHIFT == 0
        ? Segment.read(memory, unit, offset, length)
        : Segment.read(memory, unit, offset, length, flags, into);
  }

  /// Takes the next message to the beginning of a segment.
  ///
  /// @return its length, [MessageRing#NONE], or [MessageRing#NOT_TAKEN] if it is longer
  int takeInto(MemorySegment target) {
    if (!findNext()) {
      return MessageRing.NONE;
    }
    long head = Words.getLong(memory, control + RingLayout.HEAD_AT);
    int unit = RingLayout.unit(head);
    int offset = RingLayout.offset(head);
    int length = Segment.length(memory, unit, offset, Segment.end(memory, unit));
    int flags = Segment.flags(memory, unit, offset);
    int ofMessage = Segment.messageLength(unit, length, flags);
    if (ofMessage > target.byteSize()) {
      return MessageRing.NOT_TAKEN;
    }
    Segment.read(memory, unit, offset, target, ofMessage);
    pass(unit, offset, length);
    countGone();
    return ofMessage;
  }

  /// Takes the next message, of one for which there is no memory only the first bytes; null if there is
  /// none.
  ///
  /// @param most how many bytes then
  byte @Nullable [] takeHead(int most) {
    if (!findNext()) {
      return null;
    }
    long head = Words.getLong(memory, control + RingLayout.HEAD_AT);
    int unit = RingLayout.unit(head);
    int offset = RingLayout.offset(head);
    int length = Segment.length(memory, unit, offset, Segment.end(memory, unit));
    int flags = Segment.flags(memory, unit, offset);
    int ofMessage = Segment.messageLength(unit, length, flags);
    byte[] bytes;
    try {
      bytes = Segment.read(memory, unit, offset, ofMessage);
    } catch (OutOfMemoryError e) {
      bytes = Segment.read(memory, unit, offset, Math.min(ofMessage, most));
    }
    pass(unit, offset, length);
    countGone();
    return bytes;
  }

  /// Takes up to `most` messages whose sequence is below `end`, and forgets them.
  ///
  /// @return how many
  int discard(int most, long end) {
    int discarded = 0;
    while (discarded < most && findNext() && headSequence() < end) {
      long head = Words.getLong(memory, control + RingLayout.HEAD_AT);
      int unit = RingLayout.unit(head);
      int offset = RingLayout.offset(head);
      pass(unit, offset, Segment.length(memory, unit, offset, Segment.end(memory, unit)));
      countGone();
      discarded++;
    }
    return discarded;
  }

  /// The length of the next message, or -1 if there is none.
  int nextLength() {
    if (!findNext()) {
      return -1;
    }
    long head = Words.getLong(memory, control + RingLayout.HEAD_AT);
    int unit = RingLayout.unit(head);
    int offset = RingLayout.offset(head);
    int length = Segment.length(memory, unit, offset, Segment.end(memory, unit));
    return Segment.messageLength(unit, length, Segment.flags(memory, unit, offset));
  }

  /// Takes the message with a sequence and position out of the middle.
  ///
  /// @return false if it is not there any more
  boolean remove(long sequence, long position) {
    if (sequence < headSequence()) {
      return false;
    }
    int unit = RingLayout.unit(position);
    int offset = RingLayout.offset(position);
    int flags = Segment.flags(memory, unit, offset);
    if ((flags & SegmentLayout.REMOVED) != 0) {
      return false;
    }
    long begun = Words.getLong(memory, control + RingLayout.REMOVALS_AT) + 1;
    Words.setLongVolatile(memory, control + RingLayout.REMOVALS_AT, begun);
    Segment.setFlags(memory, unit, offset, flags | SegmentLayout.REMOVED);
    FailPoint.RING_REMOVED.reach();
    countGone();
    findNext();
    return true;
  }

  /// Sets the head right after a reader died: it follows from the sequence. A message that the dead
  /// one had copied but not counted as taken is still there.
  void recover() {
    long sequence = headSequence();
    int unit = RingLayout.unit(Words.getLong(memory, control + RingLayout.HEAD_AT));
    Words.setLong(
        memory, control + RingLayout.HEAD_AT, Walk.position(memory, units, cell, unit, sequence));
    FailPoint.RING_HEAD_MOVED.reach();
    long count = sequence;
    if (Words.getLongVolatile(memory, control + RingLayout.REMOVALS_AT) != 0) {
      count += countRemoved();
    }
    Words.setLongVolatile(memory, control + RingLayout.GONE_AT, count);
    FailPoint.RING_COUNTED_GONE.reach();
  }

  /// How many messages the operation has taken or removed.
  int gone() {
    return gone;
  }

  /// True if the operation let go of a segment, or of the last message: writers that wait for
  /// memory may go on.
  boolean hasFreedMemory() {
    return freedMemory;
  }

  long headSequence() {
    return Words.getLong(memory, control + RingLayout.HEAD_SEQUENCE_AT);
  }

  long head() {
    return Words.getLong(memory, control + RingLayout.HEAD_AT);
  }

  /// Moves the head over end marks and removed messages to the next one that is there.
  ///
  /// @return false if there is none
  private boolean findNext() {
    while (!isTail(headSequence())) {
      long head = Words.getLong(memory, control + RingLayout.HEAD_AT);
      Segment.checkPosition(memory, units, cell, head);
      int unit = RingLayout.unit(head);
      int offset = RingLayout.offset(head);
      int length = Segment.length(memory, unit, offset, Segment.end(memory, unit));
      if (length == SegmentLayout.END_OF_SEGMENT) {
        passSegment(unit);
      } else if ((Segment.flags(memory, unit, offset) & SegmentLayout.REMOVED) == 0) {
        return true;
      } else {
        pass(unit, offset, length);
      }
    }
    return false;
  }

  /// Moves the head behind a message; removed ones are counted as gone already.
  private void pass(int unit, int offset, int length) {
    int behind = offset + (int) SegmentLayout.recordBytes(length);
    Words.setLong(memory, control + RingLayout.HEAD_AT, RingLayout.position(unit, behind));
    FailPoint.RING_HEAD_MOVED.reach();
    long sequence = headSequence() + 1;
    Words.setLongRelease(memory, control + RingLayout.HEAD_SEQUENCE_AT, sequence);
    FailPoint.RING_CONSUMED.reach();
    freedMemory |= isTail(sequence);
  }

  private void countGone() {
    long count = Words.getLong(memory, control + RingLayout.GONE_AT) + 1;
    Words.setLongRelease(memory, control + RingLayout.GONE_AT, count);
    FailPoint.RING_COUNTED_GONE.reach();
    gone++;
  }

  private void passSegment(int unit) {
    int run = Segment.units(memory, unit);
    int next = Segment.next(memory, unit);
    if (next < 0) {
      throw new IllegalStateException(
          "a ring in shared memory is corrupt: no segment behind unit=" + unit);
    }
    Words.setLong(
        memory, control + RingLayout.HEAD_AT, RingLayout.position(next, SegmentLayout.RECORDS_AT));
    FailPoint.RING_HEAD_MOVED.reach();
    spares.put(unit, run);
    freedMemory = true;
    long freed = Words.getLong(memory, control + RingLayout.UNITS_FREED_AT) + run;
    Words.setLongVolatile(memory, control + RingLayout.UNITS_FREED_AT, freed);
  }

  private long countRemoved() {
    long removed = 0;
    long end = tailSequence();
    long position = Words.getLong(memory, control + RingLayout.HEAD_AT);
    int unit = RingLayout.unit(position);
    int offset = RingLayout.offset(position);
    long sequence = headSequence();
    while (sequence < end) {
      int length = Segment.length(memory, unit, offset, Segment.end(memory, unit));
      if (length == SegmentLayout.END_OF_SEGMENT) {
        unit = Segment.next(memory, unit);
        offset = SegmentLayout.RECORDS_AT;
      } else {
        removed += Segment.flags(memory, unit, offset) & SegmentLayout.REMOVED;
        offset += (int) SegmentLayout.recordBytes(length);
        sequence++;
      }
    }
    return removed;
  }

  /// True if more than `gone` messages are known to have been appended. Called without the lock, too.
  boolean knowsOfMore(long gone) {
    return gone < knownTail.getAcquire();
  }

  /// True if there is no message with that sequence yet.
  private boolean isTail(long sequence) {
    if (sequence < knownTail.getPlain()) {
      return false;
    }
    long tail = tailSequence();
    knownTail.setRelease(tail);
    return sequence == tail;
  }

  private long tailSequence() {
    return Words.getLongAcquire(memory, control + RingLayout.TAIL_SEQUENCE_AT);
  }
}
