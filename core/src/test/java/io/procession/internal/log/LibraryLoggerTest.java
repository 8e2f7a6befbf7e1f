package io.procession.internal.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Supplier;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

/// The library goes on where the program's logging fails.
class LibraryLoggerTest {
  private static final String NAME = "io.procession.test.failing";

  private static final class Failing extends Handler {
    private final Supplier<Throwable> failure;

    Failing(Supplier<Throwable> failure) {
      this.failure = failure;
    }

    @Override
    public void publish(LogRecord record) {
      switch (failure.get()) {
        case RuntimeException e -> throw e;
        case Throwable e -> throw (Error) e;
      }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }

  @Test
  void handlerThatThrowsIsToldAndDoesNoHarm() {
    for (Supplier<Throwable> failure :
        List.<Supplier<Throwable>>of(
            () -> new IllegalStateException("the disk is full"),
            () -> new AssertionError("the disk is full"),
            () -> new StackOverflowError("the disk is full"))) {
      assertToldAndHarmless(new Failing(failure));
    }
  }

  private static void assertToldAndHarmless(Failing failing) {
    Logger logger = Logger.getLogger(NAME);
    logger.addHandler(failing);
    logger.setUseParentHandlers(false);
    PrintStream before = System.err;
    ByteArrayOutputStream told = new ByteArrayOutputStream();
    System.setErr(new PrintStream(told, true, StandardCharsets.UTF_8));
    try {
      LibraryLogger.of(NAME).log(Level.WARNING, "a process is gone");
      LibraryLogger.of(NAME).log(Level.WARNING, "a process is gone: {0}", 5);
    } finally {
      System.setErr(before);
      logger.removeHandler(failing);
    }
    assertThat(told.toString(StandardCharsets.UTF_8))
        .contains("a handler of logs has failed: logger=" + NAME)
        .contains("the disk is full");
  }
}
