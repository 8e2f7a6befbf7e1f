package io.procession.internal.arena;

import java.lang.foreign.MemorySegment;

/// A set of participants in shared memory: who uses one end of a pipe, for one.
///
/// A bit for each row of the participant table, 512 bytes; and before them 8 bytes whose first bit
/// says that the set was ever used. Whoever buries a participant takes it out of every set that a
/// cell of the directory names, so a set never holds a dead one for long.
///
/// ```
/// 0   ever used   long   0 or 1
/// 8   rows        64 longs, a bit a row
/// ```
public final class UserSet {
  /// Bytes of a set, a multiple of 8.
  public static final int BYTES = 8 + ParticipantLayout.ROWS / Byte.SIZE;

  private static final long ROWS_AT = 8;

  private final MemorySegment memory;
  private final long at;

  /// The set at an offset of the arena, a multiple of 8.
  public UserSet(MemorySegment memory, long at) {
    this.memory = memory;
    this.at = at;
  }

  /// Puts a participant in; it stays until [#remove] or its burial.
  public void add(int participant) {
    Words.getAndBitwiseOrLong(memory, word(participant), bit(participant));
    CrashPoint.USER_ADDED.reach();
    Words.setLongVolatile(memory, at, 1);
  }

  /// Takes a participant out.
  ///
  /// @return whether it was in
  public boolean remove(int participant) {
    long bit = bit(participant);
    if ((Words.getLongVolatile(memory, word(participant)) & bit) == 0) {
      return false;
    }
    Words.setLongVolatile(memory, at, 1); // it may have died before it could say so itself
    boolean was = (Words.getAndBitwiseAndLong(memory, word(participant), ~bit) & bit) != 0;
    CrashPoint.USER_REMOVED.reach();
    return was;
  }

  /// True if some participant was put in and all have been taken out again.
  public boolean isAbandoned() {
    if (Words.getLongVolatile(memory, at) == 0) {
      return false;
    }
    for (int i = 0; i < ParticipantLayout.ROWS / Long.SIZE; i++) {
      if (Words.getLongVolatile(memory, at + ROWS_AT + 8L * i) != 0) {
        return false;
      }
    }
    return true;
  }

  private long word(int participant) {
    return at + ROWS_AT + 8L * (ParticipantLayout.row(participant) / Long.SIZE);
  }

  private static long bit(int participant) {
    return 1L << (ParticipantLayout.row(participant) % Long.SIZE);
  }
}
