package io.procession.internal.ring;

import io.procession.internal.arena.FailPoint;
import io.procession.internal.arena.Session;
import io.procession.internal.arena.Units;
import io.procession.internal.arena.Words;
import java.lang.foreign.MemorySegment;
import java.util.Set;

/// A few segments that readers have passed and writers use again, so that a ring in steady use
/// neither asks the system for memory nor gives it back: most of one unit, and some longer ones, for
/// messages that do not fit into one.
///
/// A slot is filled by a CAS of who has the readers' lock, and emptied by one of who has the writers'
/// lock; so what the latter finds there stays until its own CAS. The segment's header tells how long
/// it is. A segment between two slots and the chain, when its process dies, is found by the sweep.
final class SpareSegments {
  /// What a ring keeps of longer segments at most: 3 MiB.
  private static final int MOST_UNITS_OF_LONG = 48;

  /// One that is longer than that is kept besides, and used again for messages down to this part of it.
  private static final int PART_OF_VERY_LONG = 8;

  private final MemorySegment memory;
  private final Units units;
  private final int cell;
  private final long at;

  SpareSegments(Session session, int cell, long control) {
    this.memory = session.memory();
    this.units = session.units();
    this.cell = cell;
    this.at = control + RingLayout.SPARES_AT;
  }

  /// A segment to be used again of at least so many units and less than twice as many, or -1; for very
  /// many units less than eight times as many.
  int take(int run) {
    for (int i = 0; i < RingLayout.SPARES; i++) {
      int spare = Words.getIntVolatile(memory, slot(i));
      if (spare != 0) {
        int length = length(spare - 1);
        if (length >= run
            && length / (run > MOST_UNITS_OF_LONG ? PART_OF_VERY_LONG : 2) < run
            && Words.compareAndSetInt(memory, slot(i), spare, 0)) {
          FailPoint.RING_SPARE_TAKEN.reach();
          return spare - 1;
        }
      }
    }
    return -1;
  }

  private int length(int unit) {
    if (!units.bears(unit, cell)) {
      throw Segment.corrupt("spare of another", unit, cell);
    }
    return Segment.units(memory, unit);
  }

  /// Keeps a passed segment, or gives it back to the arena.
  void put(int unit, int run) {
    if (run == 1 || isKept(run)) {
      for (int i = 0; i < RingLayout.SPARES; i++) {
        if (Words.getIntVolatile(memory, slot(i)) == 0
            && Words.compareAndSetInt(memory, slot(i), 0, unit + 1)) {
          FailPoint.RING_SPARE_STORED.reach();
          return;
        }
      }
    }
    units.free(cell, unit, run);
  }

  /// Whether a segment longer than one unit is kept. A writer may take another meanwhile.
  private boolean isKept(int run) {
    int ofLong = 0;
    boolean hasVeryLong = false;
    for (int i = 0; i < RingLayout.SPARES; i++) {
      int spare = Words.getIntVolatile(memory, slot(i));
      if (spare != 0) {
        int length = length(spare - 1);
        hasVeryLong |= length > MOST_UNITS_OF_LONG;
        ofLong += length > 1 && length <= MOST_UNITS_OF_LONG ? length : 0;
      }
    }
    return run > MOST_UNITS_OF_LONG ? !hasVeryLong : run + ofLong <= MOST_UNITS_OF_LONG;
  }

  /// Adds the units of all segments in slots. Called with both locks held.
  void addUnitsTo(Set<Integer> inPlace) {
    for (int i = 0; i < RingLayout.SPARES; i++) {
      int spare = Words.getIntVolatile(memory, slot(i));
      if (spare != 0) {
        int first = spare - 1;
        int length = length(first);
        for (int unit = first; unit < first + length; unit++) {
          if (!inPlace.add(unit)) {
            throw Segment.corrupt("spare that is in another place, too", unit, first);
          }
        }
      }
    }
  }

  private long slot(int i) {
    return at + 4L * i;
  }
}
