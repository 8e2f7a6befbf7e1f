package io.procession.internal.arena;

import io.procession.internal.check.Require;
import io.procession.internal.posix.ErrnoException;
import io.procession.internal.posix.Platform;
import io.procession.internal.posix.Posix;
import java.lang.foreign.MemorySegment;

/// Hands out bulk memory in runs of units of 64 KiB, each run to a cell of the directory.
///
/// There is no lock and no list. A table has an int for each unit: 0, or a mark that names the cell.
/// A run is claimed unit by unit with a CAS, in rising order ([UnitSearch]). The table is the one
/// truth: whoever frees a cell frees every unit that bears its mark, also those that a dying process
/// had just claimed.
///
/// A free unit has no memory (its pages are given back to the system) and reads as zero. Who frees
/// one makes it its own first, by a CAS from the cell's mark to one that names the process, so that
/// it cleans nothing that is another's by now, and nobody else cleans it a second time when it is
/// already another's. Only the burial of that process may finish what it had begun.
public final class Units {
  private final MemorySegment memory;
  private final int count;
  private final int self;

  Units(MemorySegment memory, int self) {
    this.memory = memory;
    this.self = self;
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
    Require.positive("length", length);
    Words.setIntVolatile(memory, hasUnitsAt(cell), 1);
    FailPoint.UNITS_NOTED.reach();
    int first = new UnitSearch(memory, count, cell, length).claim();
    if (first < 0) {
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
    reclaim(mark(cell), first, first + length);
  }

  /// Gives back whatever bears the cell's mark.
  void freeAll(int cell) {
    if (Words.getIntVolatile(memory, hasUnitsAt(cell)) != 0) {
      reclaim(mark(cell), 0, unitsUsed());
      Words.setIntVolatile(memory, hasUnitsAt(cell), 0);
    }
  }

  /// Gives the pages of all that bears the cell's mark back, where the platform can; the units stay the
  /// cell's. For one who sees to it that nobody frees them meanwhile.
  void vacate(int cell) {
    if (Words.getIntVolatile(memory, hasUnitsAt(cell)) == 0
        || Platform.current() != Platform.NATIVE) {
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
        try {
          Posix.removePages(
              memory.address() + offset(first), (long) (unit - first) * HeaderLayout.UNIT_BYTES);
        } catch (ErrnoException e) {
          return; // a file system that cannot make holes: they go when the units do
        }
      }
      unit++;
    }
  }

  /// Gives back what a dead participant, whose burial is this process's, was about to give back.
  void release(int dead) {
    reclaim(beingFreed(dead), 0, unitsUsed());
  }

  /// Makes the units that bear a mark this process's, run by run, and frees them.
  private void reclaim(int mark, int from, int end) {
    int unit = from;
    while (unit < end) {
      int first = unit;
      while (unit < end && reclaim(mark, unit)) {
        FailPoint.UNIT_RECLAIMED.reach();
        unit++;
      }
      if (unit > first) {
        clean(first, unit);
      } else {
        unit++;
      }
    }
  }

  private boolean reclaim(int mark, int unit) {
    return Words.getIntVolatile(memory, markAt(unit)) == mark
        && Words.compareAndSetInt(memory, markAt(unit), mark, beingFreed(self));
  }

  /// Frees units that this thread has just made its own.
  private void clean(int first, int end) {
    removePages(first, end - first);
    for (int unit = first; unit < end; unit++) {
      Words.setIntVolatile(memory, markAt(unit), 0);
      FailPoint.UNIT_FREED.reach();
    }
    Words.getAndAddInt(memory, HeaderLayout.UNITS_LET_GO_AT, 1);
    if (first < Words.getIntVolatile(memory, HeaderLayout.UNIT_CURSOR_AT)) {
      Words.setIntVolatile(memory, HeaderLayout.UNIT_CURSOR_AT, first);
    }
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

  private void removePages(int first, int length) {
    Steps.store();
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

  private static long hasUnitsAt(int cell) {
    return CellLayout.at(cell) + CellLayout.UNITS_AT;
  }

  static long markAt(int unit) {
    return HeaderLayout.UNIT_TABLE_AT + (long) unit * Integer.BYTES;
  }

  static int mark(int cell) {
    return cell + 1;
  }

  private static int beingFreed(int participant) {
    return Integer.MIN_VALUE | participant;
  }
}
