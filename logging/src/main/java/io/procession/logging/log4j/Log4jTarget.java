package io.procession.logging.log4j;

import io.procession.logging.LogEntry;
import io.procession.logging.LogTarget;
import java.time.Instant;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.config.LoggerConfig;
import org.apache.logging.log4j.core.impl.Log4jLogEvent;
import org.apache.logging.log4j.core.time.MutableInstant;
import org.apache.logging.log4j.message.SimpleMessage;
import org.apache.logging.log4j.util.SortedArrayStringMap;
import org.apache.logging.log4j.util.StringMap;

/// Logs records of children by the loggers of Log4j in this process. Their context map has what it had in
/// the child, and the keys `process` and `pid`.
public final class Log4jTarget implements LogTarget {
  static final String FRAMEWORK = "log4j";

  /// For the service loader. Makes no logger yet.
  public Log4jTarget() {}

  @Override
  public String framework() {
    return FRAMEWORK;
  }

  @Override
  public void log(LogEntry entry) {
    if (!(LogManager.getContext(false) instanceof LoggerContext context)) {
      // the interface of Log4j is bound to something else here
      System.getLogger(entry.logger()).log(entry.level(), entry.signedMessage(), entry.thrown());
      return;
    }
    Level level = Level.toLevel(entry.levelName(), Level.INFO);
    if (!context.getLogger(entry.logger()).isEnabled(level)) {
      return;
    }
    StringMap data = new SortedArrayStringMap();
    entry.context().forEach(data::putValue);
    data.putValue("process", entry.process());
    data.putValue("pid", Long.toString(entry.pid()));
    MutableInstant time = new MutableInstant();
    Instant logged = entry.time();
    time.initFromEpochSecond(logged.getEpochSecond(), logged.getNano());
    LoggerConfig config = context.getConfiguration().getLoggerConfig(entry.logger());
    config.log(
        Log4jLogEvent.newBuilder()
            .setLoggerName(entry.logger())
            .setLevel(level)
            .setMessage(new SimpleMessage(entry.signedMessage()))
            .setThrown(entry.thrown())
            .setContextData(data)
            .setThreadName(entry.thread())
            .setThreadId(entry.threadId())
            .setInstant(time)
            .build());
  }
}
