package io.procession.pool;

import io.procession.internal.posix.Interruption;
import io.procession.process.JvmProcess;
import io.procession.serial.ByteSink;
import io.procession.serial.Codec;
import io.procession.serial.NotSendableException;
import io.procession.serial.SerializableCallable;
import io.procession.serial.SerializableFunction;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// Worker processes that run tasks: functions and their arguments are sent to JVMs of their own, and
/// results come back.
///
/// ```java
/// try (var pool = ProcessPool.open()) {
///   System.out.println(pool.map(x -> x * x, List.of(1, 2, 3)));
/// }
/// ```
///
/// Functions, arguments and results must be serializable. A lambda written as an argument of these
/// methods is; one that was first stored in a variable of type `Callable`, `Runnable` or
/// `java.util.function.Function` is not, and does not compile here: declare the variable as
/// [SerializableCallable] or [SerializableFunction]. What cannot be sent fails in the caller, with
/// [NotSendableException], before anything is sent.
///
/// What a task throws, errors too, fails that task: see [TaskException]. When a worker dies,
/// whatever the cause, the task that it ran fails with its certificate, or is run again if
/// [PoolOptions#retries] says so; tasks that it had not begun go to others, and another worker takes
/// its place.
///
/// Safe for use by many threads, virtual ones too, and in workers of other pools. A call that waits
/// ends when its thread is interrupted: with a [CancellationException], and the thread stays
/// interrupted. A pool that is not closed ends with this process; it cannot be sent to another.
public final class ProcessPool implements AutoCloseable {
  private static final AtomicInteger POOLS = new AtomicInteger();

  /// Default chunks of a map: so many for each worker, that they end at about the same time.
  private static final int CHUNKS_PER_WORKER = 4;

  /// Chunks of an `imapUnordered` that may be under way, for each worker.
  private static final int WINDOW_PER_WORKER = 8;

  private final String name = "pool-" + POOLS.incrementAndGet();
  private final PoolOptions options;
  private final Codec codec = Codec.standard();
  private final Dispatcher dispatcher;
  private final Crew crew;

  private ProcessPool(PoolOptions options) {
    this.options = Objects.requireNonNull(options, "options");
    this.dispatcher = new Dispatcher(name, options.retries());
    this.crew = Crew.open(name, options, dispatcher);
  }

  /// Opens a pool with a worker for each usable processor.
  ///
  /// @return the pool
  public static ProcessPool open() {
    return open(PoolOptions.defaults());
  }

  /// Opens a pool.
  ///
  /// @param processes how many workers
  /// @return the pool
  /// @throws IllegalArgumentException if there cannot be so many
  public static ProcessPool open(int processes) {
    return open(PoolOptions.defaults().withProcesses(processes));
  }

  /// Opens a pool. Its first workers are on their way when this returns: as many as there are
  /// processors, at least four. Each of the others starts as soon as one of those is ready.
  ///
  /// A worker that cannot be started is tried again, after pauses of up to a second, as long as
  /// another is ready for tasks. If none is, and some starts in a row were in vain, the pool is
  /// broken: all its tasks fail with the reason.
  ///
  /// @param options how the pool is to be
  /// @return the pool
  /// @throws IllegalArgumentException if the session has no room for so many processes, or the
  ///     machine or container not the memory; nothing has been started
  /// @throws IllegalStateException if this process is itself still starting
  /// @throws java.io.UncheckedIOException if the system refuses to start a process
  public static ProcessPool open(PoolOptions options) {
    return new ProcessPool(options);
  }

  /// Runs a task in a worker and waits for its result.
  ///
  /// @param task the task
  /// @param <R> the type of the result
  /// @return the result
  /// @throws TaskException if the task failed
  /// @throws NotSendableException if the task cannot be sent
  /// @throws IllegalStateException if the pool is closed
  public <R extends @Nullable Object> R apply(SerializableCallable<R> task) {
    Objects.requireNonNull(task, "task");
    long id = dispatcher.nextId();
    return cast(call(id, TaskLayout.call(id, codec, task)));
  }

