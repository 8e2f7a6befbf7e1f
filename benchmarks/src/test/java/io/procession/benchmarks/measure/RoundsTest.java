package io.procession.benchmarks.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class RoundsTest {
  private static final Effort SHORT = new Effort(0.01, 0.02);

  /// Rounds double, but none is larger than allowed.
  @Test
  void roundsGrowUpToTheLargest() throws Exception {
    List<Long> sizes = new ArrayList<>();
    double _ = Rounds.rate(SHORT, 4_000, sizes::add);
    assertThat(sizes).isSorted(); // one that is held up is done again as large as it was
    assertThat(sizes.stream().distinct()).containsExactly(1_000L, 2_000L, 4_000L);
  }

  /// A rate is units by the time that was really spent.
  @Test
  void rateCountsUnits() throws Exception {
    double rate = Rounds.rate(SHORT, 1, _ -> spin(1_000_000));
    assertThat(rate).isPositive().isLessThanOrEqualTo(1_000);
  }

  private static void spin(long nanos) {
    long end = System.nanoTime() + nanos;
    while (System.nanoTime() - end < 0) {
      Thread.onSpinWait();
    }
  }
}
