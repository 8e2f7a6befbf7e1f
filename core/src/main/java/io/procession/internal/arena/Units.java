package io.procession.internal.arena;

import io.procession.internal.posix.ErrnoException;
import io.procession.internal.posix.Platform;
import io.procession.internal.posix.Posix;
import java.lang.foreign.MemorySegment;

/// Hands out bulk memory in runs of units of 64 KiB, each run to a cell of the directory.
///
/// There is no lock and no list. A table has an int for each unit: 0, or a mark that names the cell.
/// A run is claimed unit by unit with a CAS, in rising order; where one is taken, what was claimed
/// is let go and the search goes on behind it. The table is the one truth: whoever frees a cell
/// frees every unit that bears its mark, also those that a dying process had just claimed.
///
/// A free unit has no memory (its pages are given back to the system) and reads as zero.
public final class Units {
  private final MemorySegment memory;
  private final int count;

  Units(MemorySegment memory) {
    this.memory = memory;
    this.count = HeaderLayout.unitCount(Words.getLong(memory, HeaderLayout.CAPACITY_AT));
  }

  /// The offset of a unit's first byte.
  public static long offset(int unit) {
    return HeaderLayout.UNITS_AT + (long) unit * HeaderLayout.UNIT_BYTES;
  }

  /// How many units hold `bytes`.
  public static int unitsFor(long bytes) {
    return Math.toIntExact((bytes + HeaderLayout.UNIT_BYTES - 1) / HeaderLayout.UNIT_BYTES);
  }

  /// Claims `length` units in a row for a cell. They read as zero.
  ///
  /// @return the first
  /// @throws IllegalStateException if no such run is free; nothing is claimed then
  public int allocate(int cell, int length) {
    if (length <= 0) {
      throw new IllegalArgumentException("length must be positive: length=" + length);
    }
    addCellUnits(cell, length);
    CrashPoint.UNITS_COUNTED.reach();
    int cursor = Words.getIntVolatile(memory, HeaderLayout.UNIT_CURSOR_AT);
    int from = cursor >= 0 && cursor < count ? cursor : 0;
    int first = claimBetween(cell, length, from, count);
    if (first < 0 && from > 0) {
      first = claimBetween(cell, length, 0, count);
    }
    if (first < 0) {
      addCellUnits(cell, -length);
      throw new IllegalStateException(
          "no run of free memory in the session's arena: bytes="
              + (long) length * HeaderLayout.UNIT_BYTES
              + ", capacity="
              + (long) count * HeaderLayout.UNIT_BYTES
              + "; raise it with -Dprocession.arena.capacity=BYTES in the first process");
    }
    Words.setIntVolatile(memory, HeaderLayout.UNIT_CURSOR_AT, first + length);
    return first;
  }

  /// Makes a run's memory present at once, where the platform can: for a run that will be filled.
  public void populate(int first, int length) {
    if (Platform.current() == Platform.NATIVE) {
      long bytes = (long) length * HeaderLayout.UNIT_BYTES;
      Posix.populatePages(memory.address() + offset(first), bytes);
    }
  }

  /// Gives a run back. Only units that bear the cell's mark are touched.
  public void free(int cell, int first, int length) {
    removePages(first, length);
    int freed = 0;
    for (int unit = first; unit < first + length; unit++) {
      if (Words.compareAndSetInt(memory, markAt(unit), mark(cell), 0)) {
        CrashPoint.UNIT_FREED.reach();
        freed++;
      }
    }
    addCellUnits(cell, -freed);
    CrashPoint.UNITS_DISCOUNTED.reach();
    if (first < Words.getIntVolatile(memory, HeaderLayout.UNIT_CURSOR_AT)) {
      Words.setIntVolatile(memory, HeaderLayout.UNIT_CURSOR_AT, first);
    }
  }

  /// Gives back whatever bears the cell's mark.
  void freeAll(int cell) {
    if (Words.getIntVolatile(memory, CellLayout.at(cell) + CellLayout.UNITS_AT) == 0) {
      return;
    }
    int used = unitsUsed();
    int unit = 0;
    while (unit < used) {
      int first = unit;
      while (unit < used && bears(unit, cell)) {
        unit++;
      }
      if (unit > first) {
        free(cell, first, unit - first);
      } else {
        unit++;
      }
    }
    Words.setIntVolatile(memory, CellLayout.at(cell) + CellLayout.UNITS_AT, 0);
  }

  /// True if the unit is the cell's.
  public boolean bears(int unit, int cell) {
    return unit >= 0 && unit < count && Words.getIntVolatile(memory, markAt(unit)) == mark(cell);
  }

  /// No unit from this one on was ever claimed.
  public int unitsUsed() {
    int used = Words.getIntVolatile(memory, HeaderLayout.UNITS_USED_AT);
    return Math.min(Math.max(used, 0), count);
  }

  /// How many units are claimed at this moment; counted anew at each call.
  public int inUse() {
    int used = unitsUsed();
    int claimed = 0;
    for (int unit = 0; unit < used; unit++) {
      if (Words.getIntVolatile(memory, markAt(unit)) != 0) {
        claimed++;
      }
    }
    return claimed;
  }

  private int claimBetween(int cell, int length, int from, int end) {
    int start = from;
    while (start <= end - length) {
      raiseUnitsUsed(start + length);
      int claimed = 0;
      while (claimed < length
          && Words.compareAndSetInt(memory, markAt(start + claimed), 0, mark(cell))) {
        CrashPoint.UNIT_CLAIMED.reach();
        claimed++;
      }
      if (claimed == length) {
        return start;
      }
      for (int i = 0; i < claimed; i++) {
        Words.setIntVolatile(memory, markAt(start + i), 0);
        CrashPoint.UNIT_FREED.reach();
      }
      start += claimed + 1;
    }
    return -1;
  }

  private void removePages(int first, int length) {
    long at = offset(first);
    long bytes = (long) length * HeaderLayout.UNIT_BYTES;
    if (Platform.current() == Platform.NATIVE) {
      try {
        Posix.removePages(memory.address() + at, bytes);
        return;
      } catch (ErrnoException e) {
        // a file system that cannot make holes: zero by hand
      }
    }
    memory.asSlice(at, bytes).fill((byte) 0);
  }

  private void addCellUnits(int cell, int delta) {
    Words.getAndAddInt(memory, CellLayout.at(cell) + CellLayout.UNITS_AT, delta);
  }

  private void raiseUnitsUsed(int least) {
    int used = Words.getIntVolatile(memory, HeaderLayout.UNITS_USED_AT);
    while (used < least
        && !Words.compareAndSetInt(memory, HeaderLayout.UNITS_USED_AT, used, least)) {
      used = Words.getIntVolatile(memory, HeaderLayout.UNITS_USED_AT);
    }
  }

  private static long markAt(int unit) {
    return HeaderLayout.UNIT_TABLE_AT + (long) unit * Integer.BYTES;
  }

  private static int mark(int cell) {
    return cell + 1;
  }
}
