package io.procession.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// How long an end of a process waits for what it has logged.
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class LogPatienceIT {
  private static final long MORE_THAN_PATIENCE_NANOS = 2_500_000_000L;

  private final Logger logger = Logger.getLogger("io.procession.test.patience");

  @Test
  void handlerThatWorksForLongIsWaitedFor() throws Exception {
    Slow slow = new Slow(LogPatienceIT::work);
    try {
      JvmProcess process = start(slow);
      process.join();
      assertThat(slow.isDone).isTrue();
    } finally {
      logger.removeHandler(slow);
    }
  }

  private static void work() {
    long begin = System.nanoTime();
    while (System.nanoTime() - begin < MORE_THAN_PATIENCE_NANOS) {
      Thread.onSpinWait();
    }
  }

  @Test
  void handlerThatWaitsForThatVeryEndIsNotWaitedForInTurn() throws Exception {
    JvmProcess[] process = new JvmProcess[1];
    Slow slow = new Slow(() -> process[0].join());
    try {
      process[0] = JvmProcess.of(LogPatienceIT::log);
      listen(slow);
      process[0].start();
      process[0].join();
      assertThat(process[0].isAlive()).isFalse();
    } finally {
      logger.removeHandler(slow);
    }
  }

  private JvmProcess start(Slow slow) {
    listen(slow);
    JvmProcess process = JvmProcess.of(LogPatienceIT::log);
    process.start();
    return process;
  }

  private void listen(Slow slow) {
    logger.setUseParentHandlers(false);
    logger.addHandler(slow);
  }

  private static void log() {
    Logger.getLogger("io.procession.test.patience").info("something");
  }

  private interface Work {
    void run() throws InterruptedException;
  }

  private static final class Slow extends Handler {
    private final Work work;
    private volatile boolean isDone;

    Slow(Work work) {
      this.work = work;
    }

    @Override
    public void publish(LogRecord record) {
      try {
        work.run();
        isDone = true;
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }
}
