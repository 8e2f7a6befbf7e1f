package io.procession.internal.arena;

import java.lang.ref.Cleaner;

/// A net under `close`, for objects that nobody closed: the one cleaner of the library.
public final class Unreachable {
  private static final Cleaner CLEANER =
      Cleaner.create(work -> {
        Thread thread = new Thread(null, work, "procession-cleaner", 0, false);
        thread.setDaemon(true);
        return thread;
      });

  private Unreachable() {}

  /// Runs an action once: when the result's `clean` is called, or `owner` has become unreachable.
  ///
  /// @param action must not lead to the owner
  public static Cleaner.Cleanable watch(Object owner, Runnable action) {
    return CLEANER.register(owner, action);
  }
}
