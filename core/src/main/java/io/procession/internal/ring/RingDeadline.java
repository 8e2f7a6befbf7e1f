package io.procession.internal.ring;

import io.procession.internal.arena.Waiting;

/// Until when an operation on a ring waits: a time of [System#nanoTime()], or one of two values that
/// ask for no clock.
public final class RingDeadline {
  /// For who waits as long as it takes.
  public static final long FOREVER = Long.MIN_VALUE;

  /// For who does not wait.
  public static final long NOW = Long.MIN_VALUE + 1;

  private RingDeadline() {}

  /// The time that is `nanos` from now; less than 0 counts as 0.
  public static long after(long nanos) {
    return Waiting.deadline(nanos);
  }

  static boolean hasPassed(long deadline) {
    return deadline == NOW || (deadline != FOREVER && deadline - System.nanoTime() <= 0);
  }

  /// The same for [Waiting], which always looks at the clock.
  static long ofClock(long deadline) {
    return deadline == FOREVER ? Waiting.forever() : deadline;
  }
}
