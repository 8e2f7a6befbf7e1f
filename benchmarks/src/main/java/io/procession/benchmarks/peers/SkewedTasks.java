package io.procession.benchmarks.peers;

import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/// Tasks of very different lengths: a few take most of the time.
public final class SkewedTasks {
  private static final int TASKS = 5_000;
  private static final double SHORTEST_MICROS = 2;
  private static final double LONGEST_MICROS = 10_000;
  private static final double EXPONENT = -1 / 0.7;

  /// Of this work a processor of today does so much in a microsecond.
  private static final int STEPS_OF_MICRO = 500;

  private SkewedTasks() {}

  /// How long they are, in microseconds: a Pareto distribution, the same each time.
  public static List<Integer> lengths() {
    Random random = new Random(1);
    return Stream.generate(() -> length(random.nextDouble())).limit(TASKS).toList();
  }

  private static int length(double chance) {
    return (int) Math.min(SHORTEST_MICROS * Math.pow(1 - chance, EXPONENT), LONGEST_MICROS);
  }

  /// Keeps a processor busy with a fixed amount of work: a task that waits for the clock would be as quick
  /// on a busy machine.
  public static int work(int micros) {
    long value = micros;
    for (int i = 0; i < micros * STEPS_OF_MICRO; i++) {
      value ^= value << 13;
      value ^= value >>> 7;
      value ^= value << 17;
    }
    return (int) value;
  }
}
