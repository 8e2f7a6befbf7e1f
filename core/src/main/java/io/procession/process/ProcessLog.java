package io.procession.process;

import io.procession.internal.check.Require;
import io.procession.internal.log.LibraryLogger;
import io.procession.internal.log.LogState;
import java.lang.System.Logger.Level;

/// What the library logs, of this process and those that it starts.
///
/// All methods are safe for use by many threads, and none blocks.
public final class ProcessLog {
  private ProcessLog() {}

  /// The library's logger, named `io.procession`: the parent of those of its packages, and there for
  /// programs as well. It is the platform's logger of that name, unless [#logToStderr] says otherwise.
  /// From the first call on the library tells of starts and ends of this process's children, too: of starts at
  /// level DEBUG, of ends at INFO.
  ///
  /// @return the logger, always the same
  public static System.Logger getLogger() {
    LogState.hear();
    return LibraryLogger.ROOT;
  }

  /// Lets what the library logs go to the standard error from level WARNING on, as
  /// [#logToStderr(Level)] does.
  ///
  /// @return the library's logger
  public static System.Logger logToStderr() {
    return logToStderr(Level.WARNING);
  }

  /// Lets what the library logs, and what programs log by [#getLogger], go to the standard error instead of
  /// the platform's logger: as `[INFO/Process-1] message`, each process to its own standard error. The
  /// same holds in all processes below this one, those that run and those that it starts later. What is
  /// below the level is not logged at all.
  ///
  /// @param level from which level on; OFF lets all go to the platform's logger again
  /// @return the library's logger
  public static System.Logger logToStderr(Level level) {
    Logs.toStderr(Require.notNull("level", level));
    return getLogger();
  }
}
