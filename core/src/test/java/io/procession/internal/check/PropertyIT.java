package io.procession.internal.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.Procession;
import io.procession.testing.ChildJvm;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A system property with a value that is none is refused before anything happens.
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class PropertyIT {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "procession.arena.capacity=64g | must be a whole number of 0 or more",
        "procession.arena.capacity=1000 | must be between",
        "procession.exit.millis=-5 | must be a whole number of 0 or more",
        "procession.spin.nanos=x | must be a whole number of 0 or more",
        "procession.aot=xyz | known=[off, found, on]",
        "procession.logs=mine | known=[own, relay]",
        "procession.arena.file=yes | known=[true, false]",
        "procession.platform=foo | must be native or portable",
        "procession.context=bogus | there is no such start method: name=bogus",
      })
  void isRefused(String property, String rule) {
    try (ChildJvm program =
        ChildJvm.body(
                () -> {
                  try {
                    Procession.start(() -> {});
                  } catch (IllegalArgumentException | IllegalStateException e) {
                    System.out.println("refused: " + e.getMessage());
                  }
                })
            .flags("-D" + property)
            .start()) {
      assertThat(program.awaitLine("refused: ")).contains(property, rule);
      assertThat(program.join()).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"procession.exit.millis=0", "procession.spin.nanos=1", "procession.aot=off"})
  void isTaken(String property) {
    try (ChildJvm program =
        ChildJvm.body(() -> Procession.start(() -> {}).join()).flags("-D" + property).start()) {
      assertThat(program.join()).isZero();
      assertThat(program.err()).isEmpty();
    }
  }
}
