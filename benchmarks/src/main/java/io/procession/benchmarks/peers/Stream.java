package io.procession.benchmarks.peers;

import io.procession.benchmarks.measure.Effort;
import io.procession.benchmarks.measure.WarmUp;

/// Measures the rate of messages that another JVM sends without end.
final class Stream {
  /// The size of a small message in bytes.
  static final int MESSAGE = 256;

  private static final long SLICE = 100_000;

  private Stream() {}

  /// Takes what is there and says how many messages that were.
  @FunctionalInterface
  interface Taking {
    long take() throws Exception;
  }

  /// Messages a second, after the warm-up, which starts with the first message.
  static double rate(Effort effort, SecondJvm sender, Taking taking) throws Exception {
    while (taking.take() == 0) {
      sender.check();
      Thread.onSpinWait();
    }
    int _ = WarmUp.run(effort.warmUp(), seconds -> over(seconds, sender, taking));
    return over(effort.seconds(), sender, taking);
  }

  private static double over(double seconds, SecondJvm sender, Taking taking) throws Exception {
    long start = System.nanoTime();
    long asked = (long) (seconds * 1e9);
    long total = 0;
    long spent = 0;
    while (spent < asked) {
      total += slice(taking, start + asked);
      sender.check();
      spent = System.nanoTime() - start;
    }
    return total * 1e9 / spent;
  }

  private static long slice(Taking taking, long end) throws Exception {
    long taken = 0;
    while (taken < SLICE) {
      long now = taking.take();
      taken += now;
      if (now == 0) {
        if (System.nanoTime() - end > 0) {
          break;
        }
        Thread.onSpinWait();
      }
    }
    return taken;
  }
}
