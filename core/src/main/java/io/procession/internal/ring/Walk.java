package io.procession.internal.ring;

import io.procession.internal.arena.Units;
import java.lang.foreign.MemorySegment;

/// Finds positions by walking records from the start of a segment: how a side is set right after a
/// death.
final class Walk {
  private Walk() {}

  /// The position of the record with a sequence, or behind the last one.
  ///
  /// @param unit a segment whose first sequence is not above it
  static long position(MemorySegment memory, Units units, int cell, int unit, long sequence) {
    int segment = unit;
    Segment.checkOwner(units, cell, segment);
    long at = Segment.firstSequence(memory, segment);
    int offset = SegmentLayout.RECORDS_AT;
    if (at > sequence) {
      throw Segment.corrupt("first sequence behind " + sequence, unit, at);
    }
    while (at < sequence) {
      int end = Segment.end(memory, segment);
      int length = Segment.length(memory, segment, offset, end);
      if (length == SegmentLayout.END_OF_SEGMENT) {
        int next = Segment.next(memory, segment);
        Segment.checkOwner(units, cell, next);
        if (Segment.firstSequence(memory, next) != at) {
          throw Segment.corrupt("next segment before sequence " + sequence, segment, next);
        }
        segment = next;
        offset = SegmentLayout.RECORDS_AT;
      } else {
        offset += (int) SegmentLayout.recordBytes(length);
        at++;
      }
    }
    return RingLayout.position(segment, offset);
  }
}
