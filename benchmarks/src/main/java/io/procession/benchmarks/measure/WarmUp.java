package io.procession.benchmarks.measure;

/// A warm-up that lasts until it no longer pays: it is done in steps, and goes on past the time asked
/// for until two steps in a row were not clearly quicker than the best before them.
///
/// What has warmed up after the time asked for measures the same as it did; what has two JVMs' worth of
/// code to compile, on processors that it needs itself, gets what it needs.
public final class WarmUp {
  /// How many steps the time asked for has.
  private static final int STEPS = 2;

  /// The most steps, so that a figure that grows for ever comes to its end.
  private static final int MOST_STEPS = 6 * STEPS;

  /// By how much a step has to be better than the best before it for others to pay.
  private static final double CLEARLY = 1.1;

  /// So many steps in a row that were not: a single one may have been held up.
  private static final int IN_VAIN = 2;

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
    double best = 0;
    int inVain = 0;
    int done = 0;
    while (done < MOST_STEPS && inVain < IN_VAIN) {
      double now = step.run(seconds / STEPS);
      inVain = now < best * CLEARLY ? inVain + 1 : 0;
      best = Math.max(best, now);
      done++;
    }
    return done;
  }
}
