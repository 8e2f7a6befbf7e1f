package io.procession.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.Procession;
import io.procession.pool.ProcessPool;
import io.procession.testing.ChildJvm;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A program ends in order though it has left a pool open, in a static field or nowhere at all.
@Timeout(60)
class UnclosedPoolIT {
  private static @Nullable ProcessPool kept;

  @Test
  void endsWithItsProgram() {
    try (ChildJvm program =
        ChildJvm.body(
                () -> {
                  kept = Procession.pool(1);
                  assertThat(kept.map(x -> x + 1, List.of(1, 2))).containsExactly(2, 3);
                  assertThat(Procession.pool(1).apply(() -> "lost")).isEqualTo("lost");
                })
            .start()) {
      program.succeed();
      assertThat(program.err()).isEmpty();
    }
  }
}
