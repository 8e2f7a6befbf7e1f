package io.procession.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.procession.context.Context;
import io.procession.serial.SerializableCallable;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

/// What a process logs is in the handlers of the first one, and has its level.
abstract class LoggingContract extends Contract {
  private static final String NAME = "io.procession.test.conformance";

  @Test
  void recordsOfOthersAreHere() throws Exception {
    Logger logger = Logger.getLogger(NAME);
    List<String> seen = new CopyOnWriteArrayList<>();
    Handler handler =
        new Handler() {
          @Override
          public void publish(LogRecord record) {
            seen.add(record.getLevel() + " " + record.getMessage());
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    logger.setUseParentHandlers(false);
    logger.addHandler(handler);
    try {
      peer(0)
          .run(() -> {
            System.Logger there = System.getLogger(NAME);
            there.log(System.Logger.Level.DEBUG, "of no level that is wanted");
            there.log(System.Logger.Level.WARNING, "said elsewhere");
          });
      await().atMost(LONG).until(() -> !seen.isEmpty());
    } finally {
      logger.removeHandler(handler);
      logger.setUseParentHandlers(true);
    }
    assertThat(seen).singleElement().asString().startsWith(Level.WARNING.getName());
    assertThat(seen.get(0)).contains("said elsewhere");
  }

  @Test
  void loggerOfTheLibraryHasOneName() throws Exception {
    String here = way().context().getLogger().getName();
    SerializableCallable<Context> there = way().there();
    assertThat(peer(0).<String>call(() -> there.call().getLogger().getName())).isEqualTo(here);
  }
}
