package io.procession.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.Procession;
import io.procession.internal.log.LogState;
import io.procession.manager.SyncManager;
import io.procession.sync.Event;
import io.procession.sync.SharedEvent;
import io.procession.testing.ChildJvm;
import io.procession.testing.Deadlines;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What the library logs, on the standard error of all processes.
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class LogToStderrIT {
  private static final Duration LONG = Deadlines.LONG.multipliedBy(3);

  @Test
  void levelReachesThoseThatRunAndThoseThatAreStartedLater() {
    try (ChildJvm first = ChildJvm.body(LogToStderrIT::startsSome).start()) {
      assertThat(first.join(LONG)).as("%s", first.err()).isZero();
      assertThat(first.err().lines())
          .contains(
              "[INFO/main] in the first process",
              "[INFO/running] in one that ran",
              "[INFO/parent] in one that came later",
              "[INFO/child] in a child's child",
              "[INFO/spare] in one that was started ahead")
          .anyMatch(line -> line.matches("\\[INFO/child] the task begins \\(pid \\d+\\)"))
          .anyMatch(line -> line.matches("\\[INFO/parent] child \\(pid \\d+\\) .*"))
          .anyMatch(line -> line.matches("\\[INFO/main] parent \\(pid \\d+\\) .*"))
          .noneMatch(line -> line.contains("DEBUG") || line.contains("not shown"));
    }
  }

  /// A spare hears of levels before it reads what process it is.
  @Test
  void levelThatIsNamedBeforeTheLaunchRecordIsReadStays() throws Exception {
    try (JvmProcess process =
        JvmProcess.of(
            LaunchOptions.defaults().withOutput(Output.discard()),
            () -> {
              LaunchRecord record = LaunchRecord.read(record(), 0);
              ErrorTee errors = (ErrorTee) Objects.requireNonNull(LogState.relay());
              new Requests(Thread.currentThread()).heed('W');
              Logs.enter(record, errors);
              assertThat(LogState.toStderr()).isEqualTo(Level.WARNING.getSeverity());
            })) {
      process.start();
      process.join();
      assertThat(process.certificate().orElseThrow().isSuccess())
          .as("%s", process.certificate())
          .isTrue();
    }
  }

  private static byte[] record() {
    return LaunchRecord.write("again", "1", false, "main", "", new byte[] {1}, () -> {})
        .toByteArray();
  }

  private static void startsSome() throws InterruptedException {
    try (SharedEvent told = SharedEvent.create();
        SharedEvent ready = SharedEvent.create()) {
      JvmProcess running =
          JvmProcess.of(
              "running",
              () -> {
                ready.set();
                told.await();
                while (!Procession.getLogger().isLoggable(Level.INFO) || isPlatform()) {
                  Thread.onSpinWait();
                }
                Procession.getLogger().log(Level.INFO, "in one that ran");
              });
      running.start();
      ready.await();
      LaunchOptions ahead = LaunchOptions.defaults().withStartMethod(StartMethod.FORKSERVER);
      for (int i = 0; i < 2; i++) {
        JvmProcess warm = JvmProcess.of("warm", ahead, () -> {});
        warm.start();
        warm.join();
      }
      System.Logger logger = Procession.logToStderr(Level.INFO);
      assertThat(logger).isSameAs(Procession.getLogger());
      told.set();
      logger.log(Level.INFO, "in the {0} process", "first");
      logger.log(Level.DEBUG, "not shown");
      JvmProcess parent = JvmProcess.of("parent", LogToStderrIT::startsAnother);
      parent.start();
      parent.join();
      JvmProcess spare =
          JvmProcess.of(
              "spare",
              ahead,
              () -> Procession.getLogger().log(Level.INFO, "in one that was started ahead"));
      spare.start();
      spare.join();
      running.join();
    }
  }

  /// A warning that matters: whoever gets the lock next finds what it protects half changed.
  @Test
  void serverOfAManagerTellsThereOfAHolderThatDied() {
    try (ChildJvm first = ChildJvm.body(LogToStderrIT::killsTheHolderOfALock).start()) {
      assertThat(first.join(LONG)).as("%s", first.err()).isZero();
      assertThat(first.err().lines())
          .anyMatch(line ->
              line.matches(
                  "\\[WARNING/[^\\]]+] the holder of a managed lock is gone .* free now.*"));
    }
  }

  private static void killsTheHolderOfALock() throws InterruptedException {
    Procession.logToStderr();
    try (SyncManager manager = Procession.manager()) {
      Lock lock = manager.lock();
      Event held = manager.event();
      JvmProcess holder =
          JvmProcess.of(() -> {
            lock.lock();
            held.set();
            new CountDownLatch(1).await();
          });
      holder.start();
      held.await();
      holder.kill();
      lock.lockInterruptibly();
      lock.unlock();
    }
  }

  private static boolean isPlatform() {
    return io.procession.internal.log.LogState.toStderr()
        == io.procession.internal.log.LogState.NOT_TO_STDERR;
  }

  private static void startsAnother() throws InterruptedException {
    Procession.getLogger().log(Level.INFO, "in one that came later");
    JvmProcess child =
        JvmProcess.of("child", () -> Procession.getLogger().log(Level.INFO, "in a child's child"));
    child.start();
    child.join();
  }

  @Test
  void thereNeedBeNoFrameworkAtAll() {
    try (ChildJvm first =
        ChildJvm.body(LogToStderrIT::logsByThePlatformAlone)
            .flags("--limit-modules=java.base,java.management")
            .start()) {
      assertThat(first.join(LONG)).as("%s", first.err()).isZero();
      assertThat(first.err())
          .contains("WARNING: by the platform", "[WARNING/named] by the library");
    }
  }

  private static void logsByThePlatformAlone() throws InterruptedException {
    assertThat(ModuleLayer.boot().findModule("java.logging")).isEmpty();
    JvmProcess process =
        JvmProcess.of(() -> System.getLogger("some").log(Level.WARNING, "by the platform"));
    process.start();
    process.join();
    Procession.logToStderr();
    JvmProcess named =
        JvmProcess.of(
            "named",
            () -> {
              Procession.getLogger().log(Level.INFO, "not this");
              Procession.getLogger().log(Level.WARNING, "by the library");
            });
    named.start();
    named.join();
  }
}
