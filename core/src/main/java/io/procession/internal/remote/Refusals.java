package io.procession.internal.remote;

import io.procession.internal.log.LibraryLogger;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;

/// What a server did not do for strangers, for its log: the first at once, and from then on one line in
/// a while with how many there were. Whoever is refused could fill a disk otherwise.
///
/// Safe for all threads.
final class Refusals {
  private static final Logger LOGGER = LibraryLogger.of("io.procession.manager");
  private static final long PAUSE_NANOS = 10_000_000_000L;

  private final String server;
  private long untold; // guarded by this
  private long total; // guarded by this
  private long last; // guarded by this

  Refusals(String server) {
    this.server = server;
  }

  /// Notes one.
  ///
  /// @param who whom, as it is known
  /// @param why the reason
  void note(Object who, @Nullable String why) {
    long now = System.nanoTime();
    long others;
    synchronized (this) {
      total++;
      if (total > 1 && now - last < PAUSE_NANOS) {
        untold++;
        return;
      }
      others = untold;
      untold = 0;
      last = now;
    }
    LOGGER.log(
        Level.WARNING,
        "a caller was refused: server="
            + server
            + ", caller="
            + who
            + ", reason="
            + why
            + (others == 0 ? "" : "; and " + others + " more since the last such line"));
  }

  synchronized long total() {
    return total;
  }
}
