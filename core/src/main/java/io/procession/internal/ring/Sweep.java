package io.procession.internal.ring;

import io.procession.internal.arena.Session;
import io.procession.internal.arena.Units;
import io.procession.internal.arena.Words;
import java.lang.foreign.MemorySegment;
import java.util.HashSet;
import java.util.Set;

/// Puts a ring's memory in order after a death: gives back units that are the ring's but in no
/// place, and counts again how many are in use. Called with both locks held.
final class Sweep {
  private Sweep() {}

  static void run(Session session, SpareSegments spares, int cell, int controlUnit, long control) {
    MemorySegment memory = session.memory();
    Units units = session.units();
    Set<Integer> inPlace = new HashSet<>();
    inPlace.add(controlUnit);
    int tasks = Words.getInt(memory, control + RingLayout.TASKS_AT) - 1;
    for (int unit = tasks; unit >= 0 && unit < tasks + OpenTasks.UNITS; unit++) {
      inPlace.add(unit);
    }
    int chained = 0;
    int segment = RingLayout.unit(Words.getLong(memory, control + RingLayout.HEAD_AT));
    while (segment >= 0) {
      Segment.checkOwner(units, cell, segment);
      int run = Segment.units(memory, segment);
      for (int unit = segment; unit < segment + run; unit++) {
        if (!inPlace.add(unit)) {
          throw Segment.corrupt("segment that is chained twice", unit, segment);
        }
      }
      chained += run;
      segment = Segment.next(memory, segment);
    }
    spares.addUnitsTo(inPlace);
    int used = units.unitsUsed();
    for (int unit = 0; unit < used; unit++) {
      if (units.bears(unit, cell) && !inPlace.contains(unit)) {
        units.free(cell, unit, 1);
      }
    }
    long linked = Words.getLong(memory, control + RingLayout.UNITS_LINKED_AT);
    Words.setLongVolatile(memory, control + RingLayout.UNITS_FREED_AT, linked - chained);
  }
}
