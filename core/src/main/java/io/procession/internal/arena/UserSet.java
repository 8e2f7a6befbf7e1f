package io.procession.internal.arena;

import java.lang.foreign.MemorySegment;

/// A set of participants in shared memory: who has one end of a pipe, for one.
///
/// A bit for each row of the participant table. Whoever buries a participant takes it out of every
/// set of the directory's objects, so a set never holds a dead one for long. Besides, a count goes up
/// with each addition to the set and with each that is noted elsewhere ([#noteChange]), so that
/// someone who looked at several places can tell whether what it saw was true at one moment.
/// [UserSets] says where both lie.
///
/// ```
/// 0   64 longs    rows
/// ```
public final class UserSet {
  private static final int WORDS = ParticipantLayout.ROWS / Long.SIZE;

  static final int BYTES = WORDS * Long.BYTES;

  private final MemorySegment memory;
  private final long at;
  private final long changesAt;

  /// The set at an offset of the arena, a multiple of 8.
  ///
  /// @param changesAt where its count of changes lies
  UserSet(MemorySegment memory, long at, long changesAt) {
    this.memory = memory;
    this.at = at;
    this.changesAt = changesAt;
  }

  /// Puts a participant in; it stays until [#remove] or its burial. Only while the object cannot be
  /// freed.
  ///
  /// @return whether it was not in before
  public boolean add(int participant) {
    long bit = bit(participant);
    boolean isNew = (Words.getAndBitwiseOrLong(memory, word(participant), bit) & bit) == 0;
    FailPoint.USER_ADDED.reach();
    noteChange();
    return isNew;
  }

  /// Counts a change; after it was made.
  public void noteChange() {
    Words.getAndAddInt(memory, changesAt, 1);
  }

  /// How many changes have been counted.
  public int changes() {
    return Words.getIntVolatile(memory, changesAt);
  }

  /// Takes a participant out.
  ///
  /// @return whether it was in
  public boolean remove(int participant) {
    if (!has(participant)) {
      return false;
    }
    long bit = bit(participant);
    boolean was = (Words.getAndBitwiseAndLong(memory, word(participant), ~bit) & bit) != 0;
    FailPoint.USER_REMOVED.reach();
    return was;
  }

  /// True if a participant is in.
  public boolean has(int participant) {
    return (Words.getLongVolatile(memory, word(participant)) & bit(participant)) != 0;
  }

  /// True if nobody is in.
  public boolean isEmpty() {
    return isOnly(0, 0);
  }

  /// True if nobody but that participant is in.
  public boolean isOnly(int participant) {
    return isOnly(word(participant), bit(participant));
  }

  private boolean isOnly(long wordAt, long bits) {
    int words = usedWords();
    for (int i = 0; i < words; i++) {
      long each = at + (long) i * Long.BYTES;
      if ((Words.getLongVolatile(memory, each) & (each == wordAt ? ~bits : -1)) != 0) {
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
    return Math.min(Math.max(rows, 0) / Long.SIZE + 1, WORDS);
  }

  private long word(int participant) {
    return at + (long) (ParticipantLayout.row(participant) / Long.SIZE) * Long.BYTES;
  }

  private static long bit(int participant) {
    return 1L << (ParticipantLayout.row(participant) % Long.SIZE);
  }
}
