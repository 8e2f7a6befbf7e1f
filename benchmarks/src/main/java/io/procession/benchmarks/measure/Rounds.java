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
    return new Rounds(largest, round).rate(effort);
  }

  /// Units of work a second, after the warm-up.
  public static double rate(Effort effort, Round round) throws Exception {
    return rate(effort, Long.MAX_VALUE / 2, round);
  }

  /// Units of work a second, after the warm-up; each round is `first` units or that doubled, so that it
  /// can be divided among so many.
  public static double rateFrom(Effort effort, long first, Round round) throws Exception {
    var rounds = new Rounds(Long.MAX_VALUE / 2, round);
    rounds.size = first;
    return rounds.rate(effort);
  }

  private double rate(Effort effort) throws Exception {
    int _ = WarmUp.run(effort.warmUp(), this::over);
    return over(effort.seconds());
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
