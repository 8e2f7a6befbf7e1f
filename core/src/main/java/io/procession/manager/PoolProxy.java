package io.procession.manager;

import static java.util.Objects.requireNonNull;

import io.procession.internal.check.Require;
import io.procession.internal.posix.Interruption;
import io.procession.internal.remote.RemoteReference;
import io.procession.pool.ResultIterator;
import io.procession.pool.TaskOptions;
import io.procession.pool.TaskPool;
import io.procession.pool.TaskResult;
import io.procession.serial.SerializableBiFunction;
import io.procession.serial.SerializableCallable;
import io.procession.serial.SerializableFunction;
import io.procession.serial.SerializableTriFunction;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/// A pool of a manager, as callers have it: packs what the workers are to do.
@SuppressWarnings({"unchecked", "NullAway"}) // the server returns what these methods return
final class PoolProxy extends ObjectProxy implements TaskPool {
  private static final long serialVersionUID = 1L;

  PoolProxy(RemoteReference remote) {
    super(remote);
  }

  @Override
  public <R extends @Nullable Object> R apply(SerializableCallable<R> task) {
    return (R) await("apply", packed("task", task));
  }

  @Override
  public <A extends @Nullable Object, R extends @Nullable Object> R apply(
      SerializableFunction<? super A, ? extends R> function, A argument) {
    return (R) await("apply", applied(function, argument));
  }

  @Override
  public <R extends @Nullable Object> TaskResult<R> applyAsync(
      TaskOptions options, SerializableCallable<R> task) {
    return (TaskResult<R>)
        remote.call("applyAsync", Require.notNull("options", options), packed("task", task));
  }

  @Override
  public <A extends @Nullable Object, R extends @Nullable Object> TaskResult<R> applyAsync(
      TaskOptions options, SerializableFunction<? super A, ? extends R> function, A argument) {
    return (TaskResult<R>)
        remote.call("applyAsync", Require.notNull("options", options), applied(function, argument));
  }

  @Override
  public <A extends @Nullable Object, R extends @Nullable Object> List<R> map(
      SerializableFunction<? super A, ? extends R> function, Iterable<? extends A> inputs) {
    return mapped(function, PoolCalls.ADAPTED, inputs);
  }

  @Override
  public <A extends @Nullable Object, R extends @Nullable Object> List<R> map(
      SerializableFunction<? super A, ? extends R> function,
      Iterable<? extends A> inputs,
      int chunkSize) {
    return mapped(function, Require.positive("chunkSize", chunkSize), inputs);
  }

  @Override
  public <A extends @Nullable Object, B extends @Nullable Object, R extends @Nullable Object>
      List<R> map(
          SerializableBiFunction<? super A, ? super B, ? extends R> function,
          Iterable<? extends A> first,
          Iterable<? extends B> second) {
    return mapped(function, PoolCalls.ADAPTED, first, second);
  }

  @Override
  public <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          R extends @Nullable Object>
      List<R> map(
          SerializableTriFunction<? super A, ? super B, ? super C, ? extends R> function,
          Iterable<? extends A> first,
          Iterable<? extends B> second,
          Iterable<? extends C> third) {
    return mapped(function, PoolCalls.ADAPTED, first, second, third);
  }

  @Override
  public <A extends @Nullable Object, R extends @Nullable Object> TaskResult<List<R>> mapAsync(
      SerializableFunction<? super A, ? extends R> function, Iterable<? extends A> inputs) {
    return mappedAsync(function, PoolCalls.ADAPTED, inputs);
  }

  @Override
  public <A extends @Nullable Object, R extends @Nullable Object> TaskResult<List<R>> mapAsync(
      SerializableFunction<? super A, ? extends R> function,
      Iterable<? extends A> inputs,
      int chunkSize) {
    return mappedAsync(function, Require.positive("chunkSize", chunkSize), inputs);
  }

  @Override
  public <A extends @Nullable Object, B extends @Nullable Object, R extends @Nullable Object>
      TaskResult<List<R>> mapAsync(
          SerializableBiFunction<? super A, ? super B, ? extends R> function,
          Iterable<? extends A> first,
          Iterable<? extends B> second) {
    return mappedAsync(function, PoolCalls.ADAPTED, first, second);
  }

