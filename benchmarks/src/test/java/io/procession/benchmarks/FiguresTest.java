package io.procession.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class FiguresTest {
  @ParameterizedTest
  @CsvSource({
    "0.0421, 0.04",
    "1.2345, 1.23",
    "12.345, 12.3",
    "999.4, 999",
    "999.9, 1.00k",
    "281837, 282k",
    "28739500, 28.7M",
    "3.21e9, 3.21G"
  })
  void threeDigitsAndASuffix(double value, String expected) {
    assertThat(Figures.shortly(value)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"28739512.3, 28739500", "0.000123456789, 0.000123457", "25, 25"})
  void sixDigitsWithoutAnExponent(double value, String expected) {
    assertThat(Figures.exactly(value)).isEqualTo(expected);
  }
}
