package io.procession.pool;

import java.util.Map;

/// A pool as a managed bean, for `jconsole` and its like: what [ProcessPool#stats] says, as
/// attributes, and [ProcessPool#dump]. A pool is one if [PoolOptions#withBean] says so.
public interface PoolMXBean {
  /// Tasks that it was given.
  ///
  /// @return the number since it was opened
  long getSubmitted();

  /// Tasks that are done.
  ///
  /// @return the number since it was opened
  long getFinished();

  /// Tasks that have failed.
  ///
  /// @return the number since it was opened
  long getFailed();

  /// Tasks that were cancelled, by their owner or because the pool was terminated.
  ///
  /// @return the number since it was opened
  long getCancelled();

  /// How often a task was put back to be run again.
  ///
  /// @return the number since it was opened
  long getRetried();

  /// Tasks that no worker has begun.
  ///
  /// @return the number now
  long getPending();

  /// Tasks that workers are at.
  ///
  /// @return the number now
  long getRunning();

  /// Workers that were started.
  ///
  /// @return the number since it was opened
  long getWorkersStarted();

  /// Workers that died.
  ///
  /// @return the number since it was opened
  long getWorkersDied();

  /// Workers that made room for others.
  ///
  /// @return the number since it was opened
  long getWorkersRecycled();

  /// Tasks done in a second.
  ///
  /// @return the rate since it was opened
  double getRate();

  /// What half of the tasks take at most.
  ///
  /// @return milliseconds, from submission to result
  double getMedianMillis();

  /// What 99 of 100 tasks take at most.
  ///
  /// @return milliseconds, from submission to result
  double getNinetyNinthMillis();

  /// The memory of each worker that lives.
  ///
  /// @return bytes by the worker's name; -1 if the system does not tell
  Map<String, Long> getWorkerMemory();

  /// How many tasks each worker that lives has answered.
  ///
  /// @return the number by the worker's name
  Map<String, Long> getWorkerTasks();

  /// What each worker is about: its task, its heap and its stacks.
  ///
  /// @return a text of many lines
  String dump();
}
