package io.procession.benchmarks.measure;

/// How long one trial warms up and how long it then measures, both in seconds.
///
/// @param warmUp seconds before the clock starts
/// @param seconds seconds that are measured
public record Effort(double warmUp, double seconds) {
  public Effort {
    if (!(warmUp >= 0 && seconds > 0)) {
      throw new IllegalArgumentException(
          "must be positive: warmUp=" + warmUp + ", seconds=" + seconds);
    }
  }
}
