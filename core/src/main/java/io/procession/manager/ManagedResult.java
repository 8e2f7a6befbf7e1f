package io.procession.manager;

import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// What becomes the result of a task of a [ManagedPool]. Safe for all threads of all processes that have
/// it.
///
/// @param <R> the type of the result
public interface ManagedResult<R extends @Nullable Object> {

  /// Waits for the result.
  ///
  /// @return the result
  /// @throws InterruptedException if the thread is interrupted; the task goes on
  /// @throws io.procession.pool.TaskException if the task failed
  /// @throws java.util.concurrent.CancellationException if it was cancelled, or its pool terminated
  R get() throws InterruptedException;

  /// Waits for the result, but not longer than a limit.
  ///
  /// @param limit how long to wait
  /// @return the result
  /// @throws InterruptedException if the thread is interrupted; the task goes on
  /// @throws TimeoutException if there is none by then
  /// @throws io.procession.pool.TaskException if the task failed
  /// @throws java.util.concurrent.CancellationException if it was cancelled, or its pool terminated
  R get(Duration limit) throws InterruptedException, TimeoutException;

  /// Waits until the task is done in any way, but not longer than a limit.
  ///
  /// @param limit how long to wait
  /// @return whether it is done
  /// @throws InterruptedException if the thread is interrupted; the task goes on
  boolean await(Duration limit) throws InterruptedException;

  /// Whether there is a result, or will be none.
  ///
  /// @return whether
  boolean ready();

  /// Whether the task has returned a result.
  ///
  /// @return whether
  /// @throws IllegalStateException if it is not [#ready]
  boolean successful();

  /// Cancels the task: it is stopped if it runs.
  ///
  /// @return whether it is cancelled now
  boolean cancel();
}
