package io.procession.benchmarks.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class LatenciesTest {
  private static final Effort NONE = new Effort(0, 1e-9);

  /// However short the time, as many samples are taken as are asked for.
  @Test
  void takesAtLeastSoManySamples() throws Exception {
    var calls = new AtomicInteger();
    double _ = Latencies.percentile(NONE, 0.5, 10, calls::incrementAndGet);
    assertThat(calls.get()).isGreaterThanOrEqualTo(10);
  }

  /// What was made is handed on after the clock has stopped.
  @Test
  void doesTheUntimedPartWithWhatWasMade() throws Exception {
    var untimed = new AtomicInteger();
    double nanos =
        Latencies.percentile(
            NONE,
            0.5,
            3,
            () -> 7,
            made -> {
              spin(20_000_000);
              untimed.addAndGet(made);
            });
    assertThat(untimed.get()).isGreaterThanOrEqualTo(21);
    assertThat(nanos).isLessThan(20_000_000);
  }

  private static void spin(long nanos) {
    long end = System.nanoTime() + nanos;
    while (System.nanoTime() - end < 0) {
      Thread.onSpinWait();
    }
  }
}
