package io.procession.pool;

import io.procession.internal.posix.Until;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// What becomes the result of a task of a [TaskPool], or of a whole map: Python's `AsyncResult`. Safe for
/// all threads; one of a manager's pool for all threads of all processes that have it.
///
/// `get` throws an [ExecutionException] whose cause is the [TaskException] of a task that failed, and a
/// [CancellationException] if it was cancelled, or its pool terminated.
///
/// @param <R> the type of the result
public interface TaskResult<R extends @Nullable Object> extends Future<R> {
  /// True once there is a result, or it is certain that there will be none.
  ///
  /// @return whether it is done, as [#isDone] says
  default boolean ready() {
    return isDone();
  }

  /// True if the task has returned a result.
  ///
  /// @return whether there is one
  /// @throws IllegalStateException if it is not [#ready]
  boolean successful();

  /// Waits until the task is done in any way, but not longer than a limit: Python's `wait`.
  ///
  /// @param limit how long to wait; not at all if it is not positive
  /// @return whether it is done
  /// @throws InterruptedException if the thread is interrupted; the task goes on
  default boolean await(Duration limit) throws InterruptedException {
    try {
      R _ = get(Until.nanos(limit), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException | CancellationException e) {
      // that it is done is what matters
    }
    return true;
  }

  /// Cancels the task. One that no worker has begun is taken back and will never run. One that is
  /// running runs to its end, and its result goes nowhere; or it is really stopped, if that is asked for:
  /// its thread is interrupted, and if it has not ended after [PoolOptions#grace], its worker is killed and
  /// replaced. No other task is hit. Does not wait for that. Of a map, the chunks are taken back that
  /// no worker has begun, and those that run are treated as a task is.
  ///
  /// @param mayInterruptIfRunning whether to stop it if it runs
  /// @return whether it is cancelled now
  @Override
  boolean cancel(boolean mayInterruptIfRunning);
}
