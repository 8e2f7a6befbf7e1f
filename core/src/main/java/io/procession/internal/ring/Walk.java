package io.procession.internal.ring;

import java.lang.foreign.MemorySegment;

/// Finds positions by walking records from the start of a segment: how a side is set right after a
/// death.
final class Walk {
  private Walk() {}

  /// The position of the record with a sequence, or behind the last one.
  ///
  /// @param unit a segment whose first sequence is not above it
  static long position(MemorySegment memory, int unit, long sequence) {
    int segment = unit;
    long at = Segment.firstSequence(memory, segment);
    int offset = SegmentLayout.RECORDS_AT;
    if (at > sequence) {
      throw new IllegalStateException(
          "a ring in shared memory is corrupt: unit="
              + unit
              + " begins at "
              + at
              + ", behind sequence "
              + sequence);
    }
    while (at < sequence) {
      int end = Segment.end(memory, segment);
      int length = Segment.length(memory, segment, offset, end);
      if (length == SegmentLayout.END_OF_SEGMENT) {
        segment = Segment.next(memory, segment);
        offset = SegmentLayout.RECORDS_AT;
      } else {
        offset += (int) SegmentLayout.recordBytes(length);
        at++;
      }
    }
    return RingLayout.position(segment, offset);
  }
}
