package io.procession.benchmarks.measure;

import java.util.concurrent.locks.Lock;

/// Acquires and releases a lock, which is what the lock rows count.
public final class LockPairs {
  private static final int BETWEEN_CLOCKS = 100;

  private LockPairs() {}

  /// That many pairs.
  @SuppressWarnings("LockNotBeforeTry") // nothing between the two could throw
  public static void run(Lock lock, long pairs) {
    for (long i = 0; i < pairs; i++) {
      lock.lock();
      lock.unlock();
    }
  }

  /// Pairs a second of this thread, over that many seconds.
  public static double rate(Lock lock, double seconds) {
    long asked = (long) (seconds * 1e9);
    long start = System.nanoTime();
    long pairs = 0;
    long spent = 0;
    while (spent < asked) {
      run(lock, BETWEEN_CLOCKS);
      pairs += BETWEEN_CLOCKS;
      spent = System.nanoTime() - start;
    }
    return pairs * 1e9 / spent;
  }
}
