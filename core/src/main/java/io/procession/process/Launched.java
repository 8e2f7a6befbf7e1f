package io.procession.process;

import io.procession.internal.arena.CellRef;
import org.jspecify.annotations.Nullable;

/// A JVM of this session that has been started, and what it has of this process until it has ended.
///
/// @param process it
/// @param participant its row in the session
/// @param record the cell of what it was told
/// @param arguments the file of its flags
/// @param evidence what will explain its death
/// @param cache the archive that it was started with
record Launched(
    Process process,
    int participant,
    CellRef record,
    ArgumentFile arguments,
    Evidence evidence,
    @Nullable AotCache cache) {
  /// The same, with an archive that is beyond suspicion.
  Launched withoutCache() {
    return new Launched(process, participant, record, arguments, evidence, null);
  }

  /// Gives back, once it has ended, what it had but for its row and its cell.
  void release() {
    arguments.release();
    evidence.close();
  }
}
