package io.procession.internal.posix;

import java.time.Duration;

/// Until when a wait lasts: a time of [System#nanoTime()], or one of two values that ask for no clock.
public final class Until {
  /// For who waits as long as it takes.
  public static final long FOREVER = Long.MIN_VALUE;

  /// For who does not wait.
  public static final long NOW = Long.MIN_VALUE + 1;

  private static final long MOST_NANOS = Long.MAX_VALUE >> 1;

  private Until() {}

  /// The time that is so many nanoseconds from now; less than 0 counts as 0.
  public static long after(long nanos) {
    return System.nanoTime() + Math.clamp(nanos, 0, MOST_NANOS);
  }

  /// The time that is so far from now; a negative duration counts as none.
  public static long after(Duration limit) {
    return after(nanos(limit));
  }

  /// The nanoseconds of a duration; the most that a long can tell for one that has more, 0 for one as
  /// far below nothing.
  public static long nanos(Duration duration) {
    try {
      return duration.toNanos();
    } catch (ArithmeticException e) {
      return duration.isNegative() ? 0 : Long.MAX_VALUE;
    }
  }

  /// Whether there is no time left.
  public static boolean hasPassed(long deadline) {
    return nanosLeft(deadline) == 0;
  }

  /// Nanoseconds until a deadline, 0 if it has passed, [Long#MAX_VALUE] for ever.
  public static long nanosLeft(long deadline) {
    if (deadline == FOREVER) {
      return Long.MAX_VALUE;
    }
    return deadline == NOW ? 0 : Math.max(0, deadline - System.nanoTime());
  }

  /// The end of the first of so many equal parts of the time that is left.
  public static long share(long deadline, int parts) {
    boolean isTimed = deadline != FOREVER && deadline != NOW;
    return isTimed ? after(nanosLeft(deadline) / parts) : deadline;
  }

  /// The same deadline for those who always look at the clock.
  public static long ofClock(long deadline) {
    return deadline == FOREVER ? after(MOST_NANOS) : deadline;
  }
}
