package io.procession.internal.arena;

import java.lang.foreign.MemorySegment;

/// One thread's search for a run of free units, which it claims for a cell.
final class UnitSearch {
  /*
   * Searchers claim unit by unit and let go what they had when they meet a unit that is taken; so
   * two may stand in each other's way where one could have had the run. Who lets go says so
   * afterwards, in the header. A searcher that found nothing, while somebody else let go, searches
   * again. So of several that fail for each other's sake the one that ends last cannot fail: the unit
   * it met was let go after it began and before it ended, and it has seen that.
   */
  private final MemorySegment memory;
  private final int count;
  private final int cell;
  private final int length;
  private int ownLettingsGo;

  UnitSearch(MemorySegment memory, int count, int cell, int length) {
    this.memory = memory;
    this.count = count;
    this.cell = cell;
    this.length = length;
  }

  /// Claims the first run that it finds from the cursor on.
  ///
  /// @return its first unit, or -1 if there is none
  int claim() {
    while (true) {
      ownLettingsGo = 0;
      int before = Words.getIntVolatile(memory, HeaderLayout.UNITS_LET_GO_AT);
      int cursor = Words.getIntVolatile(memory, HeaderLayout.UNIT_CURSOR_AT);
      int from = cursor >= 0 && cursor < count ? cursor : 0;
      int first = claimFrom(from);
      if (first < 0 && from > 0) {
        first = claimFrom(0);
      }
      int after = Words.getIntVolatile(memory, HeaderLayout.UNITS_LET_GO_AT);
      if (first >= 0 || after == before + ownLettingsGo) {
        return first;
      }
    }
  }

  private int claimFrom(int from) {
    int start = from;
    while (start <= count - length) {
      raiseUnitsUsed(start + length);
      int claimed = 0;
      while (claimed < length
          && Words.compareAndSetInt(memory, Units.markAt(start + claimed), 0, Units.mark(cell))) {
        FailPoint.UNIT_CLAIMED.reach();
        claimed++;
      }
      if (claimed == length) {
        return start;
      }
      letGo(start, claimed);
      start += claimed + 1;
    }
    return -1;
  }

  /// What was not written to needs no cleaning. If the object was destroyed meanwhile, the units were
  /// freed with it and may be another's: those are left alone.
  private void letGo(int start, int claimed) {
    for (int unit = start; unit < start + claimed; unit++) {
      Words.compareAndSetInt(memory, Units.markAt(unit), Units.mark(cell), 0);
      FailPoint.UNIT_LET_GO.reach();
    }
    if (claimed > 0) {
      Words.getAndAddInt(memory, HeaderLayout.UNITS_LET_GO_AT, 1);
      ownLettingsGo++;
    }
  }

  private void raiseUnitsUsed(int least) {
    int used = Words.getIntVolatile(memory, HeaderLayout.UNITS_USED_AT);
    while (used < least
        && !Words.compareAndSetInt(memory, HeaderLayout.UNITS_USED_AT, used, least)) {
      used = Words.getIntVolatile(memory, HeaderLayout.UNITS_USED_AT);
    }
  }
}
