package io.procession.pool;

/// How often the object of an actor is made again, and after what pauses: each twice as long as the
/// one before.
final class Lives {
  /// No more.
  static final long NONE = -1;

  private static final long LONGEST_NANOS = 60_000_000_000L;

  // guarded by this
  private int left;
  private long pause;

  Lives(ActorOptions options) {
    this.left = options.restarts();
    this.pause = Math.min(options.backoff().toNanos(), LONGEST_NANOS);
  }

  /// Takes one.
  ///
  /// @return how many nanoseconds to wait before it begins, or [#NONE]
  synchronized long next() {
    if (left == 0) {
      return NONE;
    }
    left--;
    long now = pause;
    pause = Math.min(2 * pause, LONGEST_NANOS);
    return now;
  }
}
