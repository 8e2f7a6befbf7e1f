package io.procession.internal.arena;

import java.io.File;
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
    write(ParticipantLayout.phaseAt(participant), phase);
  }

  /// Notes in this process's row what ends its task, without mapping the arena.
  ///
  /// @param failure a `FAILURE_` constant of [ParticipantLayout]
  public void noteFailure(int failure) throws IOException {
    write(ParticipantLayout.at(participant) + ParticipantLayout.FAILURE_AT, failure);
  }

  private void write(long at, int value) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(arena, "rw")) {
      file.seek(at);
      file.write(value); // the lowest byte of a little-endian int whose others are zero
    }
  }

  /// False once the session is over: its first process has ended, and the arena with it.
  public boolean isSessionThere() {
    return new File(arena).exists();
  }

  /// True once the parent has noted this process in its row: from then on its death is seen.
  ///
  /// A parent that dies between its child's start and this note leaves a row that is buried as that
  /// of a process that never came to be; one that did must not go on.
  ///
  /// @throws IOException if this process counts as dead already, or the arena is gone
  public boolean isStarted() throws IOException {
    byte[] row = read(ParticipantLayout.at(participant), ParticipantLayout.IDENTITY_BYTES);
    int live =
        ParticipantLayout.state(ParticipantLayout.generation(participant), ParticipantLayout.LIVE);
    for (int i = 0; i < Integer.BYTES; i++) {
      if (row[(int) ParticipantLayout.STATE_AT + i] != (byte) (live >>> (8 * i))) {
        throw new IOException("this process counts as dead in its session: " + this);
      }
    }
    for (int i = 0; i < Long.BYTES; i++) {
      if (row[(int) ParticipantLayout.PID_AT + i] != 0) {
        return true;
      }
    }
    return false;
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
