package io.procession.pool;

import io.procession.internal.check.Require;
import io.procession.serial.ByteSink;
import io.procession.serial.Codec;
import io.procession.serial.SerializableCallable;
import io.procession.serial.SerializableFunction;
import io.procession.serial.SerializableRunnable;
import org.jspecify.annotations.Nullable;

/// What all single calls of a pool have in common: how they are written, sent and waited for.
final class Calls {
  private final String pool;
  private final Dispatcher dispatcher;
  private final Codec codec;
  private final CallbackLane callbacks;
  private final PoolOptions options;
  private final Contexts contexts;

  Calls(
      String pool,
      Dispatcher dispatcher,
      Codec codec,
      CallbackLane callbacks,
      PoolOptions options) {
    this.pool = pool;
    this.dispatcher = dispatcher;
    this.codec = codec;
    this.callbacks = callbacks;
    this.options = options;
    this.contexts = new Contexts(options.contexts());
  }

  static SerializableCallable<@Nullable Void> callable(SerializableRunnable task) {
    Require.notNull("task", task);
    return () -> {
      task.run();
      return null;
    };
  }

  @Nullable Object apply(SerializableCallable<?> task) {
    long id = dispatcher.nextId();
    return await(new ApplyJob(id, message(id, task, lent())));
  }

  <A extends @Nullable Object> @Nullable Object apply(
      SerializableFunction<A, ?> function, A argument) {
    long id = dispatcher.nextId();
    return await(new ApplyJob(id, message(id, function, argument, lent())));
  }

  private @Nullable Object await(ApplyJob job) {
    try {
      return job.run(dispatcher).value(codec);
    } catch (InterruptedException e) {
      boolean _ = dispatcher.cancel(job, true);
      Thread.currentThread().interrupt();
      throw Maps.interrupted(pool);
    }
  }

  /// @param asked how the task is to be treated, null as all of the pool
  <R extends @Nullable Object> AsyncResult<R> applyAsync(
      @Nullable TaskOptions asked, SerializableCallable<R> task) {
    long id = dispatcher.nextId();
    return send(id, message(id, task, TaskLayout.open()), null, asked);
  }

  /// @param asked how the task is to be treated, null as all of the pool
  <A extends @Nullable Object, R extends @Nullable Object> AsyncResult<R> applyAsync(
      @Nullable TaskOptions asked,
      SerializableFunction<? super A, ? extends R> function,
      A argument) {
    long id = dispatcher.nextId();
    return send(id, message(id, function, argument, TaskLayout.open()), null, asked);
  }

  /// @param origin what the user has submitted to the executor view
  AsyncResult<?> applyFor(Runnable origin, SerializableCallable<?> task) {
    long id = dispatcher.nextId();
    return send(id, message(id, task, TaskLayout.open()), origin, null);
  }

  /// A message for a task whose caller waits for it: long arrays stay where the caller has them, until
  /// the task has ended. The caller does not come back while somebody sends them (`Cancellations`).
  private static ByteSink lent() {
    return TaskLayout.open().keepingArrays();
  }

  private ByteSink message(long id, SerializableCallable<?> task, ByteSink out) {
    Require.notNull("task", task);
    return TaskLayout.call(id, codec, contexts.carry(task), out);
  }

  private ByteSink message(
      long id, SerializableFunction<?, ?> function, @Nullable Object argument, ByteSink out) {
    Require.notNull("function", function);
    return TaskLayout.apply(id, codec, contexts.carry(function), argument, out);
  }

  private <R extends @Nullable Object> AsyncResult<R> send(
      long id, ByteSink message, @Nullable Runnable origin, @Nullable TaskOptions asked) {
    Terms terms = asked == null ? null : Terms.of(options, asked);
    return AsyncResult.of(callbacks, dispatcher, codec, id, message, origin, terms);
  }
}
