package io.procession.pool;

/// Hears what happens in a pool. All methods do nothing unless they are overridden.
///
/// ```java
/// var options = PoolOptions.defaults().withListener(new PoolListener() {
///   @Override
///   public void workerDied(WorkerEvent event) {
///     alert(event.certificate());
///   }
/// });
/// ```
///
/// They are called one after the other, in the order in which things happened, by a thread that has
/// nothing else to do: a listener that takes its time delays those that follow, and no task. When it is
/// far behind (65,536 events), it is not told of everything any more; a warning says so. What it throws is
/// logged once, and otherwise ignored. When `close` of the pool returns, all has been told; but it
/// waits no longer than ten seconds for that, `terminate` a second.
///
/// A task here is what is sent to a worker at once: a call, or a chunk of a map.
public interface PoolListener {
  /// A task was given to the pool.
  ///
  /// @param event the task; no worker yet
  default void taskSubmitted(TaskEvent event) {}

  /// A task is the next of its worker, which begins it now, as far as the pool can see.
  ///
  /// @param event the task and its worker
  default void taskStarted(TaskEvent event) {}

  /// A task has told how far it is: [Task#progress(double, String)].
  ///
  /// @param event the task, its worker and what it told
  default void taskProgressed(TaskEvent event) {}

  /// A task is done: its results are there, or some of them and the failures of the others.
  ///
  /// @param event the task and its worker
  default void taskFinished(TaskEvent event) {}

  /// A task, or an element of a chunk, has failed: it threw, its worker died, it was cancelled, or the pool
  /// ended.
  ///
  /// @param event the task, its worker if it had one, and the certificate if that died
  default void taskFailed(TaskEvent event) {}

  /// A task is to be run again, since its worker died, or in a larger worker, since it ran out of memory.
  ///
  /// @param event the task, the worker that had it, and its certificate if it died
  default void taskRetried(TaskEvent event) {}

  /// A worker was started.
  ///
  /// @param event the worker
  default void workerStarted(WorkerEvent event) {}

  /// A worker has died: its task, the pool because of that, or somebody else has ended it. Another takes its
  /// place, unless the pool ends.
  ///
  /// @param event the worker and its certificate
  default void workerDied(WorkerEvent event) {}

  /// A worker has made room for another, in order: after its tasks, or because of its memory.
  ///
  /// @param event the worker and its certificate
  default void workerRecycled(WorkerEvent event) {}

  /// A worker has left, or was ended, since the pool ends.
  ///
  /// @param event the worker and its certificate
  default void workerLeft(WorkerEvent event) {}
}
