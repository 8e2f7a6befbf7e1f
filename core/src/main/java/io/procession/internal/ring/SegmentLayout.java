package io.procession.internal.ring;

import io.procession.internal.arena.HeaderLayout;

/// A segment of a ring: a run of units that holds records one after the other.
///
/// ```
/// segment  0   first     long  sequence of its first record
///          8   units     int   length of the run
///          12  next      int   1 + the unit of the next segment, 0 while it is the last
///          16  records
///
/// record   0   length    int   bytes of the message and the table; END_OF_SEGMENT: go to the next one
///          4   flags     int   REMOVED: a message that was taken out of the middle; from bit 8 on: bytes of
///                              the table
///          8   message
///              table           where its long arrays are, serial.LargeArrays; padded to a multiple of 8
/// ```
///
/// A segment always keeps room for the end mark.
final class SegmentLayout {
  static final long FIRST_AT = 0;
  static final long UNITS_AT = 8;
  static final long NEXT_AT = 12;
  static final int RECORDS_AT = 16;

  static final int RECORD_HEADER = 8;
  static final int ALIGNMENT = 8;
  static final long LENGTH_AT = 0;
  static final long FLAGS_AT = 4;
  static final int END_OF_SEGMENT = -1;
  static final int REMOVED = 1;
  static final int TABLE_SHIFT = 8;

  /// The longest run of units: offsets in a segment are ints.
  static final int MAX_UNITS = Integer.MAX_VALUE / HeaderLayout.UNIT_BYTES;

  /// The longest message.
  static final int MAX_MESSAGE =
      MAX_UNITS * HeaderLayout.UNIT_BYTES - RECORDS_AT - 2 * RECORD_HEADER;

  private SegmentLayout() {}

  /// Bytes that a record with a message of `length` takes.
  static long recordBytes(int length) {
    return RECORD_HEADER + ((long) length + 7 & ~7L);
  }
}
