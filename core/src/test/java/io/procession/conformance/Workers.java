package io.procession.conformance;

import io.procession.manager.ManagedPool;
import io.procession.manager.ManagedResult;
import io.procession.pool.AsyncResult;
import io.procession.pool.ProcessPool;
import io.procession.serial.SerializableBiFunction;
import io.procession.serial.SerializableCallable;
import io.procession.serial.SerializableFunction;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// A pool of any way of running.
interface Workers {
  /// A result that may come later.
  interface Later<R> {
    /// Waits for it, up to a limit. What the task has thrown is a cause of what this throws.
    R get(Duration limit) throws InterruptedException, ExecutionException, TimeoutException;

    boolean ready();

    boolean successful();
  }

  <R> R apply(SerializableCallable<R> task) throws InterruptedException;

  <R> Later<R> applyAsync(SerializableCallable<R> task);

  <A, R> List<R> map(SerializableFunction<A, R> function, List<A> inputs)
      throws InterruptedException;

  <A, R> List<R> map(SerializableFunction<A, R> function, List<A> inputs, int chunk)
      throws InterruptedException;

  <A, B, R> List<R> map(SerializableBiFunction<A, B, R> function, List<A> first, List<B> second)
      throws InterruptedException;

  <A, R> Later<List<R>> mapAsync(SerializableFunction<A, R> function, List<A> inputs);

  <A, R> Iterator<R> imap(SerializableFunction<A, R> function, List<A> inputs);

  <A, R> Iterator<R> imapUnordered(SerializableFunction<A, R> function, List<A> inputs);

  void shutdown();

  boolean join(Duration limit) throws InterruptedException;

  void terminate();

  void close();

  record Processes(ProcessPool it) implements Workers {
    private record OfTask<R>(AsyncResult<R> it) implements Later<R> {
      @Override
      public R get(Duration limit)
          throws InterruptedException, ExecutionException, TimeoutException {
        return it.get(limit.toMillis(), TimeUnit.MILLISECONDS);
      }

      @Override
      public boolean ready() {
        return it.ready();
      }

      @Override
      public boolean successful() {
        return it.successful();
      }
    }

    @Override
    public <R> R apply(SerializableCallable<R> task) {
      return it.apply(task);
    }

    @Override
    public <R> Later<R> applyAsync(SerializableCallable<R> task) {
      return new OfTask<>(it.applyAsync(task));
    }

    @Override
    public <A, R> List<R> map(SerializableFunction<A, R> function, List<A> inputs) {
      return it.map(function, inputs);
    }

    @Override
    public <A, R> List<R> map(SerializableFunction<A, R> function, List<A> inputs, int chunk) {
      return it.map(function, inputs, chunk);
    }

    @Override
    public <A, B, R> List<R> map(
        SerializableBiFunction<A, B, R> function, List<A> first, List<B> second) {
      return it.map(function, first, second);
    }

    @Override
    public <A, R> Later<List<R>> mapAsync(SerializableFunction<A, R> function, List<A> inputs) {
      return new OfTask<>(it.mapAsync(function, inputs));
    }

    @Override
    public <A, R> Iterator<R> imap(SerializableFunction<A, R> function, List<A> inputs) {
      return it.imap(function, inputs);
    }

    @Override
    public <A, R> Iterator<R> imapUnordered(SerializableFunction<A, R> function, List<A> inputs) {
      return it.imapUnordered(function, inputs);
    }

    @Override
    public void shutdown() {
      it.shutdown();
    }

    @Override
    public boolean join(Duration limit) throws InterruptedException {
      return it.join(limit);
    }

    @Override
    public void terminate() {
      it.terminate();
    }

    @Override
    public void close() {
      it.close();
    }
  }

  record Managed(ManagedPool it) implements Workers {
    private record OfServer<R>(ManagedResult<R> it) implements Later<R> {
      @Override
      public R get(Duration limit)
          throws InterruptedException, ExecutionException, TimeoutException {
        try {
          return it.get(limit);
        } catch (InterruptedException | TimeoutException e) {
          throw e;
        } catch (Exception e) {
          throw new ExecutionException(e);
        }
      }

      @Override
      public boolean ready() {
        return it.ready();
      }

      @Override
      public boolean successful() {
        return it.successful();
      }
    }

    @Override
    public <R> R apply(SerializableCallable<R> task) throws InterruptedException {
      return it.apply(task);
    }

    @Override
    public <R> Later<R> applyAsync(SerializableCallable<R> task) {
      return new OfServer<>(it.applyAsync(task));
    }

    @Override
    public <A, R> List<R> map(SerializableFunction<A, R> function, List<A> inputs)
        throws InterruptedException {
      return it.map(function, inputs);
    }

    @Override
    public <A, R> List<R> map(SerializableFunction<A, R> function, List<A> inputs, int chunk)
        throws InterruptedException {
      return it.map(function, inputs, chunk);
    }

    @Override
    public <A, B, R> List<R> map(
        SerializableBiFunction<A, B, R> function, List<A> first, List<B> second)
        throws InterruptedException {
      return it.map(function, first, second);
    }

    @Override
    public <A, R> Later<List<R>> mapAsync(SerializableFunction<A, R> function, List<A> inputs) {
      return new OfServer<>(it.mapAsync(function, inputs));
    }

    @Override
    public <A, R> Iterator<R> imap(SerializableFunction<A, R> function, List<A> inputs) {
      return it.imap(function, inputs);
    }

    @Override
    public <A, R> Iterator<R> imapUnordered(SerializableFunction<A, R> function, List<A> inputs) {
      return it.imapUnordered(function, inputs);
    }

    @Override
    public void shutdown() {
      it.shutdown();
    }

    @Override
    public boolean join(Duration limit) throws InterruptedException {
      return it.join(limit);
    }

    @Override
    public void terminate() {
      it.terminate();
    }

    @Override
    public void close() {
      it.close();
    }
  }
}
