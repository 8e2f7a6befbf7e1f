package io.procession.manager;

import io.procession.internal.arena.Unreachable;
import io.procession.pool.AsyncResult;
import io.procession.pool.PoolOptions;
import io.procession.pool.ProcessPool;
import io.procession.pool.ResultIterator;
import io.procession.serial.SerializableBiFunction;
import io.procession.serial.SerializableCallable;
import io.procession.serial.SerializableFunction;
import io.procession.serial.SerializableRunnable;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A pool at the server. When nobody has it any more, nor a result or iterator of it, it is terminated.
@SuppressWarnings("NullAway") // what passes through may be null
final class ServedPool implements PoolCalls {
  private final ProcessPool pool;
  private final int processes;

  /// @param processes how many workers, 0 for one each processor
  /// @param initializer what each worker runs before its first task; null for nothing
  ServedPool(int processes, @Nullable SerializableRunnable initializer) {
    PoolOptions options = PoolOptions.defaults();
    if (processes != 0) {
      options = options.withProcesses(processes);
    }
    if (initializer != null) {
      options = options.withInitializer(initializer);
    }
    this.processes = options.processes();
    this.pool = ProcessPool.open(options);
    var _ = Unreachable.watch(this, new Abandoned(pool));
  }

  /// What is left to do when nobody has the pool. It takes its time, so the cleaner does not wait for it.
  private record Abandoned(ProcessPool pool) implements Runnable {
    @Override
    public void run() {
      Thread.ofPlatform().daemon().name("procession-abandoned-pool").start(pool::terminate);
    }
  }

  /// Keeps the pool alive as long as there is somebody to fetch its results.
  private record Results<R extends @Nullable Object>(ServedPool pool, ResultIterator<R> results)
      implements Iterator<R> {
    @Override
    public boolean hasNext() {
      return results.hasNext();
    }

    @Override
    public R next() {
      return results.next();
    }
  }

  @Override
  public @Nullable Object apply(Packed task) throws InterruptedException {
    return applyAsync(task).awaitOrStop();
  }

  @Override
  public ServedResult<?> applyAsync(Packed task) {
    return result(pool.applyAsync((SerializableCallable<@Nullable Object>) task));
  }

  @Override
  public List<?> map(Packed function, List<?> inputs, int chunkSize) throws InterruptedException {
    return result(
            chunkSize == 0
                ? pool.mapAsync(of(function), inputs)
                : pool.mapAsync(of(function), inputs, chunkSize))
        .awaitOrStop();
  }

  @Override
  public List<?> starmap(Packed function, List<?> first, List<?> second)
      throws InterruptedException {
    SerializableBiFunction<@Nullable Object, @Nullable Object, @Nullable Object> ofTwo = function;
    return result(pool.mapAsync(ofTwo, first, second)).awaitOrStop();
  }

  @Override
  public ServedResult<?> mapAsync(Packed function, List<?> inputs) {
    return result(pool.mapAsync(of(function), inputs));
  }

  @Override
  public Iterator<?> imap(Packed function, List<?> inputs) {
    return new Results<>(this, pool.imap(of(function), inputs));
  }

  @Override
  public Iterator<?> imapUnordered(Packed function, List<?> inputs) {
    return new Results<>(this, pool.imapUnordered(of(function), inputs));
  }

  private static SerializableFunction<@Nullable Object, @Nullable Object> of(Packed function) {
    return function;
  }

  private <R extends @Nullable Object> ServedResult<R> result(AsyncResult<R> result) {
    return new ServedResult<>(this, result);
  }

  @Override
  public int processes() {
    return processes;
  }

  @Override
  public void shutdown() {
    pool.shutdown();
  }

  @Override
  public void close() {
    pool.close();
  }

  @Override
  public void terminate() {
    pool.terminate();
  }

  @Override
  public void join() throws InterruptedException {
    pool.join();
  }

  @Override
  public boolean join(Duration limit) throws InterruptedException {
    return pool.join(limit);
  }

  @Override
  public String toString() {
    return pool.toString();
  }
}
