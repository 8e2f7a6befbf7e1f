package io.procession.internal.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class RequireTest {
  @Test
  void whatKeepsTheRuleIsReturned() {
    assertThat(Require.positive("capacity", 1)).isEqualTo(1);
    assertThat(Require.positive("size", Long.MAX_VALUE)).isEqualTo(Long.MAX_VALUE);
    assertThat(Require.notNegative("permits", 0)).isZero();
    assertThat(Require.between("port", 65_535, 0, 65_535)).isEqualTo(65_535);
    assertThat(Require.between("port", 0, 0, 65_535)).isZero();
    assertThat(Require.notNegative("grace", Duration.ZERO, "")).isZero();
    assertThat(Require.positive("limit", Duration.ofNanos(1), "")).isPositive();
  }

  @Test
  void aBreachSaysRuleValueAndRemedy() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Require.positive("capacity", 0))
        .withMessage("capacity must be positive: capacity=0; use 1 or more");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Require.positive("inFlight", Long.MIN_VALUE, "use many"))
        .withMessage("inFlight must be positive: inFlight=-9223372036854775808; use many");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Require.notNegative("permits", -1))
        .withMessage("permits must not be negative: permits=-1; use 0 or more");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Require.between("port", 65_536, 0, 65_535))
        .withMessage("port must be from 0 to 65535: port=65536");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Require.between("port", -1, 0, 65_535))
        .withMessage("port must be from 0 to 65535: port=-1");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Require.positive("startLimit", Duration.ZERO, "leave it out"))
        .withMessage("startLimit must be positive: startLimit=PT0S; leave it out");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Require.notNegative("grace", Duration.ofMillis(-5), "zero kills at once"))
        .withMessage("grace must not be negative: grace=PT-0.005S; zero kills at once");
  }
}
