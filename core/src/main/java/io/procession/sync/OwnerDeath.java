package io.procession.sync;

import java.lang.System.Logger.Level;

/// The warning that a lock was taken over from a process that had died.
final class OwnerDeath {
  private OwnerDeath() {}

  /// Logs on a thread of its own: the caller holds the lock, and a logger may do anything.
  static void warn(String lock, String owner) {
    String message =
        "a process died while it held a lock, which has been taken over: lock="
            + lock
            + ", process="
            + owner
            + "; what the lock protects may be half changed";
    new Thread(null, () -> Log.LOGGER.log(Level.WARNING, message), "procession-warning", 0, false)
        .start();
  }

  private static final class Log {
    static final System.Logger LOGGER = System.getLogger("io.procession.sync");
  }
}
