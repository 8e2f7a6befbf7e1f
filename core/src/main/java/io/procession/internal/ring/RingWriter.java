package io.procession.internal.ring;

import io.procession.internal.arena.FailPoint;
import io.procession.internal.arena.HeaderLayout;
import io.procession.internal.arena.Session;
import io.procession.internal.arena.Units;
import io.procession.internal.arena.Words;
import java.lang.foreign.MemorySegment;

/// The writers' side of a ring. Every method is called with the writer lock held.
final class RingWriter {
  /// What [#room] answers.
  enum Room {
    THERE,
    /// As many messages as the ring may hold.
    FULL,
    /// Messages take all the memory that they may.
    OUT_OF_MEMORY,
    /// Nothing is appended any more.
    SHUT_DOWN
  }

  private final MemorySegment memory;
  private final Units units;
  private final SpareSegments spares;
  private final int cell;
  private final long control;
  private final long capacity;
  private final long unitLimit;
  private final boolean exceedsLimit;
  private final ShutDown shutDown;

  RingWriter(Session session, SpareSegments spares, int cell, long control, long capacity) {
    this.memory = session.memory();
    this.units = session.units();
    this.spares = spares;
    this.cell = cell;
    this.control = control;
    this.capacity = capacity;
    this.shutDown = new ShutDown(memory, control);
    this.unitLimit = Words.getLong(memory, control + RingLayout.UNIT_LIMIT_AT);
    this.exceedsLimit =
        Words.getInt(memory, control + RingLayout.AT_LIMIT_AT) == RingLimits.AtLimit.WAIT.code();
  }

  /// Whether a message of `length` may be appended now.
  Room room(int length) {
    if (shutDown.isShut()) {
      return Room.SHUT_DOWN;
    }
    if (capacity != RingLimits.UNBOUNDED && size() >= capacity) {
      return Room.FULL;
    }
    long tail = Words.getLong(memory, control + RingLayout.TAIL_AT);
    Segment.checkPosition(memory, units, cell, tail);
    if (fits(tail, length)) {
      return Room.THERE;
    }
    long inUse = isEmpty() ? 0 : unitsInUse(); // the last segment stays until more comes
    long needed = exceedsLimit ? 1 : unitsFor(length);
    return inUse + needed <= unitLimit ? Room.THERE : Room.OUT_OF_MEMORY;
  }

  /// Called without the lock.
  void checkFits(int length) {
    if (isTooLong(length)) {
      throw outOfMemory(length);
    }
  }

  private boolean isTooLong(int length) {
    return !exceedsLimit && unitsFor(length) > unitLimit;
  }

  RingFullException outOfMemory(int length) {
    long limit = unitLimit * HeaderLayout.UNIT_BYTES;
    if (isTooLong(length)) {
      return RingFullException.ofTooLong(length, limit);
    }
    return RingFullException.of(
        "messages nobody takes have filled the memory allowed for them: in use="
            + unitsInUse() * HeaderLayout.UNIT_BYTES
            + " bytes, limit="
            + limit
            + " bytes, this message="
            + length
            + " bytes");
  }

  /// Makes sure that there is memory behind the tail for a message for which there is room ([#room]).
  void open(int length) {
    long _ = tailFor(length);
  }

  /// Writes a message behind the tail and publishes it. There is room for it ([#room]).
  ///
  /// @return the tail sequence afterwards
  long append(byte[] bytes, int from, int length) {
    long tail = tailFor(length);
    Segment.write(memory, RingLayout.unit(tail), RingLayout.offset(tail), bytes, from, length);
    return publish(tail, length);
  }

  /// Does the same with a message that is elsewhere.
  ///
  /// @return the tail sequence afterwards
  long append(Content message) {
    int length = message.length();
    long tail = tailFor(length);
    Segment.write(memory, RingLayout.unit(tail), RingLayout.offset(tail), message);
    return publish(tail, length);
  }

  /// Where a message is to be written.
  private long tailFor(int length) {
    long tail = Words.getLong(memory, control + RingLayout.TAIL_AT);
    return fits(tail, length) ? tail : openNext(tail, length);
  }

  private long publish(long tail, int length) {
    int unit = RingLayout.unit(tail);
    int offset = RingLayout.offset(tail);
    int behind = offset + (int) SegmentLayout.recordBytes(length);
    Words.setLong(memory, control + RingLayout.TAIL_AT, RingLayout.position(unit, behind));
    FailPoint.RING_TAIL_MOVED.reach();
    long sequence = Words.getLong(memory, control + RingLayout.TAIL_SEQUENCE_AT) + 1;
    Words.setLongRelease(memory, control + RingLayout.TAIL_SEQUENCE_AT, sequence);
    FailPoint.RING_PUBLISHED.reach();
    return sequence;
  }

  /// Sets the tail right after a writer died: it follows from the sequence. What the dead one had
  /// not published is gone, and a next segment that it had linked is unlinked, for the sweep.
  void recover() {
    long sequence = Words.getLong(memory, control + RingLayout.TAIL_SEQUENCE_AT);
    int unit = RingLayout.unit(Words.getLong(memory, control + RingLayout.TAIL_AT));
    long position = Walk.position(memory, units, cell, unit, sequence);
    Segment.unlink(memory, RingLayout.unit(position));
    Words.setLong(memory, control + RingLayout.TAIL_AT, position);
    FailPoint.RING_TAIL_MOVED.reach();
  }

  private long size() {
    return Words.getLong(memory, control + RingLayout.TAIL_SEQUENCE_AT)
        - Words.getLongVolatile(memory, control + RingLayout.GONE_AT);
  }

  private boolean isEmpty() {
    return Words.getLong(memory, control + RingLayout.TAIL_SEQUENCE_AT)
        == Words.getLongVolatile(memory, control + RingLayout.HEAD_SEQUENCE_AT);
  }

  private long unitsInUse() {
    return Words.getLong(memory, control + RingLayout.UNITS_LINKED_AT)
        - Words.getLongVolatile(memory, control + RingLayout.UNITS_FREED_AT);
  }

  private boolean fits(long tail, int length) {
    int end = Segment.end(memory, RingLayout.unit(tail));
    long needed = SegmentLayout.recordBytes(length) + SegmentLayout.RECORD_HEADER;
    return needed <= end - RingLayout.offset(tail);
  }

  /// Links a new segment, closes the one of the tail, and moves the tail over.
  private long openNext(long tail, int length) {
    int run = unitsFor(length);
    int next = spares.take(run);
    if (next < 0) {
      next = units.allocate(cell, run);
      units.populate(next, run);
    } else {
      run = Segment.units(memory, next);
    }
    long sequence = Words.getLong(memory, control + RingLayout.TAIL_SEQUENCE_AT);
    Segment.format(memory, next, run, sequence);
    int unit = RingLayout.unit(tail);
    Segment.markEnd(memory, unit, RingLayout.offset(tail));
    Segment.link(memory, unit, next);
    FailPoint.RING_SEGMENT_LINKED.reach();
    long opened = RingLayout.position(next, SegmentLayout.RECORDS_AT);
    Words.setLongRelease(memory, control + RingLayout.TAIL_AT, opened);
    FailPoint.RING_SEGMENT_CLOSED.reach();
    long linked = Words.getLong(memory, control + RingLayout.UNITS_LINKED_AT) + run;
    Words.setLongVolatile(memory, control + RingLayout.UNITS_LINKED_AT, linked);
    return opened;
  }

  private static int unitsFor(int length) {
    return Units.unitsFor(
        SegmentLayout.RECORDS_AT + SegmentLayout.recordBytes(length) + SegmentLayout.RECORD_HEADER);
  }
}
