package io.procession.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class PoolOptionsTest {
  @Test
  void numberOfTasksOfAWorkerIsNotNegative() {
    assertThat(PoolOptions.defaults().withMaxTasksPerWorker(0).maxTasksPerWorker()).isZero();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PoolOptions.defaults().withMaxTasksPerWorker(-1))
        .withMessageContaining("maxTasksPerWorker=-1");
  }
}
