package io.procession.internal.arena;

/// The first page of the arena, and where its regions lie.
///
/// ```
/// arena   0        header (one page)
///         4 KiB    obituaries          960 slots of 64 bytes
///         64 KiB   participant table   4096 rows of 256 bytes
///         1088 KiB wait notes          15,360 slots of 64 bytes
///         2 MiB    unit table          an int for each unit: whose it is
///         8 MiB    cells               2^20 of 128 bytes
///         136 MiB  user sets           109,226 slots of 1152 bytes
///         256 MiB  black boxes         4096 of 4 KiB, one for each participant
///         272 MiB  units               64 KiB each, to the end
///
/// header  0  magic            long   written last, with release
///         8  version          int
///         12 waiting          int    the way of waiting: WordWait.code()
///         16 session          long   random, not zero
///         24 capacity         long   bytes of the whole arena
///         32 root pid         long
///         40 root start       long
///         48 rows used        int    no row at or above was ever claimed
///         52 cells used       int    likewise, of cells
///         56 cell cursor      int    a hint: where to look for a free cell
///         60 units used       int    no unit at or above was ever claimed
///         64 unit cursor      int    a hint: where to look for free units
///         68 user sets used   int    likewise, of slots of user sets
///         72 user sets cursor int    a hint: where to look for a free slot
///         76 units let go     int    goes up after units have become free again
///         80 notes used       int    no slot of wait notes at or above was ever claimed
///         84 notes cursor     int    a hint: where to look for a free slot
///         88 obituaries       int    how many were ever begun; the next one's slot. A futex word
///         92 (unused)         int
///         96 log              long   of the ring of log records: cell + 1 (int, a futex word),
///                                    generation (int); 0 as long as there is none
/// ```
///
/// The marks `... used` are raised before the claim that they cover, so they may be too high, never
/// too low. Everything is little-endian; offsets are absolute.
public final class HeaderLayout {
  /// "PROCESSN"
  static final long MAGIC = 0x4E535345434F5250L;

  static final int VERSION = 10;

  static final long MAGIC_AT = 0;
  static final long VERSION_AT = 8;
  static final long WAITING_AT = 12;
  static final long SESSION_AT = 16;
  static final long CAPACITY_AT = 24;
  static final long ROOT_PID_AT = 32;
  static final long ROOT_START_AT = 40;
  static final long ROWS_USED_AT = 48;
  static final long CELLS_USED_AT = 52;
  static final long CELL_CURSOR_AT = 56;
  static final long UNITS_USED_AT = 60;
  static final long UNIT_CURSOR_AT = 64;
  static final long USER_SETS_USED_AT = 68;
  static final long USER_SETS_CURSOR_AT = 72;
  static final long UNITS_LET_GO_AT = 76;
  static final long NOTES_USED_AT = 80;
  static final long NOTES_CURSOR_AT = 84;
  static final long OBITUARIES_WRITTEN_AT = 88;
  static final long LOG_AT = 96;

  static final long OBITUARIES_AT = 4L << 10;
  static final long PARTICIPANTS_AT = 64L << 10;
  static final int OBITUARIES = (int) ((PARTICIPANTS_AT - OBITUARIES_AT) / Obituaries.SLOT_BYTES);
  static final long NOTES_AT =
      PARTICIPANTS_AT + (long) ParticipantLayout.ROWS * ParticipantLayout.ROW_BYTES;
  static final long UNIT_TABLE_AT = 2L << 20;
  static final int NOTES = (int) ((UNIT_TABLE_AT - NOTES_AT) / WaitNotes.SLOT_BYTES);
  static final long CELLS_AT = 8L << 20;
  static final int CELL_COUNT = 1 << 20;
  static final long USER_SETS_TABLE_AT = 136L << 20;
  static final long BLACK_BOXES_AT = 256L << 20;
  static final long UNITS_AT = 272L << 20;
  static final int USER_SET_SLOTS =
      (int) ((BLACK_BOXES_AT - USER_SETS_TABLE_AT) / UserSets.SLOT_BYTES);

  /// Bytes of a unit, the grain in which bulk memory is handed out.
  public static final int UNIT_BYTES = 64 << 10;

  static final long MIN_CAPACITY = 512L << 20;
  static final long MAX_CAPACITY =
      UNITS_AT + (CELLS_AT - UNIT_TABLE_AT) / Integer.BYTES * UNIT_BYTES;

  private HeaderLayout() {}

  static int unitCount(long capacity) {
    return Math.toIntExact((capacity - UNITS_AT) / UNIT_BYTES);
  }
}
