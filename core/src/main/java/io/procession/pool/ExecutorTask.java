package io.procession.pool;

import io.procession.internal.check.Require;
import io.procession.serial.NotSendableException;
import io.procession.serial.SerializableCallable;
import java.io.Serializable;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A task that was submitted to the executor view of a pool, and its future.
///
/// What the task throws is the cause of the future's `ExecutionException`, as with other executors,
/// with the worker's stack.
final class ExecutorTask<V extends @Nullable Object> extends FutureTask<V> {
  private final Callable<V> body;
  private final SerializableCallable<?> sent;
  private final Function<@Nullable Object, V> received;
  private final Runnable whenDone;
  private volatile @Nullable AsyncResult<?> result;
  private volatile boolean wasSubmitted;

  /// Whether who cancelled it has asked to stop it; written before it counts as cancelled.
  private volatile boolean isToStop;

  /// @param body the task, to be run here
  /// @param sent the task, to be run in a worker
  /// @param received what to make of a worker's result
  private ExecutorTask(
      Callable<V> body,
      SerializableCallable<?> sent,
      Function<@Nullable Object, V> received,
      Runnable whenDone) {
    super(body);
    this.body = body;
    this.sent = sent;
    this.received = received;
    this.whenDone = whenDone;
  }

  static <V extends @Nullable Object> ExecutorTask<V> of(Callable<V> task, Runnable whenDone) {
    Require.notNull("task", task);
    return new ExecutorTask<>(task, sendable(task), ProcessPool::cast, whenDone);
  }

  /// @param value the result, which never leaves this process
  static <V extends @Nullable Object> ExecutorTask<V> of(Runnable task, V value) {
    Require.notNull("task", task);
    Callable<V> body = Executors.callable(task, value);
    return new ExecutorTask<>(body, sendable(task), _ -> value, () -> {});
  }

  /// The task as it can be sent. Whether a lambda can be is decided where it was written.
  ///
  /// @param task a callable or a runnable
  /// @throws NotSendableException if it cannot
  static SerializableCallable<?> sendable(Object task) {
    if (task instanceof SerializableCallable<?> callable) {
      return callable;
    }
    if (!(task instanceof Serializable)) {
      throw new NotSendableException(
          "a task of type Callable or Runnable is not serializable: class="
              + task.getClass().getName()
              + "; write (Callable<T> & Serializable) () -> ..., or (Runnable & Serializable), or"
              + " declare it as SerializableCallable or SerializableRunnable, or call applyAsync of"
              + " the pool, which asks for one");
    }
    if (task instanceof CompletableFuture.AsynchronousCompletionTask) {
      throw new NotSendableException(
          "a stage of a CompletableFuture cannot leave its process: class="
              + task.getClass().getName()
              + "; call applyAsync of the pool: its result is a CompletableFuture");
    }
    if (task instanceof Callable<?> callable) {
      return callable::call;
    }
    Runnable runnable = (Runnable) task;
    return () -> {
      runnable.run();
      return null;
    };
  }

  /// Whether a pool has had it: then it is a mere action, whose future is done.
  boolean wasSubmitted() {
    return wasSubmitted;
  }

  /// The task as it is sent.
  SerializableCallable<?> sent() {
    return sent;
  }

  /// Gives it to the workers, unless it is cancelled.
  ///
  /// @param pool makes a result of the origin and the task
  void submitTo(
      BiFunction<? super Runnable, ? super SerializableCallable<?>, ? extends AsyncResult<?>>
          pool) {
    wasSubmitted = true;
    if (isDone()) {
      return;
    }
    AsyncResult<?> submitted = pool.apply(this, sent);
    result = submitted;
    if (isCancelled()) {
      submitted.cancel(isToStop); // meanwhile, by another thread that has found no result to cancel
    }
  }

  /// Its result has come, or why there is none.
  void settle(@Nullable Object value, @Nullable Throwable failure) {
    if (failure == null) {
      set(received.apply(value));
    } else if (failure instanceof CancellationException) {
      super.cancel(false);
    } else {
      setException(causeOf(failure));
    }
  }

  /// What the task itself has thrown, or why its worker died.
  static Throwable causeOf(Throwable failure) {
    Throwable cause = failure instanceof TaskException ? failure.getCause() : null;
    return cause == null ? failure : cause;
  }

  @Override
  public boolean cancel(boolean mayInterruptIfRunning) {
    if (mayInterruptIfRunning && !isDone()) {
      isToStop = true;
    }
    boolean isCancelled = super.cancel(false); // no thread of this process runs it
    AsyncResult<?> submitted = result;
    if (isCancelled && submitted != null) {
      submitted.cancel(mayInterruptIfRunning);
    }
    return isCancelled;
  }

  @Override
  protected void done() {
    whenDone.run();
  }

  /// For who got it from `shutdownNow`: runs the task in this thread. Its future stays cancelled.
  @Override
  public void run() {
    try {
      body.call();
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new CompletionException(e);
    }
  }
}
