package io.procession.benchmarks.measure;

/// A warm-up that lasts until it no longer pays: it is done in steps, and goes on past the time asked
/// for while a step is clearly quicker than the one before.
///
/// What has warmed up after the time asked for measures the same as it did; what has two JVMs' worth of
/// code to compile, on processors that it needs itself, gets what it needs.
public final class WarmUp {
  /// How many steps the time asked for has.
  private static final int STEPS = 2;

  /// The most steps, so that a figure that grows for ever comes to its end.
  private static final int MOST_STEPS = 6 * STEPS;

  /// By how much a step has to be better than the one before for another one to pay.
  private static final double CLEARLY = 1.1;

  private WarmUp() {}

  /// A part of the warm-up.
  @FunctionalInterface
  public interface Step {
    /// Works for that many seconds and tells how quick it was: the higher, the quicker.
    double run(double seconds) throws Exception;
  }

  /// Warms up.
  ///
  /// @return how many steps were done
  public static int run(double seconds, Step step) throws Exception {
    double before = step.run(seconds / STEPS);
    for (int done = 1; done < MOST_STEPS; done++) {
      double now = step.run(seconds / STEPS);
      if (done + 1 >= STEPS && now < before * CLEARLY) {
        return done + 1;
      }
      before = now;
    }
    return MOST_STEPS;
  }
}
