package io.procession.logging.logback;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxy;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import io.procession.logging.LogEntry;
import io.procession.logging.LogRelay;
import io.procession.process.JvmProcess;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.KeyValuePair;

/// Sends what a child logs to the session's first process. A configuration may name it for loggers that
/// have appenders of their own.
public final class RelayAppender extends UnsynchronizedAppenderBase<ILoggingEvent> {
  private final List<Appender<ILoggingEvent>> early = new ArrayList<>(); // guarded by this
  private volatile boolean isSettled;

  /// For Logback.
  public RelayAppender() {}

  /// Names those whose place this one takes. They get what is logged before it is known where to send it, by an
  /// agent of this process, and are stopped then.
  synchronized void setEarly(List<Appender<ILoggingEvent>> appenders) {
    early.addAll(appenders);
    if (LogRelay.isWanted()) {
      settle();
    }
  }

  @Override
  public void stop() {
    settle();
    super.stop();
  }

  private synchronized void settle() {
    isSettled = true;
    early.forEach(Appender::stop);
    early.clear();
  }

  /// @return false if it is known by now where to send it
  private synchronized boolean isTakenEarly(ILoggingEvent event) {
    if (LogRelay.isWanted()) {
      return false;
    }
    early.forEach(appender -> appender.doAppend(event));
    return true;
  }

  @Override
  protected void append(ILoggingEvent event) {
    if (!isSettled) {
      if (isTakenEarly(event)) {
        return;
      }
      settle();
    }
    LogRelay.send(
        new LogEntry(
            LogbackTarget.FRAMEWORK,
            JvmProcess.currentProcess().name(),
            ProcessHandle.current().pid(),
            event.getLoggerName(),
            level(event.getLevel()),
            event.getLevel().toString(),
            event.getInstant(),
            event.getThreadName(),
            Thread.currentThread().threadId(),
            null,
            null,
            String.valueOf(event.getFormattedMessage()),
            thrown(event.getThrowableProxy()),
            context(event)));
  }

  private static Map<String, String> context(ILoggingEvent event) {
    Map<String, String> context = new HashMap<>();
    event
        .getMDCPropertyMap()
        .forEach((key, value) -> {
          if (value != null) {
            context.put(key, value);
          }
        });
    List<KeyValuePair> pairs = event.getKeyValuePairs();
    if (pairs != null) {
      for (KeyValuePair pair : pairs) {
        context.put(pair.key, String.valueOf(pair.value));
      }
    }
    return context;
  }

  private static @Nullable Throwable thrown(@Nullable IThrowableProxy proxy) {
    return proxy instanceof ThrowableProxy known ? known.getThrowable() : null;
  }

  private static System.Logger.Level level(Level level) {
    return switch (level.toInt()) {
      case Level.ERROR_INT -> System.Logger.Level.ERROR;
      case Level.WARN_INT -> System.Logger.Level.WARNING;
      case Level.INFO_INT -> System.Logger.Level.INFO;
      case Level.DEBUG_INT -> System.Logger.Level.DEBUG;
      default -> System.Logger.Level.TRACE;
    };
  }
}
