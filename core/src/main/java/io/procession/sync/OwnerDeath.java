package io.procession.sync;

import io.procession.internal.arena.LastWords;
import io.procession.internal.arena.Participants;
import io.procession.internal.log.LibraryLogger;
import java.lang.System.Logger.Level;

/// The warning that a lock was taken over from a process that had died.
final class OwnerDeath {
  /// For the parent of the dead to say how it ended.
  private static final long PATIENCE_NANOS = 1_000_000_000;

  private OwnerDeath() {}

  /// Logs on a thread of its own: the caller holds the lock, and a logger may do anything.
  static void warn(String lock, Participants participants, int owner) {
    Runnable log =
        () ->
            Log.LOGGER.log(
                Level.WARNING,
                "a process died while it held a lock, which has been taken over: lock="
                    + lock
                    + ", owner="
                    + participants.fate(owner, PATIENCE_NANOS)
                    + "; what the lock protects may be half changed");
    try {
      new Thread(null, log, "procession-warning", 0, false).start();
    } catch (
        OutOfMemoryError e) { // no thread can be had: the caller has the lock, and shall know it
      LastWords.say(
          "a lock was taken over from a dead process, and nothing can be logged: lock=" + lock);
    }
  }

  private static final class Log {
    static final System.Logger LOGGER = LibraryLogger.of("io.procession.sync");
  }
}
