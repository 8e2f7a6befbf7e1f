package io.procession.benchmarks.measure;

import java.util.Arrays;

/// Measures how long single pieces of work take, and picks a percentile.
public final class Latencies {
  private static final double MEDIAN = 0.5;

  private long[] nanos = new long[1 << 16];
  private int count;

  /// Work that is timed.
  @FunctionalInterface
  public interface Timed<T> {
    T run() throws Exception;
  }

  /// What is done, outside the clock, with what the timed work made.
  @FunctionalInterface
  public interface Untimed<T> {
    void run(T made) throws Exception;
  }

  /// Work that is timed and makes nothing.
  @FunctionalInterface
  public interface Action {
    void run() throws Exception;
  }

  /// The percentile in nanoseconds of how long `timed` takes, called `atLeast` times or more.
  public static <T> double percentile(
      Effort effort, double fraction, int atLeast, Timed<T> timed, Untimed<? super T> untimed)
      throws Exception {
    int _ =
        WarmUp.run(
            effort.warmUp(),
            seconds -> {
              var step = new Latencies();
              step.over(seconds, 1, timed, untimed);
              return 1 / Math.max(1, step.percentile(MEDIAN));
            });
    var latencies = new Latencies();
    latencies.over(effort.seconds(), atLeast, timed, untimed);
    return latencies.percentile(fraction);
  }

  /// The percentile in nanoseconds of how long `action` takes, called `atLeast` times or more.
  public static double percentile(Effort effort, double fraction, int atLeast, Action action)
      throws Exception {
    return percentile(
        effort,
        fraction,
        atLeast,
        () -> {
          action.run();
          return "";
        },
        _ -> {});
  }

  private <T> void over(double seconds, int atLeast, Timed<T> timed, Untimed<? super T> untimed)
      throws Exception {
    long end = System.nanoTime() + (long) (seconds * 1e9);
    while (count < atLeast || System.nanoTime() - end < 0) {
      long start = System.nanoTime();
      T made = timed.run();
      add(System.nanoTime() - start);
      untimed.run(made);
    }
  }

  private void add(long taken) {
    if (count == nanos.length) {
      nanos = Arrays.copyOf(nanos, count * 2);
    }
    nanos[count++] = taken;
  }

  private double percentile(double fraction) {
    long[] ordered = Arrays.copyOf(nanos, count);
    Arrays.sort(ordered);
    return ordered[Math.min(count - 1, (int) (count * fraction))];
  }
}
