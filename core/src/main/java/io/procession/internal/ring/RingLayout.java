package io.procession.internal.ring;

/// The control block of a ring, one page at the start of a unit of its own (but for the ends); the ring's cell holds
/// that unit's number.
///
/// ```
/// cell body   0     control       int   1 + the unit of the control block, 0 until it is complete
///             4     back          int   1 + the cell of the ring the other way, 0 for none
///             8     generation    int   of that cell
///             12    forth         int   in a ring that is another's way back: 1 + that one's cell
///             16    generation    int   of that cell
///
/// control     0     capacity      long  most messages at a time
///             8     unit limit    long  most units of messages at a time
///             16    when at limit int   RingLimits.AtLimit.code()
///             24    damage        int   1: a process died at work here, leftovers are to be swept
///             28    shut down     int   ShutDown: 0 open, 1 nothing is appended, 2 nor is anything there
///             32    tasks         int   1 + the first unit of OpenTasks, 0: takers are not counted
///             36    task rows     int   no row of OpenTasks at or above was ever used
///             128   writer lock         LockWord
///             256   tail sequence long  messages ever published: the one truth of the writers
///             264   tail          long  position behind the last record: unit << 32 | offset
///             272   units linked  long  units of segments ever linked
///             384   reader lock         LockWord
///             512   head sequence long  messages ever taken: the one truth of the readers
///             520   head          long  position of the next record, or of a segment's end mark
///             528   units freed   long  units of segments ever passed
///             536   gone          long  messages ever taken, or removed from the middle
///             544   removals      long  removals from the middle ever begun
///             640   readers wait  long  Sleepers: readers that wait for a message
///             768   writers wait  long  Sleepers: writers that wait for room
///             896   spares        32 ints, 1 + unit, or 0
///             1024  ends used     int   no entry of InFlight at or above was ever used
///             1152  watchers            RingWatchers: processes that watch for a message
///             2048  joiners wait  long  Sleepers: those who wait until all tasks are done
///             4096  ends          InFlight: ends of pipes in messages that nobody has taken
/// ```
///
/// Words that writers change and words that readers change lie on cache lines of their own, in pairs
/// of lines, since processors fetch lines in pairs. Sequences count from 0 and never go back.
///
/// The positions are caches. A sequence tells the truth: the position follows from it by walking
/// the records of the segment, whose header has the sequence of its first ([SegmentLayout]).
///
/// `gone` is a count, kept so that one word tells how many messages are there (tail sequence less
/// gone). The truth behind it: the head sequence, and the REMOVED flags of the records from there on.
/// It is never above that, and below by one only while a reader is at work, or died at it.
final class RingLayout {
  static final long CELL_CONTROL_AT = 0;
  static final long CELL_BACK_AT = 4;
  static final long CELL_BACK_GENERATION_AT = 8;
  static final long CELL_FORTH_AT = 12;
  static final long CELL_FORTH_GENERATION_AT = 16;

  static final long CAPACITY_AT = 0;
  static final long UNIT_LIMIT_AT = 8;
  static final long AT_LIMIT_AT = 16;
  static final long DAMAGE_AT = 24;
  static final long SHUT_DOWN_AT = 28;
  static final long TASKS_AT = 32;
  static final long TASK_ROWS_AT = 36;
  static final long WRITER_LOCK_AT = 128;
  static final long TAIL_SEQUENCE_AT = 256;
  static final long TAIL_AT = 264;
  static final long UNITS_LINKED_AT = 272;
  static final long READER_LOCK_AT = 384;
  static final long HEAD_SEQUENCE_AT = 512;
  static final long HEAD_AT = 520;
  static final long UNITS_FREED_AT = 528;
  static final long GONE_AT = 536;
  static final long REMOVALS_AT = 544;
  static final long READERS_WAIT_AT = 640;
  static final long WRITERS_WAIT_AT = 768;
  static final long SPARES_AT = 896;
  static final int SPARES = 32;
  static final long ENDS_USED_AT = 1024;
  static final long WATCHERS_AT = 1152;
  static final int WATCHERS = 16;
  static final long JOINERS_WAIT_AT = 2048;

  /// Which of the two user sets of the ring's cell.
  static final int WRITERS = 0;

  static final int READERS = 1;

  private RingLayout() {}

  static long position(int unit, int offset) {
    return (long) unit << 32 | offset;
  }

  static int unit(long position) {
    return (int) (position >>> 32);
  }

  static int offset(long position) {
    return (int) position;
  }
}
