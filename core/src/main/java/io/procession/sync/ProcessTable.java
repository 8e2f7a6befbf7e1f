package io.procession.sync;

import io.procession.internal.arena.ParticipantLayout;
import io.procession.internal.arena.Participants;
import io.procession.internal.arena.Session;
import io.procession.internal.arena.Units;
import io.procession.internal.arena.Words;
import java.lang.foreign.MemorySegment;

/// What an object notes of each process that uses it: a unit with an entry for each row of the
/// participant table.
///
/// ```
/// 16 * row  participant  int   whose entry it is; 0: nobody's
///        4  number       int   the object's own
///        8  count        int   the object's own
/// ```
///
/// All of it is read and written under a lock of the object. An entry bears the number of its process,
/// with its generation: so one of a former tenant of the row is known for what it is.
final class ProcessTable {
  static final int UNITS = Units.unitsFor(16L * ParticipantLayout.ROWS);

  private static final int ENTRY_BYTES = 16;
  private static final long NUMBER_AT = 4;
  private static final long COUNT_AT = 8;

  private final MemorySegment memory;
  private final Participants participants;
  private final long rowsAt;
  private final long at;

  /// @param rowsAt an int of the object: no row at or above was ever used
  /// @param unit the unit with the entries
  ProcessTable(Session session, long rowsAt, int unit) {
    this.memory = session.memory();
    this.participants = session.participants();
    this.rowsAt = rowsAt;
    this.at = Units.offset(unit);
  }

  int rows() {
    return Math.min(Math.max(Words.getInt(memory, rowsAt), 0), ParticipantLayout.ROWS);
  }

  int participant(int row) {
    return Words.getInt(memory, entry(row));
  }

  int number(int row) {
    return Words.getInt(memory, entry(row) + NUMBER_AT);
  }

  int count(int row) {
    return Words.getInt(memory, entry(row) + COUNT_AT);
  }

  void setCount(int row, int count) {
    Words.setInt(memory, entry(row) + COUNT_AT, count);
  }

  /// Makes an entry that process's own, from nothing. The participant comes last: until then the entry
  /// is nobody's.
  void claim(int participant, int number, int count) {
    int row = ParticipantLayout.row(participant);
    if (rows() <= row) {
      Words.setInt(memory, rowsAt, row + 1);
    }
    Words.setInt(memory, entry(row), 0);
    Words.setInt(memory, entry(row) + NUMBER_AT, number);
    Words.setInt(memory, entry(row) + COUNT_AT, count);
    Words.setInt(memory, entry(row), participant);
  }

  void clear(int row) {
    Words.setInt(memory, entry(row), 0);
  }

  /// Asks the kernel about every process that has an entry; a death that shows rings all doorbells.
  void probe() {
    int rows = rows();
    for (int row = 0; row < rows; row++) {
      int participant = participant(row);
      if (participant > 0) {
        boolean _ = participants.probe(participant);
      }
    }
  }

  private long entry(int row) {
    return at + (long) row * ENTRY_BYTES;
  }
}
