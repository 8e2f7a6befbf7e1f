package io.procession.connection;

import io.procession.internal.ring.RingDeadline;
import java.time.Duration;

/// Until when an operation waits: a time of [System#nanoTime()], or one of two values that ask for no
/// clock. The same numbers as a ring's.
final class Deadline {
  /// For who waits as long as it takes.
  static final long FOREVER = RingDeadline.FOREVER;

  /// For who does not wait.
  static final long NOW = RingDeadline.NOW;

  private static final long MOST_NANOS = Long.MAX_VALUE >> 1;

  private Deadline() {}

  /// The time that is so far from now; a negative duration counts as none.
  static long after(Duration timeout) {
    boolean isLong = timeout.compareTo(Duration.ofNanos(MOST_NANOS)) > 0;
    return System.nanoTime() + (isLong ? MOST_NANOS : Math.max(0, timeout.toNanos()));
  }

  static boolean hasPassed(long deadline) {
    return nanosLeft(deadline) == 0;
  }

  /// Nanoseconds until a deadline, 0 if it has passed, [Long#MAX_VALUE] for ever.
  static long nanosLeft(long deadline) {
    if (deadline == FOREVER) {
      return Long.MAX_VALUE;
    }
    return deadline == NOW ? 0 : Math.max(0, deadline - System.nanoTime());
  }
}
