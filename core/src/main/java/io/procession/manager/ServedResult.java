package io.procession.manager;

import io.procession.internal.posix.Until;
import io.procession.pool.AsyncResult;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// What becomes a result, at the server.
///
/// @param pool keeps the pool alive as long as a caller waits for one of its results
record ServedResult<R extends @Nullable Object>(ServedPool pool, AsyncResult<R> result)
    implements ManagedResult<R> {

  @Override
  public R get() throws InterruptedException {
    try {
      return result.get();
    } catch (ExecutionException e) {
      throw thrown(e);
    }
  }

  @Override
  public R get(Duration limit) throws InterruptedException, TimeoutException {
    try {
      return result.get(nanos(limit), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      throw thrown(e);
    }
  }

  private static long nanos(Duration limit) {
    return Until.nanosLeft(Until.after(limit));
  }

  /// What the task's failure is to who asks for its result.
  private static RuntimeException thrown(ExecutionException e) {
    return switch (e.getCause()) {
      case RuntimeException cause -> cause;
      case Error cause -> throw cause;
      case null, default -> new IllegalStateException(e);
    };
  }

  @Override
  public boolean await(Duration limit) throws InterruptedException {
    try {
      get(limit);
    } catch (TimeoutException e) {
      return false;
    } catch (RuntimeException e) {
      // the task's: that it is done is what matters
    }
    return true;
  }

  /// Waits for the result, and stops the task if nobody will have it.
  R awaitOrStop() throws InterruptedException {
    boolean done = false;
    try {
      R value = get();
      done = true;
      return value;
    } finally {
      if (!done) {
        result.cancel(true);
      }
    }
  }

  @Override
  public boolean ready() {
    return result.ready();
  }

  @Override
  public boolean successful() {
    return result.successful();
  }

  @Override
  public boolean cancel() {
    return result.cancel(true);
  }

  @Override
  public String toString() {
    String state = !result.isDone() ? "running" : result.successful() ? "done" : "failed";
    return "ManagedResult[" + state + ", " + pool + "]";
  }
}
