package io.procession.internal.arena;

/// A row of the participant table: 256 bytes for one process of the session.
///
/// ```
/// 0    state       int   generation << 8 | FREE, LIVE or DEAD: whether it is alive
/// 4    parent      int   who started or adopted it, the root itself; 0: the row is free
/// 8    pid         long  0 until it has been started
/// 16   start       long  start time, with pid its identity
/// 24   phase       int   written by the process itself: 0 none yet, 1 running, 2 exiting, 3 exiting by signal,
///                        4 exiting as its parent asked
/// 28   failure      int   likewise: 0 none, 1 an exception ended its task, 2 likewise, for want of heap,
///                        3 it could not begin its task
/// 64   doorbell    int   counts rings; a futex word, on a cache line of its own
/// 68   watch bell  int   counts rings for waits for any of several objects; a futex word
/// 128  name length int   bytes of UTF-8 that follow
/// 132  name              at most 124 bytes
/// ```
///
/// A participant is named by an int above 0: `row | generation << 12`. Generations begin at 1 and go
/// up whenever a row is given back, so whoever holds an old name sees that it is dead.
///
/// A row belongs to its parent from the moment that `parent` is set by a CAS from 0, until it is 0
/// again. So when a parent dies, the rows it had claimed are known, however far it had come.
///
/// ```
/// FREE --enroll (parent)--> LIVE --declareDead (anyone, CAS)--> DEAD
///   ^                                                             |
///   +----- free (parent or adopter: all it held is released) -----+  generation + 1
/// ```
public final class ParticipantLayout {
  public static final int PHASE_RUNNING = 1;
  public static final int PHASE_EXITING = 2;
  public static final int PHASE_EXITING_BY_SIGNAL = 3;
  public static final int PHASE_STOPPED = 4;

  /// It has found its launch record; its task has not begun.
  public static final int PHASE_ARRIVED = 5;

  /// An exception or error ended its task.
  public static final int FAILURE_EXCEPTION = 1;

  /// An [OutOfMemoryError] ended its task.
  public static final int FAILURE_HEAP = 2;

  /// An exception or error kept it from beginning its task.
  public static final int FAILURE_START_UP = 3;

  /// A static initialiser wanted to start processes in the process that it has led to.
  public static final int FAILURE_INITIALISER = 4;

  public static final int ROWS = 4096;
  static final int ROW_BITS = 12;
  static final int ROW_BYTES = 256;
  static final int IDENTITY_BYTES = 24; // state to start
  static final int MAX_GENERATION = (1 << 19) - 1;

  static final int FREE = 0;
  static final int LIVE = 1;
  static final int DEAD = 2;

  static final long STATE_AT = 0;
  static final long PARENT_AT = 4;
  static final long PID_AT = 8;
  static final long START_AT = 16;
  static final long PHASE_AT = 24;
  static final long FAILURE_AT = 28;
  static final long DOORBELL_AT = 64;
  static final long WATCH_BELL_AT = 68;
  static final long NAME_LENGTH_AT = 128;
  static final long NAME_AT = 132;
  static final int MAX_NAME_BYTES = 124;

  private ParticipantLayout() {}

  /// The row's number in the table, from 0.
  public static int row(int participant) {
    return participant & (ROWS - 1);
  }

  static int generation(int participant) {
    return participant >>> ROW_BITS;
  }

  static int participant(int row, int generation) {
    return generation << ROW_BITS | row;
  }

  /// The offset of a participant's row.
  static long at(int participant) {
    return HeaderLayout.PARTICIPANTS_AT + (long) row(participant) * ROW_BYTES;
  }

  /// The offset of the word in which a process notes how far it has come.
  public static long phaseAt(int participant) {
    return at(participant) + PHASE_AT;
  }

  static int state(int generation, int state) {
    return generation << 8 | state;
  }
}
