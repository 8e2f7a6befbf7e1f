package io.procession.internal.check;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What system properties are as numbers.
class PropertyTest {
  private static final String NAME = "procession.still.waiting.millis";

  @AfterEach
  void clear() {
    System.clearProperty(NAME);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "5, 5000000",
    "9223372036854, 9223372036854000000",
    "9223372036855, 9223372036854775807",
    "99999999999999, 9223372036854775807",
    "999999999999999999, 9223372036854775807",
    "none, 3000000"
  })
  void millisecondsOfAnyLengthAreNanoseconds(String value, long nanos) {
    System.setProperty(NAME, value);
    assertThat(Property.nanos(NAME, 3)).isEqualTo(nanos);
  }
}
