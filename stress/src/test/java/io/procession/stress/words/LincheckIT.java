package io.procession.stress.words;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.internal.ring.RingOperations;
import io.procession.sync.SemaphoreOperations;
import io.procession.testing.ChildJvm;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What two participants do at once with one object is in order. Each check has a JVM of its own, since
/// Lincheck loads an agent into it.
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class LincheckIT {
  private static final Duration LIMIT = Duration.ofSeconds(150);

  @Test
  void aSemaphoreIsANumber() {
    check(SemaphoreOperations.class, SemaphoreOperations.Count.class);
  }

  @Test
  void aRingIsAQueue() {
    check(RingOperations.class, RingOperations.Line.class);
  }

  private static void check(Class<?> operations, Class<?> model) {
    try (ChildJvm child =
        ChildJvm.main(Lincheck.class, operations.getName(), model.getName())
            .flags("-XX:+EnableDynamicAgentLoading")
            .start()) {
      int code = child.join(LIMIT);
      assertThat(code).as(child.out() + child.err()).isZero();
      assertThat(child.out()).contains("in order");
    }
  }
}
