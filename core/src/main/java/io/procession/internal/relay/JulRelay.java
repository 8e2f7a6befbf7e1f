package io.procession.internal.relay;

import io.procession.internal.log.LogState;
import io.procession.logging.LogEntry;
import io.procession.logging.LogRelay;
import java.util.Map;
import java.util.logging.ConsoleHandler;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/// The handler that sends what a child logs by `java.util.logging` to the first process. Public because
/// the framework makes one.
public final class JulRelay extends Handler {
  /// The name of the thread by which the framework ends with the JVM.
  private static final String EXIT_HOOK = "Logging-Cleaner";

  private static final Level[] NAMED = {
    Level.SEVERE, Level.WARNING, Level.INFO, Level.CONFIG, Level.FINE, Level.FINER, Level.FINEST
  };

  /// For what an agent logs before this process knows who it is.
  private static final class Early {
    static final ConsoleHandler CONSOLE = new ConsoleHandler();
  }

  private final SimpleFormatter messages = new SimpleFormatter();

  /// One that sends all that its logger gives it.
  public JulRelay() {
    setLevel(Level.ALL);
  }

  @Override
  public void publish(LogRecord record) {
    if (record == null || !isLoggable(record)) {
      return;
    }
    if (!LogRelay.isWanted()) {
      Early.CONSOLE.publish(record);
      return;
    }
    String logger = record.getLoggerName();
    String message = messages.formatMessage(record);
    LogRelay.send(
        new LogEntry(
            JulTarget.FRAMEWORK,
            LogState.process(),
            ProcessHandle.current().pid(),
            logger == null ? "" : logger,
            level(record.getLevel().intValue()),
            name(record.getLevel()),
            record.getInstant(),
            Thread.currentThread().getName(),
            record.getLongThreadID(),
            record.getSourceClassName(),
            record.getSourceMethodName(),
            message == null ? "null" : message,
            record.getThrown(),
            Map.of()));
  }

  /// The nearest one at or below.
  private static System.Logger.Level level(int value) {
    if (value >= Level.SEVERE.intValue()) {
      return System.Logger.Level.ERROR;
    }
    if (value >= Level.WARNING.intValue()) {
      return System.Logger.Level.WARNING;
    }
    if (value >= Level.INFO.intValue()) {
      return System.Logger.Level.INFO;
    }
    return value >= Level.FINE.intValue() ? System.Logger.Level.DEBUG : System.Logger.Level.TRACE;
  }

  private static String name(Level level) {
    for (Level known : NAMED) {
      if (known.intValue() == level.intValue()) {
        return known.getName();
      }
    }
    return Integer.toString(level.intValue());
  }

  /// Nothing is kept back.
  @Override
  public void flush() {}

  /// Goes on: what is logged while this process ends is wanted, too. The framework's own exit hook takes each
  /// handler off its logger before it closes it, so this puts itself back.
  @Override
  public void close() {
    if (Thread.currentThread().getName().equals(EXIT_HOOK) && LogRelay.isWanted()) {
      Logger root = LogManager.getLogManager().getLogger("");
      if (root != null) {
        root.addHandler(this);
      }
    }
  }
}
