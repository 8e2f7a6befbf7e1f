package io.procession.pool;

import io.procession.internal.check.Require;
import io.procession.internal.posix.Interruption;
import io.procession.internal.posix.Until;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.RunnableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// A pool as an [ExecutorService][java.util.concurrent.ExecutorService].
final class PoolExecutor extends AbstractExecutorService {
  private final ProcessPool pool;
  private final Ending ending;

  PoolExecutor(ProcessPool pool, Ending ending) {
    this.pool = pool;
    this.ending = ending;
  }

  @Override
  protected <T extends @Nullable Object> RunnableFuture<T> newTaskFor(Callable<T> task) {
    return ExecutorTask.of(task, () -> {});
  }

  @Override
  protected <T extends @Nullable Object> RunnableFuture<T> newTaskFor(Runnable task, T value) {
    return ExecutorTask.of(task, value);
  }

  /// What a task throws that nobody asks for goes where it would go if a thread here had run it.
  @Override
  public void execute(Runnable command) {
    Require.notNull("command", command);
    ExecutorTask<?> task = command instanceof ExecutorTask<?> own ? own : null;
    if (task != null && !task.wasSubmitted()) {
      submit(task);
      return;
    }
    AsyncResult<?> result;
    try {
      // one that some pool's shutdownNow has returned is an action like others
      result = pool.applyFor(command, task == null ? ExecutorTask.sendable(command) : task.sent());
    } catch (IllegalStateException e) {
      throw rejected(e);
    }
    var _ =
        result.whenComplete((_, failure) -> {
          if (failure != null && !(failure instanceof CancellationException)) {
            Thread current = Thread.currentThread();
            current.getUncaughtExceptionHandler().uncaughtException(current, failure);
          }
        });
  }

  private void submit(ExecutorTask<?> task) {
    try {
      task.submitTo(pool::applyFor);
    } catch (IllegalStateException e) {
      throw rejected(e);
    }
  }

  private RuntimeException rejected(IllegalStateException e) {
    return ending.isShutdown() ? new RejectedExecutionException(e.getMessage(), e) : e;
  }

  @Override
  public <T extends @Nullable Object> T invokeAny(Collection<? extends Callable<T>> tasks)
      throws InterruptedException, ExecutionException {
    try {
      return invokeAny(tasks, Until.FOREVER);
    } catch (TimeoutException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public <T extends @Nullable Object> T invokeAny(
      Collection<? extends Callable<T>> tasks, long timeout, TimeUnit unit)
      throws InterruptedException, ExecutionException, TimeoutException {
    return invokeAny(tasks, Until.after(unit.toNanos(timeout)));
  }

  private <T extends @Nullable Object> T invokeAny(
      Collection<? extends Callable<T>> tasks, long deadline)
      throws InterruptedException, ExecutionException, TimeoutException {
    if (tasks.isEmpty()) {
      throw new IllegalArgumentException(
          "there must be a task to invoke: tasks=[]; give one or more");
    }
    BlockingQueue<Integer> done = new LinkedBlockingQueue<>();
    List<ExecutorTask<T>> submitted = new ArrayList<>();
    try {
      for (Callable<T> task : tasks) {
        int index = submitted.size();
        ExecutorTask<T> next = ExecutorTask.of(task, () -> done.add(index));
        submitted.add(next);
        submit(next);
      }
      ExecutionException last = null;
      for (int left = submitted.size(); left > 0; left--) {
        Future<T> first = submitted.get(firstOf(done, deadline));
        try {
          return first.get();
        } catch (ExecutionException e) {
          last = e;
        } catch (CancellationException e) {
          last = new ExecutionException(e);
        }
      }
      throw Objects.requireNonNull(last);
    } finally {
      for (ExecutorTask<T> task : submitted) {
        task.cancel(true);
      }
    }
  }

  private static int firstOf(BlockingQueue<Integer> done, long deadline)
      throws InterruptedException, TimeoutException {
    Integer first = Interruption.take(done, deadline);
    if (first == null) {
      throw new TimeoutException("none of the tasks is done");
    }
    return first;
  }

  @Override
  public void shutdown() {
    ending.shutdown();
  }

  @Override
  public List<Runnable> shutdownNow() {
    return Ending.origins(ending.shutdownNow());
  }

  @Override
  public boolean isShutdown() {
    return ending.isShutdown();
  }

  @Override
  public boolean isTerminated() {
    return ending.isTerminated();
  }

  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
    return ending.await(Until.after(unit.toNanos(timeout)));
  }

  /// As the pool's own, which waits for callbacks, too.
  @Override
  public void close() {
    pool.close();
  }

  /// The pool it is a view of.
  @Override
  public String toString() {
    return "ExecutorService of " + pool;
  }
}
