package io.procession.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.internal.arena.FailPoint;
import io.procession.process.JvmProcess;
import io.procession.process.LaunchOptions;
import io.procession.testing.ChildJvm;
import io.procession.testing.Deadlines;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.logging.Logger;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Children that are killed while they make the ring for the session's log.
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class LogCrashIT {
  private static final Duration LONG = Deadlines.LONG.multipliedBy(3);

  @ParameterizedTest
  @EnumSource(names = {"CELL_SENT", "LOG_PUBLISHED", "RING_PUBLISHED"})
  void othersLogNevertheless(FailPoint point) {
    String name = point.name();
    try (ChildJvm first = ChildJvm.body(() -> outlive(name)).start()) {
      assertThat(first.join(LONG)).as("%s", first.err()).isZero();
      assertThat(first.err()).contains("nevertheless");
    }
  }

  private static void outlive(String point) throws InterruptedException {
    JvmProcess killed =
        JvmProcess.of(
            LaunchOptions.defaults().withSystemProperty("procession.crash", point),
            () -> Logger.getLogger("some").info("perhaps"));
    killed.start();
    killed.join();
    assertThat(killed.exitCode()).hasValue(-9);
    JvmProcess next = JvmProcess.of(() -> Logger.getLogger("some").info("nevertheless"));
    next.start();
    next.join();
  }
}
