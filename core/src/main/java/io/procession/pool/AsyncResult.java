package io.procession.pool;

import io.procession.internal.posix.Interruption;
import io.procession.serial.ByteSink;
import io.procession.serial.Codec;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// The future of a task of a pool.
///
/// A task that fails completes it with a [TaskException]; one that its pool did not do because it
/// was terminated, with a [CancellationException][java.util.concurrent.CancellationException]. What
/// depends on it runs in a virtual thread, or in a thread that waits for it, never in one by which
/// the pool talks to its workers.
///
/// @param <R> the type of the result
public final class AsyncResult<R extends @Nullable Object> extends CompletableFuture<R> {
  private final Dispatcher dispatcher;
  private final Codec codec;
  private final SubmitJob job;

  /// Threads that wait for this and perhaps read a worker's results meanwhile, and which worker's.
  private final AtomicInteger helpers = new AtomicInteger();

  private volatile @Nullable Desk helped;
  private volatile boolean isWatched;

  AsyncResult(Dispatcher dispatcher, Codec codec, long id, ByteSink message) {
    this.dispatcher = dispatcher;
    this.codec = codec;
    this.job = new SubmitJob(id, message, this);
  }

  SubmitJob job() {
    return job;
  }

  /// True once there is a result, or it is certain that there will be none.
  ///
  /// @return whether it is done, as [#isDone] says
  public boolean ready() {
    return isDone();
  }

  /// True if the task has returned a result.
  ///
  /// @return whether there is one
  /// @throws IllegalStateException if it is not [#ready]
  public boolean successful() {
    if (!isDone()) {
      throw new IllegalStateException("not ready: whether the task succeeds is not known yet");
    }
    return !isCompletedExceptionally();
  }

  /// Cancels the task. One that no worker has begun is taken back and will never run. One that is
  /// running runs to its end, and its result goes nowhere.
  ///
  /// @param mayInterruptIfRunning makes no difference yet
  /// @return whether it is cancelled now
  @Override
  public boolean cancel(boolean mayInterruptIfRunning) {
    if (!isDone()) {
      dispatcher.cancel(job);
    }
    return super.cancel(mayInterruptIfRunning);
  }

  /// Waits for the result.
  ///
  /// @return the result
  /// @throws ExecutionException if the task failed: its cause is a [TaskException]
  @Override
  public R get() throws InterruptedException, ExecutionException {
    help(Long.MAX_VALUE);
    try {
      return super.get();
    } catch (InterruptedException e) {
      throw Interruption.thrown(e);
    }
  }

  /// Waits for the result, but not longer than a limit.
  ///
  /// @return the result
  /// @throws ExecutionException if the task failed: its cause is a [TaskException]
  @Override
  public R get(long timeout, TimeUnit unit)
      throws InterruptedException, ExecutionException, TimeoutException {
    long start = System.nanoTime();
    long nanos = unit.toNanos(timeout);
    help(nanos);
    long left = nanos - (System.nanoTime() - start);
    try {
      return super.get(left, TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      throw Interruption.thrown(e);
    }
  }

  /// Waits for the result. An interrupt is kept for later.
  ///
  /// @return the result
  /// @throws java.util.concurrent.CompletionException if the task failed: its cause is a
  ///     [TaskException]
  @Override
  public R join() {
    try {
      help(Long.MAX_VALUE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return super.join();
  }

  /// Completes it with what came back.
  void settle(Answer answer) {
    if (isDone()) {
      return;
    }
    R value;
    try {
      value = ProcessPool.cast(answer.value(codec));
    } catch (Throwable t) {
      completeExceptionally(t);
      return;
    }
    complete(value);
  }

  private void help(long nanos) throws InterruptedException {
    Desk desk = isDone() || Thread.currentThread().isVirtual() ? null : job.desk();
    if (desk == null) {
      return;
    }
    helpers.incrementAndGet();
    helped = desk;
    try {
      if (!isWatched) {
        isWatched = true;
        var _ = whenComplete((value, failure) -> endHelp());
      }
      long most = Math.min(Math.max(nanos, 0), Long.MAX_VALUE >> 1);
      desk.courier.help(job, System.nanoTime() + most);
    } finally {
      helpers.decrementAndGet();
      job.deliverNoted();
    }
  }

  /// This may be completed by others than the pool: cancelled, or by a time limit.
  private void endHelp() {
    Desk desk = helped;
    if (desk != null && helpers.get() > 0) {
      desk.courier.nudge();
    }
  }
}
