package io.procession.process;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/// What a logger of the library has said while this was open, instead of on the console.
final class Warnings extends Handler implements AutoCloseable {
  private final LinkedBlockingQueue<String> messages = new LinkedBlockingQueue<>();
  private final Logger logger;

  Warnings(String name) {
    logger = Logger.getLogger(name);
    logger.addHandler(this);
    logger.setUseParentHandlers(false);
  }

  String next(Duration limit) throws InterruptedException {
    return requireNonNull(messages.poll(limit.toMillis(), TimeUnit.MILLISECONDS), "no warning");
  }

  List<String> left() {
    return List.copyOf(messages);
  }

  @Override
  public void publish(LogRecord entry) {
    messages.add(entry.getMessage());
  }

  @Override
  public void flush() {}

  @Override
  public void close() {
    logger.removeHandler(this);
    logger.setUseParentHandlers(true);
  }
}
