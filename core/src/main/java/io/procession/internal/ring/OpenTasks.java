package io.procession.internal.ring;

import io.procession.internal.arena.CellRef;
import io.procession.internal.arena.FailPoint;
import io.procession.internal.arena.ParticipantLayout;
import io.procession.internal.arena.Participants;
import io.procession.internal.arena.Session;
import io.procession.internal.arena.Units;
import io.procession.internal.arena.Words;
import java.lang.foreign.MemorySegment;

/// How many of a ring's messages each process has taken and is not done with: its open tasks. In
/// units of the ring's own, a word for each row of participants:
///
/// ```
/// 64 * row  participant << 32 | open tasks   long   0: nobody's
/// ```
///
/// The tasks of the dead do not count. So what is unfinished is never a count of its own, which a
/// death could leave wrong: it is the messages that are there, and the open tasks of the living.
final class OpenTasks {
  private static final int STRIDE = 64;
  static final int UNITS = Units.unitsFor((long) STRIDE * ParticipantLayout.ROWS);

  private final MemorySegment memory;
  private final Participants participants;
  private final int self;
  private final long at;
  private final long rowsAt;
  private final Sleepers joiners;

  /// @param unit the first of its units
  OpenTasks(Session session, CellRef ref, long control, int unit) {
    this.memory = session.memory();
    this.participants = session.participants();
    this.self = session.self();
    this.at = Units.offset(unit);
    this.rowsAt = control + RingLayout.TASK_ROWS_AT;
    this.joiners =
        new Sleepers(
            session,
            ref,
            control + RingLayout.JOINERS_WAIT_AT,
            control + RingLayout.GONE_AT,
            FailPoint.TASK_JOINERS_CLEARED,
            FailPoint.TASK_JOINERS_MARKED,
            null);
  }

  Sleepers joiners() {
    return joiners;
  }

  /// Counts a message that this process has just taken. Called with the readers' lock held.
  void taken() {
    int row = ParticipantLayout.row(self);
    if (rows() <= row) {
      Words.setIntVolatile(memory, rowsAt, row + 1); // before the row that it covers
    }
    long word;
    long next;
    do {
      word = word(row);
      next = participant(word) == self ? word + 1 : (long) self << 32 | 1;
    } while (!Words.compareAndSetLong(memory, at(row), word, next));
    FailPoint.TASK_TAKEN.reach();
  }

  /// Counts a task as done: one of this process, or else of any that lives.
  ///
  /// @return the open tasks that the same process still has, or -1 if nobody has one
  int done() {
    int left = done(ParticipantLayout.row(self), self);
    int rows = rows();
    for (int row = 0; row < rows && left < 0; row++) {
      int participant = participant(word(row));
      if (participant > 0 && participants.isAlive(participant)) {
        left = done(row, participant);
      }
    }
    return left;
  }

  private int done(int row, int participant) {
    while (true) {
      long word = word(row);
      if (participant(word) != participant || count(word) == 0) {
        return -1;
      }
      if (Words.compareAndSetLong(memory, at(row), word, word - 1)) {
        FailPoint.TASK_DONE.reach();
        return (int) Math.min(count(word) - 1, Integer.MAX_VALUE);
      }
    }
  }

  /// The open tasks of the living. With the readers' lock held it only goes down meanwhile.
  long open() {
    long open = 0;
    int rows = rows();
    for (int row = 0; row < rows; row++) {
      long word = word(row);
      if (count(word) != 0 && participants.isAlive(participant(word))) {
        open += count(word);
      }
    }
    return open;
  }

  /// Asks the kernel about all who have open tasks; a death that shows rings all doorbells.
  void probe() {
    int rows = rows();
    for (int row = 0; row < rows; row++) {
      long word = word(row);
      if (count(word) != 0 && participant(word) > 0) {
        boolean _ = participants.probe(participant(word));
      }
    }
  }

  private int rows() {
    int rows = Words.getIntVolatile(memory, rowsAt);
    return Math.min(Math.max(rows, 0), ParticipantLayout.ROWS);
  }

  private long word(int row) {
    return Words.getLongVolatile(memory, at(row));
  }

  private long at(int row) {
    return at + (long) row * STRIDE;
  }

  private static int participant(long word) {
    return (int) (word >>> 32);
  }

  private static long count(long word) {
    return word & 0xFFFF_FFFFL;
  }
}
