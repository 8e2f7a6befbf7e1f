package io.procession.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.internal.arena.CellKind;
import io.procession.internal.arena.Session;
import io.procession.internal.ring.MessageRing;
import io.procession.internal.ring.RingLimits;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// How many messages become of what tasks report.
class ProgressReportsTest {
  private static final RingLimits LIMITS =
      new RingLimits(RingLimits.UNBOUNDED, 1L << 30, RingLimits.AtLimit.THROW);
  private static final long INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private final MessageRing ring =
      MessageRing.create(Session.current(), CellKind.QUEUE, "results", LIMITS, false);
  private final ProgressReports reports = new ProgressReports(ring);

  @AfterEach
  void destroy() {
    ring.destroy();
  }

  @Test
  void firstAndWholeAreAlwaysReported() {
    reports.report(1, 0.5, null);
    reports.report(1, 1, "done");
    reports.report(2, 1, "done at once");
    assertThat(ring.size()).isEqualTo(3);
  }

  @Test
  void taskThatReportsTheWholeTimeAndAgainFillsNoMemory() {
    long begin = System.nanoTime();
    for (int i = 0; i < 10_000; i++) {
      reports.report(1, 1, null);
    }
    long intervals = 1 + (System.nanoTime() - begin) / INTERVAL_NANOS;
    assertThat(ring.size()).isLessThanOrEqualTo(1 + intervals);
  }
}