  /// Applies a function in a worker and waits for the result.
  ///
  /// @param function the function
  /// @param argument its argument
  /// @param <A> the type of the argument
  /// @param <R> the type of the result
  /// @return the result
  /// @throws TaskException if the task failed
  /// @throws NotSendableException if the function or the argument cannot be sent
  /// @throws IllegalStateException if the pool is closed
  public <A extends @Nullable Object, R extends @Nullable Object> R apply(
      SerializableFunction<? super A, ? extends R> function, A argument) {
    Objects.requireNonNull(function, "function");
    long id = dispatcher.nextId();
    return cast(call(id, TaskLayout.apply(id, codec, function, argument)));
  }

  /// Gives a task to the workers and returns at once.
  ///
  /// @param task the task
  /// @param <R> the type of the result
  /// @return the future of the result
  /// @throws NotSendableException if the task cannot be sent
  /// @throws IllegalStateException if the pool is closed
  public <R extends @Nullable Object> AsyncResult<R> submit(SerializableCallable<R> task) {
    Objects.requireNonNull(task, "task");
    long id = dispatcher.nextId();
    return submit(id, TaskLayout.call(id, codec, task));
  }

  /// Gives a function and its argument to the workers and returns at once.
  ///
  /// @param function the function
  /// @param argument its argument
  /// @param <A> the type of the argument
  /// @param <R> the type of the result
  /// @return the future of the result
  /// @throws NotSendableException if the function or the argument cannot be sent
  /// @throws IllegalStateException if the pool is closed
  public <A extends @Nullable Object, R extends @Nullable Object> AsyncResult<R> submit(
      SerializableFunction<? super A, ? extends R> function, A argument) {
    Objects.requireNonNull(function, "function");
    long id = dispatcher.nextId();
    return submit(id, TaskLayout.apply(id, codec, function, argument));
  }

  /// Applies a function to each input and waits for all results. The inputs are cut into chunks,
  /// about four for each worker.
  ///
  /// @param function the function
  /// @param inputs its arguments
  /// @param <A> the type of the arguments
  /// @param <R> the type of the results
  /// @return the results in the order of the inputs, unmodifiable
  /// @throws TaskException if the function failed for one of them: no more chunks are begun then
  /// @throws NotSendableException if the function or an input cannot be sent: nothing was begun
  /// @throws IllegalStateException if the pool is closed
  public <A extends @Nullable Object, R extends @Nullable Object> List<R> map(
      SerializableFunction<? super A, ? extends R> function, Iterable<? extends A> inputs) {
    @Nullable Object[] elements = MapCall.elements(inputs);
    int parts = CHUNKS_PER_WORKER * options.processes();
    return mapAll(function, elements, Math.max(1, (elements.length + parts - 1) / parts));
  }

  /// Applies a function to each input and waits for all results.
  ///
  /// @param function the function
  /// @param inputs its arguments
  /// @param chunkSize how many inputs are sent to a worker at a time
  /// @param <A> the type of the arguments
  /// @param <R> the type of the results
  /// @return the results in the order of the inputs, unmodifiable
  /// @throws TaskException if the function failed for one of them: no more chunks are begun then
  /// @throws NotSendableException if the function or an input cannot be sent: nothing was begun
  /// @throws IllegalStateException if the pool is closed
  public <A extends @Nullable Object, R extends @Nullable Object> List<R> map(
      SerializableFunction<? super A, ? extends R> function,
      Iterable<? extends A> inputs,
      int chunkSize) {
    requireChunkSize(chunkSize);
    return mapAll(function, MapCall.elements(inputs), chunkSize);
  }

  /// Applies a function to each input, and gives the results as they come.
  ///
  /// The inputs are read while the results are taken, a few for each worker ahead of them, so there
  /// may be more than memory holds.
  ///
  /// @param function the function
  /// @param inputs its arguments
  /// @param <A> the type of the arguments
  /// @param <R> the type of the results
  /// @return the results, in no particular order
  /// @throws NotSendableException if the function or one of the first inputs cannot be sent
  /// @throws IllegalStateException if the pool is closed
  public <A extends @Nullable Object, R extends @Nullable Object> ResultIterator<R> imapUnordered(
      SerializableFunction<? super A, ? extends R> function, Iterable<? extends A> inputs) {
    return imapUnordered(function, inputs, 1);
  }

