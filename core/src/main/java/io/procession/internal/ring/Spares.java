package io.procession.internal.ring;

import io.procession.internal.arena.CrashPoint;
import io.procession.internal.arena.Session;
import io.procession.internal.arena.Units;
import io.procession.internal.arena.Words;
import java.lang.foreign.MemorySegment;

/// A few segments of one unit that readers have passed and writers use again, so that a ring in
/// steady use neither asks the system for memory nor gives it back.
///
/// A slot is taken and filled by a CAS. A segment between two slots and the chain, when its process
/// dies, is found by the sweep.
final class Spares {
  private final MemorySegment memory;
  private final Units units;
  private final int cell;
  private final long at;

  Spares(Session session, int cell, long control) {
    this.memory = session.memory();
    this.units = session.units();
    this.cell = cell;
    this.at = control + RingLayout.SPARES_AT;
  }

  /// A segment of one unit to be used again, or -1.
  int take() {
    for (int i = 0; i < RingLayout.SPARES; i++) {
      int spare = Words.getIntVolatile(memory, slot(i));
      if (spare != 0 && Words.compareAndSetInt(memory, slot(i), spare, 0)) {
        CrashPoint.RING_SPARE_TAKEN.reach();
        if (!units.bears(spare - 1, cell)) {
          throw Segment.corrupt("spare of another", spare - 1, cell);
        }
        return spare - 1;
      }
    }
    return -1;
  }

  /// Keeps a passed segment, or gives it back to the arena.
  void put(int unit, int run) {
    if (run == 1) {
      for (int i = 0; i < RingLayout.SPARES; i++) {
        if (Words.getIntVolatile(memory, slot(i)) == 0
            && Words.compareAndSetInt(memory, slot(i), 0, unit + 1)) {
          CrashPoint.RING_SPARE_STORED.reach();
          return;
        }
      }
    }
    units.free(cell, unit, run);
  }

  /// True if the unit is in a slot now.
  boolean contains(int unit) {
    for (int i = 0; i < RingLayout.SPARES; i++) {
      if (Words.getIntVolatile(memory, slot(i)) == unit + 1) {
        return true;
      }
    }
    return false;
  }

  private long slot(int i) {
    return at + 4L * i;
  }
}
