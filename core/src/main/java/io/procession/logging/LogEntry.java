package io.procession.logging;

import io.procession.internal.check.Require;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A record that a process has logged, on its way to the handlers of the session's first process.
///
/// Immutable.
///
/// @param framework the logging framework that it was given to, such as [LogTarget#framework] names it
/// @param process the name of the process that logged it
/// @param pid the process id of that
/// @param logger the name of the logger, empty for the root
/// @param level its level, as near as there is one
/// @param levelName the framework's own name of the level
/// @param time when it was logged
/// @param thread the name of the thread that logged it
/// @param threadId the number of that thread, in its process
/// @param sourceClass the class that logged it, null if not known
/// @param sourceMethod the method that logged it, null if not known
/// @param message the message, formatted
/// @param thrown what was thrown, or what [stands][io.procession.serial.StandInException] for it; null if
///     nothing was
/// @param context what the thread had in the framework's diagnostic context, empty where there is none
public record LogEntry(
    String framework,
    String process,
    long pid,
    String logger,
    Level level,
    String levelName,
    Instant time,
    String thread,
    long threadId,
    @Nullable String sourceClass,
    @Nullable String sourceMethod,
    String message,
    @Nullable Throwable thrown,
    Map<String, String> context) {

  /// Checks and copies.
  public LogEntry {
    Require.notNull("framework", framework);
    Require.notNull("process", process);
    Require.notNull("logger", logger);
    Require.notNull("level", level);
    Require.notNull("levelName", levelName);
    Require.notNull("time", time);
    Require.notNull("thread", thread);
    Require.notNull("message", message);
    context = Map.copyOf(context);
  }

  /// The message with the process that logged it in front, for handlers that show nothing else of it:
  /// `Process-1 (pid 4242): message`.
  ///
  /// @return both
  public String signedMessage() {
    return process + " (pid " + pid + "): " + message;
  }
}
