package io.procession.pool;

import java.time.Duration;
import java.util.List;

/// How a pool is at a moment, and what it has done since it was opened.
///
/// A task here is what is sent to a worker at once: a call, or a chunk of a map. All counts are of one
/// moment, and each task is in one of them:
/// `submitted = finished + failed + cancelled + pending + running`. Every sixteenth task is
/// timed, from its submission until its last result has been received; percentiles are exact to an eighth.
///
/// A release may add components: read them by their accessors, not by patterns.
///
/// @param age how long ago it was opened
/// @param submitted tasks that it was given
/// @param finished tasks that are done. A chunk of an `imap` is, even if elements of it failed, but for
///     one of a single element that failed
/// @param failed tasks that are not done and will not be: they threw, their worker died, they could not be sent
/// @param cancelled tasks that were cancelled, or given up because another chunk of their map failed, or
///     because the pool was terminated
/// @param pending tasks that no worker has begun, as far as the pool has heard
/// @param running tasks that workers are at, at most one each
/// @param retried how often a task was put back because its worker died, or had too little memory
/// @param workersStarted workers that were started
/// @param workersDied workers that died, those not that were ended with the pool
/// @param workersRecycled workers that made room for others
/// @param median half of the tasks take no longer; zero if none was timed
/// @param ninetyNinth 99 of 100 tasks take no longer; zero if none was timed
/// @param workers the workers that live
public record PoolStats(
    Duration age,
    long submitted,
    long finished,
    long failed,
    long cancelled,
    long pending,
    long running,
    long retried,
    long workersStarted,
    long workersDied,
    long workersRecycled,
    Duration median,
    Duration ninetyNinth,
    List<WorkerStats> workers) {

  /// Copies the list.
  public PoolStats {
    workers = List.copyOf(workers);
  }

  /// A worker at a moment.
  ///
  /// @param name its name
  /// @param pid its process id
  /// @param tasks how many tasks it has answered
  /// @param running how many it has now: the one it is at, and those that lie before it
  /// @param memory how many bytes of memory it has of its own; -1 if the system does not tell
  public record WorkerStats(String name, long pid, long tasks, int running, long memory) {}

  /// Tasks done in a second, well or not, since the pool was opened.
  ///
  /// @return the rate
  public double rate() {
    long nanos = Math.max(1, age.toNanos());
    return (finished + failed) * 1e9 / nanos;
  }
}
