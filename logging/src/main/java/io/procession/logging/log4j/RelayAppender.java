package io.procession.logging.log4j;

import io.procession.logging.LogEntry;
import io.procession.logging.LogRelay;
import io.procession.process.JvmProcess;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Property;

/// Sends what a child logs to the session's first process.
final class RelayAppender extends AbstractAppender {
  RelayAppender() {
    super("procession", null, null, /* ignoreExceptions= */ true, Property.EMPTY_ARRAY);
  }

  @Override
  public void append(LogEvent event) {
    Map<String, String> context = new HashMap<>();
    event.getContextData().forEach((key, value) -> context.put(key, String.valueOf(value)));
    var time = event.getInstant();
    LogRelay.send(
        new LogEntry(
            Log4jTarget.FRAMEWORK,
            JvmProcess.currentProcess().name(),
            ProcessHandle.current().pid(),
            event.getLoggerName(),
            level(event.getLevel()),
            event.getLevel().name(),
            Instant.ofEpochSecond(time.getEpochSecond(), time.getNanoOfSecond()),
            event.getThreadName(),
            event.getThreadId(),
            null,
            null,
            event.getMessage().getFormattedMessage(),
            event.getThrown(),
            context));
  }

  private static System.Logger.Level level(Level level) {
    if (level.isMoreSpecificThan(Level.ERROR)) {
      return System.Logger.Level.ERROR;
    }
    if (level.isMoreSpecificThan(Level.WARN)) {
      return System.Logger.Level.WARNING;
    }
    if (level.isMoreSpecificThan(Level.INFO)) {
      return System.Logger.Level.INFO;
    }
    return level.isMoreSpecificThan(Level.DEBUG)
        ? System.Logger.Level.DEBUG
        : System.Logger.Level.TRACE;
  }
}
