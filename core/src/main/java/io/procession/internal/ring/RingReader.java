package io.procession.internal.ring;

import io.procession.internal.arena.CrashPoint;
import io.procession.internal.arena.Session;
import io.procession.internal.arena.Words;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// The readers' side of a ring. Every method is called with the reader lock held.
final class RingReader {
  private final MemorySegment memory;
  private final Spares spares;
  private final long control;
  private boolean freedMemory;

  RingReader(Session session, Spares spares, long control) {
    this.memory = session.memory();
    this.spares = spares;
    this.control = control;
  }

  /// Takes the next message, or null if there is none.
  byte @Nullable [] take() {
    freedMemory = false;
    while (true) {
      long sequence = Words.getLong(memory, control + RingLayout.HEAD_SEQUENCE_AT);
      long tail = Words.getLongAcquire(memory, control + RingLayout.TAIL_SEQUENCE_AT);
      if (sequence == tail) {
        return null;
      }
      long head = Words.getLong(memory, control + RingLayout.HEAD_AT);
      int unit = RingLayout.unit(head);
      int offset = RingLayout.offset(head);
      int length = Segment.length(memory, unit, offset, Segment.end(memory, unit));
      if (length == SegmentLayout.END_OF_SEGMENT) {
        passSegment(unit);
        continue;
      }
      boolean removed = (Segment.flags(memory, unit, offset) & SegmentLayout.REMOVED) != 0;
      byte[] bytes = removed ? null : Segment.read(memory, unit, offset, length);
      int behind = offset + (int) SegmentLayout.recordBytes(length);
      Words.setLong(memory, control + RingLayout.HEAD_AT, RingLayout.position(unit, behind));
      CrashPoint.RING_HEAD_MOVED.reach();
      if (removed) {
        addRemoved(-1);
      }
      Words.setLongRelease(memory, control + RingLayout.HEAD_SEQUENCE_AT, sequence + 1);
      CrashPoint.RING_CONSUMED.reach();
      freedMemory |= sequence + 1 == tail;
      if (bytes != null) {
        return bytes;
      }
    }
  }

  /// Sets the head right after a reader died: it follows from the sequence. A message that the dead
  /// one had copied but not counted as taken is still there.
  void recover() {
    long sequence = Words.getLong(memory, control + RingLayout.HEAD_SEQUENCE_AT);
    int unit = RingLayout.unit(Words.getLong(memory, control + RingLayout.HEAD_AT));
    Words.setLong(memory, control + RingLayout.HEAD_AT, Walk.position(memory, unit, sequence));
    CrashPoint.RING_HEAD_MOVED.reach();
  }

  /// True if the last [#take] let go of a segment, or took the last message: writers that wait for
  /// memory may go on.
  boolean hasFreedMemory() {
    return freedMemory;
  }

  long headSequence() {
    return Words.getLong(memory, control + RingLayout.HEAD_SEQUENCE_AT);
  }

  void addRemoved(long delta) {
    long removed = Words.getLong(memory, control + RingLayout.REMOVED_AT) + delta;
    Words.setLongVolatile(memory, control + RingLayout.REMOVED_AT, removed);
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
    CrashPoint.RING_HEAD_MOVED.reach();
    spares.put(unit, run);
    freedMemory = true;
    long freed = Words.getLong(memory, control + RingLayout.UNITS_FREED_AT) + run;
    Words.setLongVolatile(memory, control + RingLayout.UNITS_FREED_AT, freed);
  }
}
