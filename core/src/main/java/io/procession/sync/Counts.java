package io.procession.sync;

/// The check of numbers that callers hand in.
final class Counts {
  private Counts() {}

  static void requireNotNegative(int permits) {
    if (permits < 0) {
      throw new IllegalArgumentException(
          "a number of permits is not negative: permits=" + permits + "; use 0 or more");
    }
  }
}
