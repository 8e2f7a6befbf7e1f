package io.procession.manager;

import io.procession.pool.AsyncResult;
import io.procession.pool.TaskResult;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// What becomes a result, at the server.
///
/// @param pool keeps the pool alive as long as a caller waits for one of its results
record ServedResult<R extends @Nullable Object>(ServedPool pool, AsyncResult<R> result)
    implements TaskResult<R> {

  @Override
  public R get() throws InterruptedException, ExecutionException {
    return result.get();
  }

  @Override
  public R get(long time, TimeUnit unit)
      throws InterruptedException, ExecutionException, TimeoutException {
    return result.get(time, unit);
  }

  /// Waits for the result, and stops the task if nobody will have it.
  R awaitOrStop() throws InterruptedException {
    boolean done = false;
    try {
      R value = result.get();
      done = true;
      return value;
    } catch (ExecutionException e) {
      throw switch (e.getCause()) {
        case RuntimeException cause -> cause;
        case Error cause -> throw cause;
        case null, default -> new IllegalStateException(e);
      };
    } finally {
      if (!done) {
        boolean _ = result.cancel(true);
      }
    }
  }

  @Override
  public boolean isDone() {
    return result.isDone();
  }

  @Override
  public boolean isCancelled() {
    return result.isCancelled();
  }

  @Override
  public boolean successful() {
    return result.successful();
  }

  @Override
  public boolean cancel(boolean mayInterruptIfRunning) {
    return result.cancel(mayInterruptIfRunning);
  }

  @Override
  public String toString() {
    String state = !result.isDone() ? "running" : result.successful() ? "done" : "failed";
    return "TaskResult[" + state + ", " + pool + "]";
  }
}
