package io.procession.internal.arena;

import java.io.IOException;
import java.io.RandomAccessFile;

/// What a child is told of the session it belongs to. It maps nothing: a child that needs no shared
/// object reads and writes the arena's file in the few places it must.
///
/// @param arena the path by which this process opens the arena's file
/// @param session the session's number, checked when the arena is mapped
/// @param participant who this process is
public record Membership(String arena, long session, int participant) {

  /// Notes in this process's row how far it has come, without mapping the arena.
  ///
  /// @param phase a `PHASE_` constant of [ParticipantLayout]
  public void notePhase(int phase) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(arena, "rw")) {
      file.seek(ParticipantLayout.phaseAt(participant));
      file.write(phase); // the lowest byte of a little-endian int whose others are zero
    }
  }

  /// Reads bytes of the arena, without mapping it.
  public byte[] read(long at, int length) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(arena, "r")) {
      byte[] bytes = new byte[length];
      file.seek(at);
      file.readFully(bytes);
      return bytes;
    }
  }
}
