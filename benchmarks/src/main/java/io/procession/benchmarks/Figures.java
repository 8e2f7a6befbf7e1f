package io.procession.benchmarks;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Locale;

/// Numbers as people and as programs read them.
final class Figures {
  private static final MathContext EXACT = new MathContext(6, RoundingMode.HALF_EVEN);
  private static final double[] SCALES = {1e9, 1e6, 1e3};
  private static final String[] SUFFIXES = {"G", "M", "k"};

  private Figures() {}

  /// Three significant digits and a suffix for thousands, millions and more.
  static String shortly(double value) {
    double rounded = new BigDecimal(value).round(new MathContext(3)).doubleValue();
    for (int i = 0; i < SCALES.length; i++) {
      if (rounded >= SCALES[i]) {
        return threeDigits(rounded / SCALES[i]) + SUFFIXES[i];
      }
    }
    return threeDigits(rounded);
  }

  /// Six significant digits, never with an exponent.
  static String exactly(double value) {
    return new BigDecimal(value).round(EXACT).stripTrailingZeros().toPlainString();
  }

  private static String threeDigits(double value) {
    if (value >= 100) {
      return String.format(Locale.ROOT, "%.0f", value);
    }
    return String.format(Locale.ROOT, value >= 10 ? "%.1f" : "%.2f", value);
  }
}
