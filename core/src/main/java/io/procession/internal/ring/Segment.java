package io.procession.internal.ring;

import io.procession.internal.arena.HeaderLayout;
import io.procession.internal.arena.Units;
import io.procession.internal.arena.Words;
import io.procession.serial.LargeArrays;
import java.lang.foreign.MemorySegment;

/// Reads and writes segments and their records; checks what it reads.
final class Segment {
  private Segment() {}

  static void format(MemorySegment memory, int unit, int units, long firstSequence) {
    long at = Units.offset(unit);
    Words.setLong(memory, at + SegmentLayout.FIRST_AT, firstSequence);
    Words.setInt(memory, at + SegmentLayout.UNITS_AT, units);
    Words.setInt(memory, at + SegmentLayout.NEXT_AT, 0);
  }

  static long firstSequence(MemorySegment memory, int unit) {
    return Words.getLong(memory, Units.offset(unit) + SegmentLayout.FIRST_AT);
  }

  /// Units of the run, at least one, all inside the arena.
  static int units(MemorySegment memory, int unit) {
    int units = Words.getInt(memory, Units.offset(unit) + SegmentLayout.UNITS_AT);
    if (units <= 0
        || units > SegmentLayout.MAX_UNITS
        || Units.offset(unit) + (long) units * HeaderLayout.UNIT_BYTES > memory.byteSize()) {
      throw corrupt("segment", unit, units);
    }
    return units;
  }

  static int end(MemorySegment memory, int unit) {
    return units(memory, unit) * HeaderLayout.UNIT_BYTES;
  }

  /// The unit of the next segment, or -1.
  static int next(MemorySegment memory, int unit) {
    int next = Words.getIntAcquire(memory, Units.offset(unit) + SegmentLayout.NEXT_AT) - 1;
    if (next < -1 || (next >= 0 && Units.offset(next) >= memory.byteSize())) {
      throw corrupt("next segment", unit, next);
    }
    return next;
  }

  static void link(MemorySegment memory, int unit, int next) {
    Words.setIntRelease(memory, Units.offset(unit) + SegmentLayout.NEXT_AT, next + 1);
  }

  static void unlink(MemorySegment memory, int unit) {
    Words.setIntRelease(memory, Units.offset(unit) + SegmentLayout.NEXT_AT, 0);
  }

  static void markEnd(MemorySegment memory, int unit, int offset) {
    Words.setInt(memory, Units.offset(unit) + offset, SegmentLayout.END_OF_SEGMENT);
  }

  /// The length of the record at `offset`, or END_OF_SEGMENT.
  static int length(MemorySegment memory, int unit, int offset, int end) {
    if (offset < SegmentLayout.RECORDS_AT || offset > end - SegmentLayout.RECORD_HEADER) {
      throw corrupt("record offset", unit, offset);
    }
    int length = Words.getInt(memory, Units.offset(unit) + offset);
    if (length != SegmentLayout.END_OF_SEGMENT
        && (length < 0 || offset + SegmentLayout.recordBytes(length) > end)) {
      throw corrupt("record length", unit, length);
    }
    return length;
  }

  /// Makes sure that a position is in a segment of the ring's, where a record can be.
  static void checkPosition(MemorySegment memory, Units units, int cell, long position) {
    int unit = RingLayout.unit(position);
    int offset = RingLayout.offset(position);
    checkOwner(units, cell, unit);
    if (offset < SegmentLayout.RECORDS_AT
        || offset > end(memory, unit) - SegmentLayout.RECORD_HEADER
        || offset % SegmentLayout.ALIGNMENT != 0) {
      throw corrupt("position", unit, offset);
    }
  }

  /// Makes sure that a unit is the ring's.
  static void checkOwner(Units units, int cell, int unit) {
    if (!units.bears(unit, cell)) {
      throw corrupt("segment of another than cell", unit, cell);
    }
  }

  static int flags(MemorySegment memory, int unit, int offset) {
    return Words.getInt(memory, Units.offset(unit) + offset + SegmentLayout.FLAGS_AT);
  }

  static void setFlags(MemorySegment memory, int unit, int offset, int flags) {
    Words.setIntRelease(memory, Units.offset(unit) + offset + SegmentLayout.FLAGS_AT, flags);
  }

  static void write(
      MemorySegment memory, int unit, int offset, byte[] bytes, int from, int length) {
    long at = Units.offset(unit) + offset;
    Words.setInt(memory, at + SegmentLayout.LENGTH_AT, length);
    Words.setInt(memory, at + SegmentLayout.FLAGS_AT, 0);
    Words.copyIn(bytes, from, memory, at + SegmentLayout.RECORD_HEADER, length);
  }

  static void write(MemorySegment memory, int unit, int offset, Content content) {
    long at = Units.offset(unit) + offset;
    Words.setInt(memory, at + SegmentLayout.LENGTH_AT, content.length());
    Words.setInt(
        memory, at + SegmentLayout.FLAGS_AT, content.tableBytes() << SegmentLayout.TABLE_SHIFT);
    content.write(memory, at + SegmentLayout.RECORD_HEADER);
  }

  /// How many bytes of a record of `length` are the message.
  static int messageLength(int unit, int length, int flags) {
    int table = flags >>> SegmentLayout.TABLE_SHIFT;
    if (table > length) {
      throw corrupt("table of arrays", unit, table);
    }
    return length - table;
  }

  static void read(MemorySegment memory, int unit, int offset, MemorySegment target, int length) {
    long at = Units.offset(unit) + offset + SegmentLayout.RECORD_HEADER;
    MemorySegment.copy(memory, at, target, 0, length);
  }

  static byte[] read(MemorySegment memory, int unit, int offset, int length) {
    byte[] bytes = new byte[length];
    long at = Units.offset(unit) + offset + SegmentLayout.RECORD_HEADER;
    Words.copyOut(memory, at, bytes, 0, length);
    return bytes;
  }

  /// Reads a message whose long arrays are copied for themselves.
  ///
  /// @param length of the message
  /// @param arrays gets them
  /// @return the bytes between them
  static byte[] read(
      MemorySegment memory, int unit, int offset, int length, int flags, LargeArrays arrays) {
    long at = Units.offset(unit) + offset + SegmentLayout.RECORD_HEADER;
    byte[] table = new byte[flags >>> SegmentLayout.TABLE_SHIFT];
    Words.copyOut(memory, at + length, table, 0, table.length);
    try {
      return arrays.takeFrom(memory.asSlice(at, length), table);
    } catch (IllegalArgumentException e) {
      throw new IllegalStateException("a ring in shared memory is corrupt: unit=" + unit, e);
    }
  }

  static IllegalStateException corrupt(String what, int unit, long value) {
    return new IllegalStateException(
        "a ring in shared memory is corrupt: unit=" + unit + ", " + what + "=" + value);
  }
}
