package io.procession.pool;

import io.procession.internal.posix.Until;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// How a pool treats a task: what the task's options and the pool's come to.
///
/// @param name its name, null if it has none
/// @param soft after how many nanoseconds it is interrupted
/// @param hard after how many its worker is killed
/// @param isExtended whether both begin anew with each progress
/// @param retries how often it may run again
/// @param quarantine after how many deaths it does not, all the same
/// @param mayGrow whether it is tried again in a larger worker when it has run out of memory
record Terms(
    @Nullable String name,
    long soft,
    long hard,
    boolean isExtended,
    int retries,
    int quarantine,
    boolean mayGrow) {
  /// No such limit.
  static final long NEVER = Long.MAX_VALUE;

  private static final long LEAST_INTERVAL = 1_000_000;
  private static final long LONGEST_INTERVAL = 50_000_000;
  private static final int LOOKS = 8;

  /// What holds where neither task nor pool says anything else.
  static Terms of(int retries) {
    return new Terms(null, NEVER, NEVER, false, retries, Integer.MAX_VALUE, false);
  }

  static Terms of(PoolOptions pool, TaskOptions task) {
    TaskOptions other = pool.task();
    Duration soft = task.deadline() != null ? task.deadline() : other.deadline();
    Duration hard = task.hardDeadline() != null ? task.hardDeadline() : other.hardDeadline();
    Boolean extended =
        task.extendedByProgress() != null ? task.extendedByProgress() : other.extendedByProgress();
    Integer retries = task.retries() != null ? task.retries() : other.retries();
    return new Terms(
        task.name(),
        nanos(soft),
        hard == null && soft != null ? sum(nanos(soft), nanos(pool.grace())) : nanos(hard),
        extended != null && extended,
        retries == null ? pool.retries() : retries,
        pool.quarantine() == 0 ? Integer.MAX_VALUE : pool.quarantine(),
        pool.largerHeap() > 0);
  }

  private static long nanos(@Nullable Duration limit) {
    return limit == null ? NEVER : Until.nanos(limit);
  }

  /// Of two times that are not negative; a long one is for ever.
  private static long sum(long one, long other) {
    return one >= NEVER - other ? NEVER : one + other;
  }

  /// Whether somebody has to look how long it takes.
  boolean isTimed() {
    return soft != NEVER || hard != NEVER;
  }

  /// How often to look.
  long interval() {
    return Math.clamp(Math.min(soft, hard) / LOOKS, LEAST_INTERVAL, LONGEST_INTERVAL);
  }
}
