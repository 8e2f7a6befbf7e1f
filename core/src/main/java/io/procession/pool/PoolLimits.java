package io.procession.pool;

import io.procession.internal.arena.ParticipantLayout;
import io.procession.internal.arena.Session;
import io.procession.internal.posix.MachineMemory;

/// How many workers a pool can have at all.
final class PoolLimits {
  /// Pools up to so many workers for each processor are nobody's mistake: the machine is not asked.
  private static final int SENSIBLE_PER_PROCESSOR = 16;

  /// Less than any JVM takes, however small its heap.
  private static final long LEAST_BYTES = 24L << 20;

  private PoolLimits() {}

  /// Makes sure that so many workers can live at a time.
  ///
  /// @throws IllegalArgumentException if they cannot; nothing has been started
  static void check(int processes) {
    int room = ParticipantLayout.ROWS - Session.current().participants().inUse();
    if (processes > room) {
      throw new IllegalArgumentException(
          "a pool cannot have more workers than its session has room for: processes="
              + processes
              + ", room="
              + room
              + "; a task needs no worker of its own, so ask for about as many as processors");
    }
    int processors = Runtime.getRuntime().availableProcessors();
    if (processes > SENSIBLE_PER_PROCESSOR * processors) {
      checkMemory(processes, MachineMemory.bytes());
    }
  }

  /// @param bytes the memory that this process may use, with all others of the machine or container
  static void checkMemory(int processes, long bytes) {
    long most = Math.max(1, bytes / LEAST_BYTES);
    if (processes > most) {
      throw new IllegalArgumentException(
          "a pool cannot have more workers than there is memory for: processes="
              + processes
              + ", most="
              + most
              + ", memory="
              + bytes
              + " bytes; a task needs no worker of its own, so ask for about as many as"
              + " processors");
    }
  }
}
