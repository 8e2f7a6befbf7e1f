package io.procession.internal.remote;

import io.procession.internal.log.LibraryLogger;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;

/// What a server did not do for strangers, for its log: the first at once, and from then on one line in
/// a while with how many there were. Whoever is refused could fill a disk otherwise. What ends a connection
/// is told beside what does not, so that neither hides behind the other.
///
/// Safe for all threads.
final class Refusals {
  private static final Logger LOGGER = LibraryLogger.of("io.procession.manager");
  private static final long PAUSE_NANOS = 10_000_000_000L;

  private final String server;
  private final Rate requests = new Rate();
  private final Rate ends = new Rate();

  Refusals(String server) {
    this.server = server;
  }

  /// How many were not told of, since when.
  private static final class Rate {
    private static final long NOT_NOW = -1;

    private long untold; // guarded by this
    private boolean hasTold; // guarded by this
    private long last; // guarded by this

    /// @return how many others are to be told of with this one, if it is to be told of now
    synchronized long othersNow() {
      long now = System.nanoTime();
      if (hasTold && now - last < PAUSE_NANOS) {
        untold++;
        return NOT_NOW;
      }
      long others = untold;
      untold = 0;
      hasTold = true;
      last = now;
      return others;
    }
  }

  /// Notes one, who may ask for something else.
  ///
  /// @param who whom, as it is known
  /// @param why the reason
  void note(Object who, @Nullable String why) {
    note(requests, who, why);
  }

  /// Notes one whose connection ends by it.
  void noteEnd(Object who, @Nullable String why) {
    note(ends, who, why);
  }

  private void note(Rate rate, Object who, @Nullable String why) {
    long others = rate.othersNow();
    if (others == Rate.NOT_NOW) {
      return;
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
}
