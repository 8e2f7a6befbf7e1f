package io.procession.internal.arena;

import java.lang.foreign.MemorySegment;

/// A set of participants in shared memory: who uses one end of a pipe, for one.
///
/// A bit for each row of the participant table, 63 to a long; the sign bit of each long says that
/// one of its rows was ever in the set. Whoever buries a participant takes it out of every set of the
/// directory's objects, so a set never holds a dead one for long. [UserSets] says where it lies.
///
/// ```
/// 0   66 longs    ever << 63 | rows
/// ```
public final class UserSet {
  private static final int ROWS_PER_WORD = 63;
  private static final int WORDS = (ParticipantLayout.ROWS + ROWS_PER_WORD - 1) / ROWS_PER_WORD;
  private static final long EVER = Long.MIN_VALUE;

  static final int BYTES = WORDS * Long.BYTES;

  private final MemorySegment memory;
  private final long at;

  /// The set at an offset of the arena, a multiple of 8.
  UserSet(MemorySegment memory, long at) {
    this.memory = memory;
    this.at = at;
  }

  /// Puts a participant in; it stays until [#remove] or its burial. Only while the object cannot be
  /// freed.
  public void add(int participant) {
    Words.getAndBitwiseOrLong(memory, word(participant), EVER | bit(participant));
    CrashPoint.USER_ADDED.reach();
  }

  /// Takes a participant out.
  ///
  /// @return whether it was in
  public boolean remove(int participant) {
    long bit = bit(participant);
    if ((Words.getLongVolatile(memory, word(participant)) & bit) == 0) {
      return false;
    }
    boolean was = (Words.getAndBitwiseAndLong(memory, word(participant), ~bit) & bit) != 0;
    CrashPoint.USER_REMOVED.reach();
    return was;
  }

  /// True if some participant was put in and all have been taken out again.
  public boolean isAbandoned() {
    long ever = 0;
    int words = usedWords();
    for (int i = 0; i < words; i++) {
      long word = Words.getLongVolatile(memory, at + (long) i * Long.BYTES);
      if ((word & ~EVER) != 0) {
        return false;
      }
      ever |= word;
    }
    return ever != 0;
  }

  /// True if nobody is in it.
  boolean isEmpty() {
    return isOnly(0, 0);
  }

  /// True if nobody but that participant is in it.
  boolean isOnly(int participant) {
    return isOnly(word(participant), bit(participant));
  }

  private boolean isOnly(long wordAt, long bits) {
    int words = usedWords();
    for (int i = 0; i < words; i++) {
      long each = at + (long) i * Long.BYTES;
      if ((Words.getLongVolatile(memory, each) & ~EVER & (each == wordAt ? ~bits : -1)) != 0) {
        return false;
      }
    }
    return true;
  }

  /// Where it lies.
  long at() {
    return at;
  }

  /// How many words have bits of rows that were ever claimed.
  private int usedWords() {
    int rows = Words.getIntVolatile(memory, HeaderLayout.ROWS_USED_AT);
    return Math.min(Math.max(rows, 0) / ROWS_PER_WORD + 1, WORDS);
  }

  private long word(int participant) {
    return at + (long) (ParticipantLayout.row(participant) / ROWS_PER_WORD) * Long.BYTES;
  }

  private static long bit(int participant) {
    return 1L << (ParticipantLayout.row(participant) % ROWS_PER_WORD);
  }
}
