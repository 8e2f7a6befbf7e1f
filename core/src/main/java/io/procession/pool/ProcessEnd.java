package io.procession.pool;

import java.util.concurrent.locks.LockSupport;

/// Whether this process has begun to end: then dying workers are no reason to start others.
final class ProcessEnd {
  private static final String OURS = "procession-";
  private static final long LONGEST_NANOS = 5_000_000_000L;

  private static volatile boolean hasBegun;

  static {
    try {
      Runtime.getRuntime().addShutdownHook(new Thread(ProcessEnd::note, "procession-pool-end"));
    } catch (IllegalStateException e) {
      note(); // a hook is the first to ask
    }
  }

  private ProcessEnd() {}

  /// Must be called once before the end, so that it is noticed.
  static boolean hasBegun() {
    return hasBegun;
  }

  /// Lets a thread that is about to hear that a worker has died wait for the end of this process, if
  /// that has begun: the workers are ended then, and there is nothing to be done about it. Not for ever,
  /// since the thread may be a hook that the end waits for.
  static void awaitIfBegun() {
    if (!hasBegun || Thread.currentThread().getName().startsWith(OURS)) {
      return;
    }
    long deadline = System.nanoTime() + LONGEST_NANOS;
    long left = LONGEST_NANOS;
    while (left > 0) {
      LockSupport.parkNanos(left);
      if (Thread.currentThread().isInterrupted()) {
        return;
      }
      left = deadline - System.nanoTime();
    }
  }

  private static void note() {
    hasBegun = true;
  }
}
