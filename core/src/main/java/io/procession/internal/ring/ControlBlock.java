package io.procession.internal.ring;

import io.procession.internal.arena.CellKind;
import io.procession.internal.arena.CellRef;
import io.procession.internal.arena.Directory;
import io.procession.internal.arena.HeaderLayout;
import io.procession.internal.arena.LockWord;
import io.procession.internal.arena.Session;
import io.procession.internal.arena.Units;
import io.procession.internal.arena.Words;
import java.lang.foreign.MemorySegment;

/// Makes the control blocks of rings and finds them again.
final class ControlBlock {
  private ControlBlock() {}

  /// Gives a cell of this process the control block and the first segment of an empty ring.
  ///
  /// @param counting whether it counts what takers are not done with ([OpenTasks])
  /// @return the unit of the control block
  static int format(Session session, int cell, RingLimits limits, boolean counting) {
    MemorySegment memory = session.memory();
    int unit = session.units().allocate(cell, counting ? 2 + OpenTasks.UNITS : 2);
    int first = unit + 1;
    long control = Units.offset(unit);
    Segment.format(memory, first, 1, 0);
    long start = RingLayout.position(first, SegmentLayout.RECORDS_AT);
    long unitLimit = Math.max(1, limits.maxBytes() / HeaderLayout.UNIT_BYTES);
    Words.setLong(memory, control + RingLayout.CAPACITY_AT, limits.capacity());
    Words.setLong(memory, control + RingLayout.UNIT_LIMIT_AT, unitLimit);
    Words.setInt(memory, control + RingLayout.AT_LIMIT_AT, limits.atLimit().code());
    Words.setLong(memory, control + RingLayout.TAIL_AT, start);
    Words.setLong(memory, control + RingLayout.HEAD_AT, start);
    Words.setLong(memory, control + RingLayout.UNITS_LINKED_AT, 1);
    CellRef ref = session.directory().ref(cell);
    if (counting) {
      Words.setInt(memory, control + RingLayout.TASKS_AT, 1 + unit + 2);
      Sleepers.create(session, ref, control + RingLayout.JOINERS_WAIT_AT);
    }
    LockWord.create(session, ref, control + RingLayout.WRITER_LOCK_AT);
    LockWord.create(session, ref, control + RingLayout.READER_LOCK_AT);
    Sleepers.create(session, ref, control + RingLayout.READERS_WAIT_AT);
    Sleepers.create(session, ref, control + RingLayout.WRITERS_WAIT_AT);
    RingWatchers.create(session, ref, control);
    Words.setIntRelease(memory, Directory.body(cell) + RingLayout.CELL_CONTROL_AT, unit + 1);
    return unit;
  }

  /// The unit of the control block of the ring that a reference names.
  ///
  /// @throws IllegalStateException if the ring is of another session or gone
  static int find(Session session, CellRef ref, CellKind kind) {
    session.directory().check(ref, kind);
    long body = Directory.body(ref.cell());
    int unit = Words.getIntAcquire(session.memory(), body + RingLayout.CELL_CONTROL_AT) - 1;
    if (!session.units().bears(unit, ref.cell())) {
      throw new IllegalStateException("a ring in shared memory is corrupt: cell=" + ref.cell());
    }
    return unit;
  }

  /// Notes which ring goes the other way, and there that it is the way back of this one.
  static void setBack(Session session, CellRef ref, CellRef back) {
    long backBody = Directory.body(back.cell());
    Words.setInt(
        session.memory(), backBody + RingLayout.CELL_FORTH_GENERATION_AT, ref.generation());
    Words.setInt(session.memory(), backBody + RingLayout.CELL_FORTH_AT, ref.cell() + 1);
    long body = Directory.body(ref.cell());
    Words.setInt(session.memory(), body + RingLayout.CELL_BACK_GENERATION_AT, back.generation());
    Words.setIntRelease(session.memory(), body + RingLayout.CELL_BACK_AT, back.cell() + 1);
  }
}
