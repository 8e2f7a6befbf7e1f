package io.procession.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.procession.process.JvmProcess;
import io.procession.testing.Deadlines;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What happens to a lock whose owner is killed, and to those who wait on its condition.
@SuppressWarnings("LockNotBeforeTry") // a test that fails may leave its lock taken
@Tag("platforms")
class OwnerDeathIT {
  private final Logger logger = Logger.getLogger("io.procession.sync");
  private final ConcurrentLinkedQueue<String> warnings = new ConcurrentLinkedQueue<>();
  private final Handler handler =
      new Handler() {
        @Override
        public void publish(LogRecord warning) {
          warnings.add(warning.getLevel() + " " + warning.getMessage());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  @BeforeEach
  void listen() {
    logger.addHandler(handler);
    logger.setUseParentHandlers(false);
  }

  @AfterEach
  void stopListening() {
    logger.removeHandler(handler);
    logger.setUseParentHandlers(true);
  }

  @Test
  void theNextGetsTheLockAndIsWarned() throws Exception {
    SharedLock lock = SharedLock.create("fragile");
    JvmProcess owner =
        JvmProcess.of(
            "owner",
            () -> {
              lock.lock();
              Thread.sleep(Deadlines.LONG);
            });
    owner.start();
    await().atMost(Deadlines.LONG).until(lock::isLocked);
    assertThat(lock.toString())
        .startsWith("SharedLock[fragile, held by owner (pid " + owner.pid() + "), thread ");
    assertThat(lock.tryLock()).isFalse();
    owner.kill();
    assertThat(lock.tryLock(Deadlines.LONG.toMillis(), TimeUnit.MILLISECONDS)).isTrue();
    assertThat(lock.ownerDeaths()).isOne();
    assertThat(lock.isHeldByCurrentThread()).isTrue();
    lock.unlock();
    await()
        .atMost(Deadlines.LONG)
        .untilAsserted(() ->
            assertThat(warnings)
                .singleElement()
                .asString()
                .startsWith("WARNING ")
                .contains(
                    "lock=fragile, owner=pid " + owner.pid() + " (owner), killed by SIGKILL"));
    owner.join();
    lock.destroy();
  }

  @Test
  void theWarningNamesTheExitCode() throws Exception {
    SharedLock lock = SharedLock.create("left");
    try (JvmProcess owner =
        JvmProcess.of(
            "leaver",
            () -> {
              lock.lock();
              Runtime.getRuntime().halt(3);
            })) {
      owner.start();
      owner.join();
      lock.lock();
      lock.unlock();
      awaitWarning("lock=left, owner=pid " + owner.pid() + " (leaver), exited with code 3;");
    }
    lock.destroy();
  }

  /// The owner outlives its parent, so there is nobody who is told its exit status.
  @Test
  void theWarningSaysWhatCannotBeKnown() throws Exception {
    SharedLock lock = SharedLock.create("orphaned");
    JvmProcess parent =
        JvmProcess.of(() -> {
          JvmProcess.of(
                  "orphan",
                  () -> {
                    lock.lock();
                    Thread.sleep(Deadlines.LONG);
                  })
              .start();
          while (!lock.isLocked()) {
            Thread.onSpinWait();
          }
          Runtime.getRuntime().halt(0);
        });
    parent.start();
    parent.join();
    parent.close();
    assertThat(lock.tryLock(Deadlines.LONG.toMillis(), TimeUnit.MILLISECONDS)).isTrue();
    lock.unlock();
    awaitWarning("lock=orphaned, owner=pid ", " (orphan), gone: how it ended is not known;");
    lock.destroy();
  }

  private void awaitWarning(String... parts) {
    await()
        .atMost(Deadlines.LONG)
        .untilAsserted(() -> assertThat(warnings).singleElement().asString().contains(parts));
  }
}
