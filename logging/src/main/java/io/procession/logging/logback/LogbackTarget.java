package io.procession.logging.logback;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import io.procession.logging.LogEntry;
import io.procession.logging.LogTarget;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.LoggerFactory;

/// Logs records of children by the loggers of Logback in this process. Their MDC has what it had in the
/// child, and the keys `process` and `pid`.
public final class LogbackTarget implements LogTarget {
  static final String FRAMEWORK = "logback";

  /// For the service loader. Makes no logger yet.
  public LogbackTarget() {}

  @Override
  public String framework() {
    return FRAMEWORK;
  }

  @Override
  public void log(LogEntry entry) {
    if (!(LoggerFactory.getILoggerFactory() instanceof LoggerContext context)) {
      // SLF4J is bound to something else here
      System.getLogger(entry.logger()).log(entry.level(), entry.signedMessage(), entry.thrown());
      return;
    }
    Logger logger = context.getLogger(entry.logger());
    Level level = Level.toLevel(entry.levelName(), Level.INFO);
    if (!logger.isEnabledFor(level)) {
      return;
    }
    LoggingEvent event =
        new LoggingEvent(
            LogbackTarget.class.getName(),
            logger,
            level,
            entry.signedMessage(),
            entry.thrown(),
            null);
    event.setInstant(entry.time());
    event.setThreadName(entry.thread());
    event.setCallerData(new StackTraceElement[0]);
    Map<String, String> mdc = new HashMap<>(entry.context());
    mdc.put("process", entry.process());
    mdc.put("pid", Long.toString(entry.pid()));
    event.setMDCPropertyMap(mdc);
    logger.callAppenders(event);
  }
}
