package io.procession.benchmarks.measure;

/// Measures a rate by rounds of work, doubled until one takes a fifth of the time asked for.
public final class Rounds {
  private static final long FIRST = 1_000;

  private final long largest;
  private final Round round;
  private long size;

  /// A number of units of work, done one after the other.
  @FunctionalInterface
  public interface Round {
    void run(long size) throws Exception;
  }

  private Rounds(long largest, Round round) {
    this.largest = largest;
    this.round = round;
    this.size = Math.min(FIRST, largest);
  }

  /// Units of work a second, after the warm-up; no round is larger than `largest`.
  public static double rate(Effort effort, long largest, Round round) throws Exception {
    var rounds = new Rounds(largest, round);
    rounds.over(effort.warmUp());
    return rounds.over(effort.seconds());
  }

  /// Units of work a second, after the warm-up.
  public static double rate(Effort effort, Round round) throws Exception {
    return rate(effort, Long.MAX_VALUE / 2, round);
  }

  private double over(double seconds) throws Exception {
    long asked = (long) (seconds * 1e9);
    long done = 0;
    long spent = 0;
    while (spent < asked) {
      long start = System.nanoTime();
      round.run(size);
      long took = System.nanoTime() - start;
      done += size;
      spent += took;
      if (took < asked / 5) {
        size = Math.min(size * 2, largest);
      }
    }
    return done * 1e9 / spent;
  }
}
