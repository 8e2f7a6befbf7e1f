package io.procession.manager;

import io.procession.internal.check.Require;
import io.procession.internal.remote.RemoteReference;
import io.procession.serial.SerializableBiFunction;
import io.procession.serial.SerializableCallable;
import io.procession.serial.SerializableFunction;
import java.time.Duration;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A pool of a manager, as callers have it: packs what the workers are to do.
@SuppressWarnings({"unchecked", "NullAway"}) // the server returns what these methods return
final class PoolProxy extends ObjectProxy implements ManagedPool {
  private static final long serialVersionUID = 1L;

  PoolProxy(RemoteReference remote) {
    super(remote);
  }

  @Override
  public <R extends @Nullable Object> R apply(SerializableCallable<R> task)
      throws InterruptedException {
    return (R) remote.callInterruptibly("apply", Packed.of(task));
  }

  @Override
  public <A extends @Nullable Object, R extends @Nullable Object> R apply(
      SerializableFunction<? super A, ? extends R> function, A argument)
      throws InterruptedException {
    return (R) remote.callInterruptibly("apply", applied(function, argument));
  }

  @Override
  public <R extends @Nullable Object> ManagedResult<R> applyAsync(SerializableCallable<R> task) {
    return (ManagedResult<R>) remote.call("applyAsync", Packed.of(task));
  }

  @Override
  public <A extends @Nullable Object, R extends @Nullable Object> ManagedResult<R> applyAsync(
      SerializableFunction<? super A, ? extends R> function, A argument) {
    return (ManagedResult<R>) remote.call("applyAsync", applied(function, argument));
  }

  private static Packed applied(SerializableFunction<?, ?> function, @Nullable Object argument) {
    return Packed.of((SerializableFunction<? super Object, ?>) function, argument);
  }

  @Override
  public <A extends @Nullable Object, R extends @Nullable Object> List<R> map(
      SerializableFunction<? super A, ? extends R> function, Collection<? extends A> inputs)
      throws InterruptedException {
    return mapInChunks(function, inputs, 0);
  }

  @Override
  public <A extends @Nullable Object, R extends @Nullable Object> List<R> map(
      SerializableFunction<? super A, ? extends R> function,
      Collection<? extends A> inputs,
      int chunkSize)
      throws InterruptedException {
    return mapInChunks(function, inputs, Require.positive("chunkSize", chunkSize));
  }

  private <R> List<R> mapInChunks(
      SerializableFunction<?, ? extends R> function, Collection<?> inputs, int chunkSize)
      throws InterruptedException {
    return (List<R>)
        remote.callInterruptibly("map", Packed.of(function), Packed.inputs(inputs), chunkSize);
  }

  @Override
  public <A extends @Nullable Object, B extends @Nullable Object, R extends @Nullable Object>
      List<R> map(
          SerializableBiFunction<? super A, ? super B, ? extends R> function,
          Collection<? extends A> first,
          Collection<? extends B> second)
          throws InterruptedException {
    return (List<R>)
        remote.callInterruptibly(
            "starmap", Packed.of(function), Packed.inputs(first), Packed.inputs(second));
  }

  @Override
  public <A extends @Nullable Object, R extends @Nullable Object> ManagedResult<List<R>> mapAsync(
      SerializableFunction<? super A, ? extends R> function, Collection<? extends A> inputs) {
    return (ManagedResult<List<R>>)
        remote.call("mapAsync", Packed.of(function), Packed.inputs(inputs));
  }

  @Override
  public <A extends @Nullable Object, R extends @Nullable Object> Iterator<R> imap(
      SerializableFunction<? super A, ? extends R> function, Collection<? extends A> inputs) {
    return (Iterator<R>) remote.call("imap", Packed.of(function), Packed.inputs(inputs));
  }

  @Override
  public <A extends @Nullable Object, R extends @Nullable Object> Iterator<R> imapUnordered(
      SerializableFunction<? super A, ? extends R> function, Collection<? extends A> inputs) {
    return (Iterator<R>) remote.call("imapUnordered", Packed.of(function), Packed.inputs(inputs));
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
    remote.call("close");
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
