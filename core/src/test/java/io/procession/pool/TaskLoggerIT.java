package io.procession.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.testing.Deadlines;
import java.lang.System.Logger.Level;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What tasks log is heard here.
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class TaskLoggerIT {
  private static final class Kept extends Handler {
    private final BlockingQueue<LogRecord> records = new LinkedBlockingQueue<>();

    @Override
    public void publish(LogRecord record) {
      records.add(record);
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }

  @Test
  void recordsOfATaskReachTheHandlersHere() throws Exception {
    Logger logger = Logger.getLogger("io.procession.task");
    Kept kept = new Kept();
    logger.addHandler(kept);
    logger.setUseParentHandlers(false);
    try (var pool = ProcessPool.open(1)) {
      int one =
          pool.apply(() -> {
            Task.current().logger().log(Level.WARNING, "the left half is missing");
            return 1;
          });
      assertThat(one).isEqualTo(1);
      LogRecord record = kept.records.poll(Deadlines.LONG.toMillis(), TimeUnit.MILLISECONDS);
      assertThat(record).isNotNull();
      assertThat(record.getLoggerName()).isEqualTo("io.procession.task");
      assertThat(record.getMessage())
          .contains("the left half is missing")
          .contains(pool.workers().getFirst().name());
    } finally {
      logger.removeHandler(kept);
      logger.setUseParentHandlers(true);
    }
  }
}