  @Override
  public <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          R extends @Nullable Object>
      TaskResult<List<R>> mapAsync(
          SerializableTriFunction<? super A, ? super B, ? super C, ? extends R> function,
          Iterable<? extends A> first,
          Iterable<? extends B> second,
          Iterable<? extends C> third) {
    return mappedAsync(function, PoolCalls.ADAPTED, first, second, third);
  }

  @Override
  public <A extends @Nullable Object, R extends @Nullable Object> ResultIterator<R> imap(
      SerializableFunction<? super A, ? extends R> function, Iterable<? extends A> inputs) {
    return iterated("imap", function, PoolCalls.ADAPTED, inputs);
  }

  @Override
  public <A extends @Nullable Object, R extends @Nullable Object> ResultIterator<R> imap(
      SerializableFunction<? super A, ? extends R> function,
      Iterable<? extends A> inputs,
      int chunkSize) {
    return iterated("imap", function, Require.positive("chunkSize", chunkSize), inputs);
  }

  @Override
  public <A extends @Nullable Object, R extends @Nullable Object> ResultIterator<R> imapUnordered(
      SerializableFunction<? super A, ? extends R> function, Iterable<? extends A> inputs) {
    return iterated("imapUnordered", function, PoolCalls.ADAPTED, inputs);
  }

  @Override
  public <A extends @Nullable Object, R extends @Nullable Object> ResultIterator<R> imapUnordered(
      SerializableFunction<? super A, ? extends R> function,
      Iterable<? extends A> inputs,
      int chunkSize) {
    return iterated("imapUnordered", function, Require.positive("chunkSize", chunkSize), inputs);
  }

  private static Packed packed(String what, Object task) {
    return Packed.of(requireNonNull(task, what));
  }

  private static Packed applied(SerializableFunction<?, ?> function, @Nullable Object argument) {
    Require.notNull("function", function);
    return Packed.of((SerializableFunction<? super Object, ?>) function, argument);
  }

  private <R> List<R> mapped(Object function, int chunkSize, Iterable<?>... inputs) {
    Packed packed = packed("function", function);
    return Collections.unmodifiableList(
        (List<R>) await("map", packed, Packed.inputs(inputs), chunkSize));
  }

  private <R> TaskResult<List<R>> mappedAsync(
      Object function, int chunkSize, Iterable<?>... inputs) {
    Packed packed = packed("function", function);
    return (TaskResult<List<R>>) remote.call("mapAsync", packed, Packed.inputs(inputs), chunkSize);
  }

  private <R> ResultIterator<R> iterated(
      String method, Object function, int chunkSize, Iterable<?> inputs) {
    Packed packed = packed("function", function);
    return (ResultIterator<R>)
        remote.call(method, packed, Packed.inputs(inputs).getFirst(), chunkSize);
  }

  /// Calls a method that waits, of which an interrupt stops what runs.
  private @Nullable Object await(String method, @Nullable Object... arguments) {
    try {
      return remote.callInterruptibly(method, arguments);
    } catch (InterruptedException e) {
      throw interrupted(remote, e);
    }
  }

  /// What the caller of a method that waits is told when its thread is interrupted, which stays so.
  static CancellationException interrupted(RemoteReference remote, InterruptedException cause) {
    Interruption.checkStop();
    return Interruption.cancelled("interrupted while waiting for a task of " + remote, cause);
  }

  @Override
  public int processes() {
    return (int) remote.call("processes");
  }

  @Override
  public void shutdown() {
    remote.call("shutdown");
  }

  @Override
  public void close() {
    try {
      remote.callInterruptibly("close");
    } catch (InterruptedException e) { // before it was asked for
      terminate();
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void terminate() {
    remote.call("terminate");
  }

  @Override
  public void join() throws InterruptedException {
    remote.callInterruptibly("join");
  }

  @Override
  public boolean join(Duration limit) throws InterruptedException {
    return (boolean) remote.callInterruptibly("join", limit);
  }
}
