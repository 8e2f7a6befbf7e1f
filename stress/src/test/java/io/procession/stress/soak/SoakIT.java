package io.procession.stress.soak;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.testing.ChildJvm;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The short form of the soak; `stress/soak` is the long one. The seed is in the output;
/// `-Dprocession.test.seed=N` repeats its choices, though not the moments.
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class SoakIT {
  private static final int SECONDS = 10;
  private static final int PROCESSES = 4;
  private static final int KILLS = 20;
  private static final long SEED =
      Long.getLong("procession.test.seed", new Random().nextInt(1_000_000));

  @Test
  void everyRuleHoldsWhileProcessesAreKilled() throws Exception {
    SoakOptions options = new SoakOptions(SECONDS, PROCESSES, SEED, KILLS);
    try (ChildJvm root =
        ChildJvm.main(SoakRoot.class, options.toArguments().toArray(String[]::new))
            .flags(Soak.NO_ARCHIVE)
            .start()) {
      int code = root.join(Duration.ofSeconds(150));
      System.out.println(root.out());
      List<String> left = Remains.of(root.pid());
      assertThat(code).as(root.err()).isZero();
      assertThat(root.out()).contains("every rule holds");
      assertThat(left).isEmpty();
    }
  }
}
