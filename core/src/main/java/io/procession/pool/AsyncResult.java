package io.procession.pool;

import io.procession.internal.check.Require;
import io.procession.internal.posix.Interruption;
import io.procession.internal.posix.Uninterrupted;
import io.procession.internal.posix.Until;
import io.procession.serial.ByteSink;
import io.procession.serial.Codec;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The future of a task of a pool, or of a whole map.
///
/// A task that fails completes it with a [TaskException]; one that its pool did not do because it
/// was terminated, with a [CancellationException][java.util.concurrent.CancellationException]. What
/// depends on it runs in a virtual thread, or in a thread that waits for it, never in one by which
/// the pool talks to its workers.
///
/// [#onSuccess] and [#onFailure] are Python's `callback` and `error_callback`. Unlike the stages of a
/// `CompletableFuture`, the callbacks of one pool run one at a time, so they need no lock among
/// themselves, and the pool's `close` waits for them. Nobody waits for a stage, which may itself close the pool:
///
/// ```java
/// List<Integer> results = new ArrayList<>();
/// try (var pool = ProcessPool.open()) {
///   for (int i = 0; i < 10; i++) {
///     pool.applyAsync(x -> x * x, i).onSuccess(results::add).onFailure(System.err::println);
///   }
/// }
/// System.out.println(results);
/// ```
///
/// @param <R> the type of the result
public final class AsyncResult<R extends @Nullable Object> extends CompletableFuture<R>
    implements TaskResult<R> {
  private static final long SHORTEST_LOOK_NANOS = 20_000;
  private static final long LONGEST_LOOK_NANOS = 2_000_000;

  private final CallbackLane lane;
  private final Callbacks<R> callbacks;

  /// The task, and who takes it back; null for a map.
  private final @Nullable SubmitJob job;

  private final @Nullable Dispatcher dispatcher;

  /// The thread that waits for a map; null for a task.
  private volatile @Nullable Thread mapper;

  /// What it waits for; null for a task.
  private @Nullable MapCall map;

  /// Threads that wait for this and perhaps read a worker's results meanwhile, and which worker's.
  private final AtomicInteger helpers = new AtomicInteger();

  private volatile @Nullable Desk helped;

  private volatile boolean isWatched;

  private AsyncResult(CallbackLane lane) {
    this.lane = lane;
    this.callbacks = new Callbacks<>(lane, this);
    this.dispatcher = null;
    this.job = null;
  }

  private AsyncResult(
      CallbackLane lane,
      Dispatcher dispatcher,
      Codec codec,
      long id,
      ByteSink message,
      @Nullable Runnable origin) {
    this.lane = lane;
    this.callbacks = new Callbacks<>(lane, this);
    this.dispatcher = dispatcher;
    this.job = new SubmitJob(id, message, this, codec, origin);
  }

  /// Gives a task to the workers.
  ///
  /// @param origin what the user has submitted to the executor view, null for others
  /// @param terms how the task is to be treated, null as all of the pool
  static <R extends @Nullable Object> AsyncResult<R> of(
      CallbackLane lane,
      Dispatcher dispatcher,
      Codec codec,
      long id,
      ByteSink message,
      @Nullable Runnable origin,
      @Nullable Terms terms) {
    AsyncResult<R> result = new AsyncResult<>(lane, dispatcher, codec, id, message, origin);
    SubmitJob job = Objects.requireNonNull(result.job);
    if (terms != null) {
      job.setTerms(terms);
    }
    dispatcher.submit(job, false);
    return result;
  }

  /// Has a virtual thread wait for results. If there can be none, the map is ended.
  ///
  /// @param map the map, which has begun
  /// @param results waits for its results, and ends when its thread is interrupted
  static <R extends @Nullable Object> AsyncResult<R> of(
      CallbackLane lane, MapCall map, Callable<R> results) {
    boolean isBegun = false;
    try {
      AsyncResult<R> result = new AsyncResult<>(lane);
      result.map = map;
      result.mapper =
          Thread.ofVirtual().name("procession-map").unstarted(() -> result.completeBy(results));
      result.begin();
      isBegun = true;
      return result;
    } finally {
      if (!isBegun) {
        map.end(); // or the pool would wait for its results
      }
    }
  }

  private void begin() {
    lane.deliveries().begin(this);
    boolean isBegun = false;
    try {
      Objects.requireNonNull(mapper).start();
      isBegun = true;
    } finally {
      if (!isBegun) {
        lane.deliveries().end(this);
      }
    }
  }

  private void completeBy(Callable<R> results) {
    try {
      complete(results.call());
    } catch (Throwable t) {
      completeExceptionally(t);
    } finally {
      lane.deliveries().end(this);
    }
  }

  /// The task has been answered, and some thread is about to complete this.
  void arrived() {
    lane.deliveries().begin(this);
    callbacks.arrived(); // last: a place that is never settled would hold up all behind it
  }

  /// That thread is done with it.
  void settled() {
    lane.deliveries().end(this);
    callbacks.settled();
    lane.push();
  }

  /// Waits until this is done, whatever has come of it. Not by `get`, which runs stages itself that nobody has run yet: one
  /// of them may not end before this goes on. Nor can anybody tell it, since a future tells nobody before its stages.
  void awaitDone() throws InterruptedException {
    long pause = SHORTEST_LOOK_NANOS;
    while (!isDone()) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      LockSupport.parkNanos(this, pause);
      pause = Math.min(2 * pause, LONGEST_LOOK_NANOS);
    }
  }

  /// Completes it with a value of the caller's, if it is not done. What the task does is not ended by that.
  ///
  /// @return whether this did it
  @Override
  public boolean complete(R value) {
    return completing(() -> super.complete(value));
  }

  /// Completes it as failed, if it is not done. What the task does is not ended by that.
  ///
  /// @return whether this did it
  @Override
  public boolean completeExceptionally(Throwable failure) {
    Require.notNull("failure", failure); // before anybody counts on it
    return completing(() -> super.completeExceptionally(failure));
  }

  /// Hands the callbacks over, and then completes this in any case: stages run meanwhile.
  private boolean completing(BooleanSupplier completion) {
    boolean isFirst;
    try {
      callbacks.known();
    } finally {
      isFirst = completion.getAsBoolean();
      lane.push();
    }
    return isFirst;
  }

  /// Has something done with the result, when it is there: Python's `callback`.
  ///
  /// Callbacks run in a virtual thread, one at a time for all results of the pool, in the order in which
  /// the results came; those of one result in the order in which they were given. The result is ready
  /// then. One that is given to a result that is ready is run at the next opportunity, and never by
  /// the caller. One that throws is reported to its thread's uncaught exception handler, and nothing
  /// else comes of it. One that does not end holds up all callbacks behind it and
  /// [ProcessPool#close].
  ///
  /// @param callback what to do, in this process: it need not be serializable
  /// @return this
  public AsyncResult<R> onSuccess(Consumer<? super R> callback) {
    Require.notNull("callback", callback);
    return call((value, failure) -> {
      if (failure == null) {
        callback.accept(value);
      }
    });
  }

  /// Has something done if there is no result: Python's `error_callback`. It runs as those do that
  /// are given to [#onSuccess], in order with them.
  ///
  /// @param callback what to do with the [TaskException], or with the
  ///     [CancellationException][java.util.concurrent.CancellationException]
  /// @return this
  public AsyncResult<R> onFailure(Consumer<? super Throwable> callback) {
    Require.notNull("callback", callback);
    return call((_, failure) -> {
      if (failure != null) {
        callback.accept(failure);
      }
    });
  }

  private AsyncResult<R> call(BiConsumer<? super R, ? super @Nullable Throwable> callback) {
    if (!callbacks.add(callback)) {
      // there are other ways to complete it
      var _ = whenComplete((_, _) -> callbacks.known());
    }
    return this;
  }

  /// Tells a callback what has come of it; on the lane's thread, or who stands in for it.
  void tell(BiConsumer<? super R, ? super @Nullable Throwable> callback) {
    Uninterrupted.await(this::awaitDone);
    Known<R> known = handle(Known<R>::new).join();
    callback.accept(known.value(), known.failure());
  }

  /// What has come of it.
  private record Known<R extends @Nullable Object>(R value, @Nullable Throwable failure) {}

  @Override
  public boolean successful() {
    if (!isDone()) {
      throw new IllegalStateException(
          "not ready: result=" + this + "; whether the task succeeds is known when isDone()");
    }
    return !isCompletedExceptionally();
  }

  /// {@inheritDoc TaskResult}
  @Override
  public boolean cancel(boolean mayInterruptIfRunning) {
    if (job != null && dispatcher != null && !isDone()) {
      dispatcher.cancel(job, mayInterruptIfRunning);
    }
    boolean isCancelled = completing(() -> super.cancel(mayInterruptIfRunning));
    Thread waiting = mapper;
    if (waiting != null && isCancelled) {
      if (map != null && !mayInterruptIfRunning) {
        map.leaveRunning(); // before the interrupt, which says the opposite
      }
      waiting.interrupt();
    }
    return isCancelled;
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
    long nanos = Math.max(unit.toNanos(timeout), 0);
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
    boolean isInterrupted = false;
    while (!isDone()) {
      try {
        var _ = get();
      } catch (InterruptedException e) {
        isInterrupted = true; // and it waits on, as futures do
      } catch (ExecutionException | CancellationException e) {
        // told below, as this method tells it
      }
    }
    if (isInterrupted) {
      Thread.currentThread().interrupt();
    }
    return super.join();
  }

  /// Completes it with what came back.
  void settle(Answer answer, Codec codec) {
    if (isDone()) {
      return;
    }
    R value;
    try {
      value = ProcessPool.cast(answer.value(codec));
    } catch (Throwable t) {
      tellTask(null, t);
      completeExceptionally(t);
      return;
    }
    tellTask(value, null);
    complete(value);
  }

  /// The executor's own future comes first: who finds the pool ended finds it done.
  private void tellTask(@Nullable Object value, @Nullable Throwable failure) {
    if (job != null && job.origin() instanceof ExecutorTask<?> task) {
      task.settle(value, failure);
    }
  }

  private void help(long nanos) throws InterruptedException {
    if (job == null || isDone() || Thread.currentThread().isVirtual()) {
      return;
    }
    Desk desk = job.desk();
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
      desk.courier.help(job, Until.after(nanos));
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
