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

  /// The same for a trial of so many JVMs: each has its own code to compile, on processors that they
  /// share, so the warm-up is longer by as much as they are more than the processors.
  public Effort shared(int jvms) {
    double share = (double) jvms / Runtime.getRuntime().availableProcessors();
    return new Effort(warmUp * Math.max(1, share), seconds);
  }
}
