package io.procession.internal.ring;

import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/// A walk over the messages of a ring, from the next one on to the last that was there when the walk
/// began. It sees what nobody has taken or removed by the time it comes there.
///
/// It looks at a few at a time, under the readers' lock, and hands out copies. Not safe for threads.
public final class RingScan {
  /*
   * Where the walk stands is kept as sequence and position. Records do not move, and a segment is let
   * go of only when all its records have been taken: so the position is good as long as a record
   * before it has not been. Otherwise the walk goes on at the head.
   */
  private static final int AT_A_TIME = 64;
  private static final int BYTES_AT_A_TIME = 64 << 10;

  private final MessageRing ring;
  private final long end;
  private final Deque<Found> batch = new ArrayDeque<>();
  private long sequence;
  private long position;

  RingScan(MessageRing ring, long end) {
    this.ring = ring;
    this.end = end;
  }

  /// A message, and what finds it again.
  ///
  /// @param bytes a copy of the message
  @SuppressWarnings("ArrayRecordComponent") // nobody compares it
  public record Found(long sequence, long position, byte[] bytes) {}

  /// The next message, or null at the end.
  public @Nullable Found next() {
    return next(AT_A_TIME);
  }

  /// The next message, or null at the end.
  ///
  /// @param most how many to look at at a time: 1 if no more will be asked for
  public @Nullable Found next(int most) {
    if (batch.isEmpty()) {
      ring.read(this, most);
    }
    return batch.poll();
  }

  /// Looks at the next messages. Called with the readers' lock held.
  int read(MemorySegment memory, RingReader reader, int most) {
    if (sequence <= reader.headSequence()) {
      sequence = reader.headSequence();
      position = reader.head();
    }
    int unit = RingLayout.unit(position);
    int offset = RingLayout.offset(position);
    int found = 0;
    long bytes = 0;
    while (sequence < end && found < most && bytes < BYTES_AT_A_TIME) {
      int length = Segment.length(memory, unit, offset, Segment.end(memory, unit));
      if (length == SegmentLayout.END_OF_SEGMENT) {
        unit = Segment.next(memory, unit);
        offset = SegmentLayout.RECORDS_AT;
        continue;
      }
      int flags = Segment.flags(memory, unit, offset);
      if ((flags & SegmentLayout.REMOVED) == 0) {
        int ofMessage = Segment.messageLength(unit, length, flags);
        byte[] copy = Segment.read(memory, unit, offset, ofMessage);
        batch.add(new Found(sequence, RingLayout.position(unit, offset), copy));
        found++;
        bytes += length;
      }
      offset += (int) SegmentLayout.recordBytes(length);
      sequence++;
    }
    position = RingLayout.position(unit, offset);
    return found;
  }
}
