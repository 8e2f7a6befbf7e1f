package io.procession.pool;

import io.procession.internal.arena.ExitHooks;
import java.util.concurrent.locks.LockSupport;

/// The end of this process: dying workers are no reason to start others then, nor is anybody told of it.
final class ProcessEnd {
  private static final long LONGEST_NANOS = 5_000_000_000L;

  private ProcessEnd() {}

  /// Whether it has begun. It has before the first worker is ended for it.
  static boolean hasBegun() {
    return ExitHooks.areRun();
  }

  /// Lets a thread that is about to hear, or to tell, that a worker has died wait for the end of this process, if
  /// that has begun: the workers are ended then, and there is nothing to be done about it. Not for ever,
  /// since the end may wait for the thread, and not if it is a hook of ours, for which it does.
  static void awaitIfBegun() {
    if (!hasBegun() || Thread.currentThread().getName().startsWith(ExitHooks.EXIT)) {
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
}
