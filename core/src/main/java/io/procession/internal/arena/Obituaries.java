package io.procession.internal.arena;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Who died in the session and how, of the last [#SLOTS]: a row of the participant table has a new
/// tenant soon, but what the dead held may be found long after. For messages; nothing depends on them.
///
/// ```
/// 0   who          int   0: free, or being written; else the participant. The one truth
/// 4   end          int   1 gone, 2 exited, 3 by a signal, 4 one of the two
/// 8   pid          long
/// 16  code         int   exit code or number of the signal
/// 20  name length  int   bytes of UTF-8 that follow
/// 24  name               at most 40 bytes
/// ```
///
/// Slots are used in turn. Only who buries a participant writes its obituary, before it tells of the
/// death.
final class Obituaries {
  static final int SLOT_BYTES = 64;
  static final int SLOTS = HeaderLayout.OBITUARIES;

  private static final long END_AT = 4;
  private static final long PID_AT = 8;
  private static final long CODE_AT = 16;
  private static final long NAME_LENGTH_AT = 20;
  private static final long NAME_AT = 24;
  private static final int MAX_NAME_BYTES = 40;

  private final MemorySegment memory;
  private final Waiting waiting;

  Obituaries(MemorySegment memory, Waiting waiting) {
    this.memory = memory;
    this.waiting = waiting;
  }

  /// Notes how a participant ended, unless that has been noted.
  void write(int dead, long pid, String name, ProcessFate ending) {
    if (find(dead) != null) {
      return; // by one who was burying it and died
    }
    int turn = Words.getAndAddInt(memory, HeaderLayout.OBITUARIES_WRITTEN_AT, 1);
    long at = at(Integer.remainderUnsigned(turn, SLOTS));
    byte[] bytes = Names.encode(name, MAX_NAME_BYTES);
    Words.setIntVolatile(memory, at, 0);
    FailPoint.OBITUARY_BEGUN.reach();
    Words.setInt(memory, at + END_AT, ending.kind().number);
    Words.setLong(memory, at + PID_AT, pid);
    Words.setInt(memory, at + CODE_AT, ending.code());
    Words.setInt(memory, at + NAME_LENGTH_AT, bytes.length);
    Words.copyIn(bytes, 0, memory, at + NAME_AT, bytes.length);
    Words.setIntRelease(memory, at, dead);
    FailPoint.OBITUARY_WRITTEN.reach();
    waiting.wake(HeaderLayout.OBITUARIES_WRITTEN_AT, Integer.MAX_VALUE);
  }

  /// What is known of a dead participant; null if it is not among the last, or nothing was written
  /// yet.
  @Nullable Obituary find(int dead) {
    int written = written();
    int used = Math.min(written < 0 ? SLOTS : written, SLOTS);
    for (int slot = 0; slot < used; slot++) {
      long at = at(slot);
      if (Words.getIntVolatile(memory, at) == dead) {
        Obituary obituary =
            new Obituary(
                Words.getLongVolatile(memory, at + PID_AT),
                name(at),
                ProcessFate.of(
                    Words.getIntVolatile(memory, at + END_AT),
                    Words.getIntVolatile(memory, at + CODE_AT)));
        return Words.getIntVolatile(memory, at) == dead ? obituary : null;
      }
    }
    return null;
  }

  /// How many were written in this session: goes up when one is begun, and its futex wakes when it is
  /// done.
  int written() {
    return Words.getIntVolatile(memory, HeaderLayout.OBITUARIES_WRITTEN_AT);
  }

  private String name(long at) {
    int length = Words.getIntVolatile(memory, at + NAME_LENGTH_AT);
    byte[] bytes = new byte[Math.min(Math.max(length, 0), MAX_NAME_BYTES)];
    Words.copyOut(memory, at + NAME_AT, bytes, 0, bytes.length);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static long at(int slot) {
    return HeaderLayout.OBITUARIES_AT + (long) slot * SLOT_BYTES;
  }
}
