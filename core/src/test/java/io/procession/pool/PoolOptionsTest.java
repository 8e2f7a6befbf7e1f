package io.procession.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class PoolOptionsTest {
  @Test
  void numberOfTasksOfAWorkerIsNotNegative() {
    assertThat(PoolOptions.defaults().withMaxTasksPerWorker(0).maxTasksPerWorker()).isZero();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PoolOptions.defaults().withMaxTasksPerWorker(-1))
        .withMessageContaining("maxTasksPerWorker=-1");
  }

  @Test
  void softLimitOfMemoryIsNotAboveTheHardOne() {
    PoolOptions defaults = PoolOptions.defaults();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> defaults.withMemoryLimits(2, 1))
        .withMessage(
            "softMemory must not be more than hardMemory: softMemory=2, hardMemory=1; 0 is no"
                + " limit");
    assertThat(defaults.withMemoryLimits(2, 0).softMemory()).isEqualTo(2);
    assertThat(defaults.withMemoryLimits(0, 1).hardMemory()).isEqualTo(1);
    assertThat(defaults.withMemoryLimits(1, 1).softMemory()).isEqualTo(1);
  }

  @Test
  void whoIsInterruptedHasFiveSecondsToEnd() {
    assertThat(PoolOptions.defaults().grace()).isEqualTo(Duration.ofSeconds(5));
  }
}
