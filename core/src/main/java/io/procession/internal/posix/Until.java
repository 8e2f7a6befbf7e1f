package io.procession.internal.posix;

/// Until when a wait lasts: a time of [System#nanoTime()], or one of two values that ask for no clock.
public final class Until {
  /// For who waits as long as it takes.
  public static final long FOREVER = Long.MIN_VALUE;

  /// For who does not wait.
  public static final long NOW = Long.MIN_VALUE + 1;

  private static final long MOST_NANOS = Long.MAX_VALUE >> 1;

  private Until() {}

  /// The time that is so many nanoseconds from now.
  public static long after(long nanos) {
    return System.nanoTime() + Math.min(Math.max(nanos, 0), MOST_NANOS);
  }

  /// Nanoseconds until a deadline, not positive if it has passed.
  static long left(long deadline) {
    if (deadline == FOREVER) {
      return MOST_NANOS;
    }
    return deadline == NOW ? 0 : deadline - System.nanoTime();
  }
}
