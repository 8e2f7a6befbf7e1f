package io.procession.internal.arena;

import java.lang.foreign.MemorySegment;

/// Where sets of users lie: a table of slots, each with the two [UserSet]s of one object.
///
/// ```
/// slot    0     owner   int       0: free, the sets zero; else 1 + the cell that has it
///         8     first's changes, second's changes   ints; they go on from one cell to the next
///         64    first   UserSet
///         576   second  UserSet
/// ```
final class UserSets {
  /*
   * The memory of a set is never anything but a set's. That is what makes it safe to take a dead
   * participant out without any lock, as its burial does: it reads which slot a cell has, and by the
   * time it clears the bit the object may have been freed and the slot be another's. It clears that
   * bit and no other, in one step. Whose bit is it then? A bit stands for a row, and the row stays
   * the dead one's until its burial is over, and there is one at a time (Burials). The dead joins
   * nothing any more. So in whichever set the bit is found, it is the dead one's and to be cleared;
   * in the set of an object that was made meanwhile it is not found.
   *
   * A cell names its slot before it claims it, and forgets it after it has given it back: so nothing
   * is lost when the process dies between any two steps, since who empties the cell looks whether the
   * named slot bears the cell's mark. Only the process that has the cell does either.
   */
  static final int SLOT_BYTES = 1152; // nine pairs of cache lines

  private static final int SLOTS = HeaderLayout.USER_SET_SLOTS;
  private static final long CHANGES_AT = 8;
  private static final long FIRST_AT = 64;

  private final MemorySegment memory;

  UserSets(MemorySegment memory) {
    this.memory = memory;
  }

  /// Claims a slot for a cell that this process has made and not sent.
  ///
  /// @return false if none is free
  boolean claim(int cell) {
    int cursor = Words.getIntVolatile(memory, HeaderLayout.USER_SETS_CURSOR_AT);
    int from = cursor >= 0 && cursor < SLOTS ? cursor : 0;
    for (int i = 0; i < SLOTS; i++) {
      int slot = (from + i) % SLOTS;
      if (Words.getIntVolatile(memory, at(slot)) == 0 && claim(cell, slot)) {
        Words.setIntVolatile(memory, HeaderLayout.USER_SETS_CURSOR_AT, slot + 1);
        return true;
      }
    }
    return false;
  }

  /// What to say when none is free.
  static IllegalStateException none() {
    return new IllegalStateException(
        "a session has at most "
            + SLOTS
            + " pipes and shared memories that were sent: close or destroy some");
  }

  private boolean claim(int cell, int slot) {
    raiseUsed(slot + 1);
    Words.setIntRelease(memory, slotAt(cell), slot + 1);
    boolean claimed = Words.compareAndSetInt(memory, at(slot), 0, mark(cell));
    FailPoint.USER_SETS_CLAIMED.reach();
    if (claimed) {
      clear(slot); // of one that came too late to its former owner and died
    }
    return claimed;
  }

  /// Gives the cell's slot back, if it has one. Only for the process that has the cell.
  void free(int cell) {
    int slot = slot(cell);
    if (slot >= 0) {
      long at = at(slot);
      clear(slot);
      Words.setIntRelease(memory, at, 0);
      FailPoint.USER_SETS_FREED.reach();
      if (slot < Words.getIntVolatile(memory, HeaderLayout.USER_SETS_CURSOR_AT)) {
        Words.setIntVolatile(memory, HeaderLayout.USER_SETS_CURSOR_AT, slot);
      }
    }
    Words.setInt(memory, slotAt(cell), 0);
  }

  /// True if the cell has a slot.
  boolean has(int cell) {
    return slot(cell) >= 0;
  }

  /// One of the cell's two sets.
  ///
  /// @param which 0 or 1
  /// @throws IllegalStateException if it has none
  UserSet get(int cell, int which) {
    int slot = slot(cell);
    if (slot < 0) {
      throw new IllegalStateException("the object keeps no track of its users: cell=" + cell);
    }
    return set(slot, which);
  }

  /// Takes a dead participant, whose burial is this process's, out of the sets of an object.
  ///
  /// @return whether it was in one
  boolean remove(int cell, int dead) {
    int slot = slot(cell);
    if (slot < 0) {
      return false;
    }
    boolean wasInFirst = set(slot, 0).remove(dead);
    return set(slot, 1).remove(dead) || wasInFirst;
  }

  /// True if nobody is in either set of an object that has them.
  boolean areEmpty(int cell) {
    int slot = slot(cell);
    return slot >= 0 && set(slot, 0).isEmpty() && set(slot, 1).isEmpty();
  }

  /// True if somebody is in the first set of an object.
  boolean isUsed(int cell) {
    int slot = slot(cell);
    return slot >= 0 && !set(slot, 0).isEmpty();
  }

  /// True if a participant is in the first set of an object.
  boolean isInFirst(int cell, int participant) {
    int slot = slot(cell);
    return slot >= 0 && set(slot, 0).has(participant);
  }

  /// How many slots are claimed at this moment; counted anew at each call.
  int inUse() {
    int used = Words.getIntVolatile(memory, HeaderLayout.USER_SETS_USED_AT);
    int claimed = 0;
    for (int slot = 0; slot < Math.min(Math.max(used, 0), SLOTS); slot++) {
      if (Words.getIntVolatile(memory, at(slot)) != 0) {
        claimed++;
      }
    }
    return claimed;
  }

  /// The cell that has a slot, or -1.
  int owner(int slot) {
    return Words.getIntVolatile(memory, at(slot)) - 1;
  }

  private void clear(int slot) {
    memory.asSlice(at(slot) + FIRST_AT, 2L * UserSet.BYTES).fill((byte) 0);
  }

  UserSet set(int slot, int which) {
    return new UserSet(
        memory,
        at(slot) + FIRST_AT + (long) which * UserSet.BYTES,
        at(slot) + CHANGES_AT + (long) which * Integer.BYTES);
  }

  /// The slot of a cell, or -1.
  int slot(int cell) {
    int slot = Words.getIntAcquire(memory, slotAt(cell)) - 1;
    boolean isOurs =
        slot >= 0 && slot < SLOTS && Words.getIntVolatile(memory, at(slot)) == mark(cell);
    return isOurs ? slot : -1;
  }

  private void raiseUsed(int least) {
    int used = Words.getIntVolatile(memory, HeaderLayout.USER_SETS_USED_AT);
    while (used < least
        && !Words.compareAndSetInt(memory, HeaderLayout.USER_SETS_USED_AT, used, least)) {
      used = Words.getIntVolatile(memory, HeaderLayout.USER_SETS_USED_AT);
    }
  }

  private static long slotAt(int cell) {
    return CellLayout.at(cell) + CellLayout.USER_SETS_AT;
  }

  private static long at(int slot) {
    return HeaderLayout.USER_SETS_TABLE_AT + (long) slot * SLOT_BYTES;
  }

  private static int mark(int cell) {
    return cell + 1;
  }
}
