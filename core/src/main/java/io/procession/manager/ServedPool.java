package io.procession.manager;

import io.procession.internal.arena.Unreachable;
import io.procession.internal.remote.Staffed;
import io.procession.pool.AsyncResult;
import io.procession.pool.PoolOptions;
import io.procession.pool.ProcessPool;
import io.procession.pool.TaskOptions;
import io.procession.serial.SerializableBiFunction;
import io.procession.serial.SerializableCallable;
import io.procession.serial.SerializableFunction;
import io.procession.serial.SerializableTriFunction;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A pool at the server. When nobody has it any more, nor a result or iterator of it, or the server ends, it
/// is terminated.
@SuppressWarnings("NullAway") // what passes through may be null
final class ServedPool implements PoolCalls, Staffed {
  private final ProcessPool pool;

  ServedPool(PoolOptions options) {
    this.pool = ProcessPool.open(options);
    var _ = Unreachable.watch(this, new Abandoned(pool));
  }

  /// Makes one of what a caller has sent.
  ///
  /// @param asked a number of workers, 0 for one each processor of this process; or its options
  static ServedPool of(Object asked) {
    return new ServedPool(
        switch (asked) {
          case SentPoolOptions sent -> sent.options();
          case Integer number when number == 0 -> PoolOptions.defaults();
          case Integer number -> PoolOptions.defaults().withProcesses(number);
          default -> throw new IllegalArgumentException("no options of a pool: " + asked);
        });
  }

  /// What is left to do when nobody has the pool. It takes its time, so the cleaner does not wait for it.
  private record Abandoned(ProcessPool pool) implements Runnable {
    @Override
    public void run() {
      Thread.ofPlatform().daemon().name("procession-abandoned-pool").start(pool::terminate);
    }
  }

  @Override
  public @Nullable Object apply(Packed task) throws InterruptedException {
    return result(pool.applyAsync((SerializableCallable<@Nullable Object>) task)).awaitOrStop();
  }

  @Override
  public ServedResult<?> applyAsync(TaskOptions options, Packed task) {
    return result(pool.applyAsync(options, (SerializableCallable<@Nullable Object>) task));
  }

  @Override
  public List<?> map(Packed function, List<List<@Nullable Object>> inputs, int chunkSize)
      throws InterruptedException {
    return mapAsync(function, inputs, chunkSize).awaitOrStop();
  }

  @Override
  public ServedResult<List<@Nullable Object>> mapAsync(
      Packed function, List<List<@Nullable Object>> inputs, int chunkSize) {
    return result(
        switch (inputs.size()) {
          case 1 ->
              chunkSize == ADAPTED
                  ? pool.mapAsync(of(function), inputs.getFirst())
                  : pool.mapAsync(of(function), inputs.getFirst(), chunkSize);
          case 2 -> {
            SerializableBiFunction<@Nullable Object, @Nullable Object, @Nullable Object> ofTwo =
                function;
            yield pool.mapAsync(ofTwo, inputs.get(0), inputs.get(1));
          }
          default -> {
            SerializableTriFunction<
                    @Nullable Object, @Nullable Object, @Nullable Object, @Nullable Object>
                ofThree = function;
            yield pool.mapAsync(ofThree, inputs.get(0), inputs.get(1), inputs.get(2));
          }
        });
  }

  @Override
  public ServedResults imap(Packed function, List<@Nullable Object> inputs, int chunkSize) {
    return new ServedResults(
        this,
        chunkSize == ADAPTED
            ? pool.imap(of(function), inputs)
            : pool.imap(of(function), inputs, chunkSize));
  }

  @Override
  public ServedResults imapUnordered(
      Packed function, List<@Nullable Object> inputs, int chunkSize) {
    return new ServedResults(
        this,
        chunkSize == ADAPTED
            ? pool.imapUnordered(of(function), inputs)
            : pool.imapUnordered(of(function), inputs, chunkSize));
  }

  private static SerializableFunction<@Nullable Object, @Nullable Object> of(Packed function) {
    return function;
  }

  private <R extends @Nullable Object> ServedResult<R> result(AsyncResult<R> result) {
    return new ServedResult<>(this, result);
  }

  @Override
  public void serverEnds() {
    new Abandoned(pool).run();
  }

  @Override
  public int processes() {
    return pool.processes();
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