  /// Applies a function to each input, and gives the results as they come.
  ///
  /// @param function the function
  /// @param inputs its arguments
  /// @param chunkSize how many inputs are sent to a worker at a time
  /// @param <A> the type of the arguments
  /// @param <R> the type of the results
  /// @return the results, in no particular order
  /// @throws NotSendableException if the function or one of the first inputs cannot be sent
  /// @throws IllegalStateException if the pool is closed
  public <A extends @Nullable Object, R extends @Nullable Object> ResultIterator<R> imapUnordered(
      SerializableFunction<? super A, ? extends R> function,
      Iterable<? extends A> inputs,
      int chunkSize) {
    requireChunkSize(chunkSize);
    Objects.requireNonNull(function, "function");
    Objects.requireNonNull(inputs, "inputs");
    int window = WINDOW_PER_WORKER * options.processes();
    return new ResultIterator<>(
        this, dispatcher, codec, function, inputs.iterator(), chunkSize, window);
  }

  /// The workers that live at this moment. One that dies is replaced, by another process.
  ///
  /// @return the workers, unmodifiable
  public List<JvmProcess> workers() {
    return crew.workers();
  }

  /// Takes no more tasks, waits until all that were submitted are done, and ends the workers.
  ///
  /// A thread that is interrupted meanwhile terminates the pool, and stays interrupted. To close it
  /// again does nothing but wait.
  @Override
  public void close() {
    dispatcher.close();
    try {
      dispatcher.awaitIdle();
      crew.dismiss();
    } catch (InterruptedException e) {
      terminate();
      Thread.currentThread().interrupt();
    }
  }

  /// Ends the workers now and waits for their end. Tasks that are not done fail with
  /// [CancellationException].
  public void terminate() {
    dispatcher.end(name + " was terminated, and the task is not done", null);
    crew.terminate();
  }

  /// Name and options, for people.
  @Override
  public String toString() {
    return "ProcessPool[" + name + ", processes=" + options.processes() + "]";
  }

  /// What the caller of a method that waits is told when its thread is interrupted.
  CancellationException interrupted() {
    Interruption.checkStop();
    return new CancellationException("interrupted while waiting for a task of " + name);
  }

  /// A result has the type that the user's function says, which also says whether it may be null.
  @SuppressWarnings({"unchecked", "NullAway", "TypeParameterUnusedInFormals"})
  static <R extends @Nullable Object> R cast(@Nullable Object result) {
    return (R) result;
  }

  private @Nullable Object call(long id, ByteSink message) {
    ApplyJob job = new ApplyJob(id, message);
    try {
      return job.run(dispatcher).value(codec);
    } catch (InterruptedException e) {
      dispatcher.cancel(job);
      Thread.currentThread().interrupt();
      throw interrupted();
    }
  }

  private <R extends @Nullable Object> AsyncResult<R> submit(long id, ByteSink message) {
    AsyncResult<R> result = new AsyncResult<>(dispatcher, codec, id, message);
    dispatcher.submit(result.job(), false);
    return result;
  }

  @SuppressWarnings("unchecked") // the function that the user gave has this type
  private <R extends @Nullable Object> List<R> mapAll(
      SerializableFunction<?, ?> function, @Nullable Object[] elements, int chunkSize) {
    Objects.requireNonNull(function, "function");
    MapCall call = new MapCall(dispatcher, codec, function, elements, chunkSize);
    try {
      return (List<R>) Collections.unmodifiableList(Arrays.asList(call.results()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw interrupted();
    }
  }

  private static void requireChunkSize(int chunkSize) {
    if (chunkSize <= 0) {
      throw new IllegalArgumentException(
          "chunkSize must be positive: chunkSize=" + chunkSize + "; use 1 or more");
    }
  }
}
