package io.procession.internal.relay;

import io.procession.logging.LogEntry;
import io.procession.logging.LogTarget;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/// Logs records of children by the loggers of `java.util.logging` in this process.
final class JulTarget implements LogTarget {
  static final String FRAMEWORK = "java.util.logging";

  @Override
  public String framework() {
    return FRAMEWORK;
  }

  @Override
  public void log(LogEntry entry) {
    Logger logger = Logger.getLogger(entry.logger());
    LogRecord record = new LogRecord(level(entry), entry.signedMessage());
    record.setLoggerName(entry.logger());
    record.setInstant(entry.time());
    record.setLongThreadID(entry.threadId());
    record.setSourceClassName(entry.sourceClass());
    record.setSourceMethodName(entry.sourceMethod());
    record.setThrown(entry.thrown());
    logger.log(record);
  }

  /// A level of the program's own by its number: this process may not know its name.
  private static Level level(LogEntry entry) {
    try {
      return Level.parse(entry.levelName());
    } catch (IllegalArgumentException e) {
      return Level.INFO;
    }
  }
}
