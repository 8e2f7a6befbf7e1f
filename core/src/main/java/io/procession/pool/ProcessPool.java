package io.procession.pool;

import io.procession.internal.check.Require;
import io.procession.internal.posix.Until;
import io.procession.process.JvmProcess;
import io.procession.serial.Codec;
import io.procession.serial.NotSendableException;
import io.procession.serial.SerializableBiFunction;
import io.procession.serial.SerializableCallable;
import io.procession.serial.SerializableFunction;
import io.procession.serial.SerializableRunnable;
import io.procession.serial.SerializableTriFunction;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Gatherer;
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
/// interrupted; chunks of a map that run then are stopped, as [AsyncResult#cancel] does. A pool that
/// is not closed ends with this process; it cannot be sent to another.
public final class ProcessPool implements TaskPool {
  private static final AtomicInteger POOLS = new AtomicInteger();

  private final String name = "pool-" + POOLS.incrementAndGet();
  private final PoolOptions options;
  private final Calls calls;
  private final Maps maps;
  private final Crew crew;
  private final Ending ending;
  private final ExecutorService executor;
  private final Actors actors;

  private ProcessPool(PoolOptions options) {
    this.options = Require.notNull("options", options);
    Codec codec = Codec.standard();
    CallbackLane callbacks = new CallbackLane();
    Events events = Events.of(name, options.listeners());
    Dispatcher dispatcher = new Dispatcher(name, options, Rounds.OF_JVM, events);
    this.calls = new Calls(name, dispatcher, codec, callbacks, options);
    this.maps = new Maps(name, dispatcher, codec, callbacks, options);
    this.actors = new Actors(name, options, codec, dispatcher::isOpen, events);
    String bean = options.beanName();
    if (bean != null) {
      PoolBean.requireFree(bean);
    }
    this.crew = Crew.open(name, options, dispatcher);
    this.ending = new Ending(name, dispatcher, crew, callbacks, actors);
    this.executor = new PoolExecutor(this, ending);
    boolean done = false;
    try {
      Flights.watch(); // while the workers start
      if (bean != null) {
        ending.whenEnded(PoolBean.register(this, bean));
      }
      done = true;
    } finally {
      if (!done) {
        terminate();
      }
    }
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
  /// @throws IllegalArgumentException if the session has no room for so many processes, its bean's name is taken, or the
  ///     machine or container not the memory; nothing has been started
  /// @throws IllegalStateException if this process is itself still starting
  /// @throws java.io.UncheckedIOException if the system refuses to start a process
  public static ProcessPool open(PoolOptions options) {
    return new ProcessPool(options);
  }

  @Override
  public <R extends @Nullable Object> R apply(SerializableCallable<R> task) {
    return cast(calls.apply(task));
  }

  @Override
  public <A extends @Nullable Object, R extends @Nullable Object> R apply(
      SerializableFunction<? super A, ? extends R> function, A argument) {
    return cast(calls.apply(function, argument));
  }

  @Override
  public <R extends @Nullable Object> AsyncResult<R> applyAsync(SerializableCallable<R> task) {
    return calls.applyAsync(null, task);
  }

  @Override
  public AsyncResult<@Nullable Void> applyAsync(SerializableRunnable task) {
    return calls.applyAsync(null, Calls.callable(task));
  }

  @Override
  public <A extends @Nullable Object, R extends @Nullable Object> AsyncResult<R> applyAsync(
      SerializableFunction<? super A, ? extends R> function, A argument) {
    return calls.applyAsync(null, function, argument);
  }

  @Override
  public <R extends @Nullable Object> AsyncResult<R> applyAsync(
      TaskOptions options, SerializableCallable<R> task) {
    return calls.applyAsync(Require.notNull("options", options), task);
  }

  @Override
  public AsyncResult<@Nullable Void> applyAsync(TaskOptions options, SerializableRunnable task) {
    return calls.applyAsync(Require.notNull("options", options), Calls.callable(task));
  }

  @Override
  public <A extends @Nullable Object, R extends @Nullable Object> AsyncResult<R> applyAsync(
      TaskOptions options, SerializableFunction<? super A, ? extends R> function, A argument) {
    return calls.applyAsync(Require.notNull("options", options), function, argument);
  }

  @Override
  public <A extends @Nullable Object, R extends @Nullable Object> List<R> map(
      SerializableFunction<? super A, ? extends R> function, Iterable<? extends A> inputs) {
    return maps.map(function, function, Inputs.snapshot(inputs), Maps.ADAPTED);
  }

  @Override
  public <A extends @Nullable Object, R extends @Nullable Object> List<R> map(
      SerializableFunction<? super A, ? extends R> function,
      Iterable<? extends A> inputs,
      int chunkSize) {
    Require.positive("chunkSize", chunkSize);
    return maps.map(function, function, Inputs.snapshot(inputs), chunkSize);
  }

  @Override
  public <A extends @Nullable Object, B extends @Nullable Object, R extends @Nullable Object>
      List<R> map(
          SerializableBiFunction<? super A, ? super B, ? extends R> function,
          Iterable<? extends A> first,
          Iterable<? extends B> second) {
    Inputs rows = Inputs.zip(Inputs.snapshot(first), Inputs.snapshot(second));
    return maps.map(Maps.spread(function), function, rows, Maps.ADAPTED);
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
    Inputs rows =
        Inputs.zip(Inputs.snapshot(first), Inputs.snapshot(second), Inputs.snapshot(third));
    return maps.map(Maps.spread(function), function, rows, Maps.ADAPTED);
  }

  @Override
  public <A extends @Nullable Object, R extends @Nullable Object> AsyncResult<List<R>> mapAsync(
      SerializableFunction<? super A, ? extends R> function, Iterable<? extends A> inputs) {
    return maps.mapAsync(function, function, Inputs.snapshot(inputs), Maps.ADAPTED);
  }

  @Override
  public <A extends @Nullable Object, R extends @Nullable Object> AsyncResult<List<R>> mapAsync(
      SerializableFunction<? super A, ? extends R> function,
      Iterable<? extends A> inputs,
      int chunkSize) {
    Require.positive("chunkSize", chunkSize);
    return maps.mapAsync(function, function, Inputs.snapshot(inputs), chunkSize);
  }

  @Override
  public <A extends @Nullable Object, B extends @Nullable Object, R extends @Nullable Object>
      AsyncResult<List<R>> mapAsync(
          SerializableBiFunction<? super A, ? super B, ? extends R> function,
          Iterable<? extends A> first,
          Iterable<? extends B> second) {
    Inputs rows = Inputs.zip(Inputs.snapshot(first), Inputs.snapshot(second));
    return maps.mapAsync(Maps.spread(function), function, rows, Maps.ADAPTED);
  }

  @Override
  public <
          A extends @Nullable Object,
          B extends @Nullable Object,
          C extends @Nullable Object,
          R extends @Nullable Object>
      AsyncResult<List<R>> mapAsync(
          SerializableTriFunction<? super A, ? super B, ? super C, ? extends R> function,
          Iterable<? extends A> first,
          Iterable<? extends B> second,
          Iterable<? extends C> third) {
    Inputs rows =
        Inputs.zip(Inputs.snapshot(first), Inputs.snapshot(second), Inputs.snapshot(third));
    return maps.mapAsync(Maps.spread(function), function, rows, Maps.ADAPTED);
  }

  @Override
  public <A extends @Nullable Object, R extends @Nullable Object> ResultIterator<R> imap(
      SerializableFunction<? super A, ? extends R> function, Iterable<? extends A> inputs) {
    return maps.iterate(function, Inputs.of(inputs), Maps.ADAPTED, ChunkFlow.Order.SENDING);
  }

  @Override
  public <A extends @Nullable Object, R extends @Nullable Object> ResultIterator<R> imap(
      SerializableFunction<? super A, ? extends R> function,
      Iterable<? extends A> inputs,
      int chunkSize) {
    Require.positive("chunkSize", chunkSize);
    return maps.iterate(function, Inputs.of(inputs), chunkSize, ChunkFlow.Order.SENDING);
  }

  @Override
  public <A extends @Nullable Object, R extends @Nullable Object> ResultIterator<R> imapUnordered(
      SerializableFunction<? super A, ? extends R> function, Iterable<? extends A> inputs) {
    return maps.iterate(function, Inputs.of(inputs), Maps.ADAPTED, ChunkFlow.Order.ARRIVAL);
  }

  @Override
  public <A extends @Nullable Object, R extends @Nullable Object> ResultIterator<R> imapUnordered(
      SerializableFunction<? super A, ? extends R> function,
      Iterable<? extends A> inputs,
      int chunkSize) {
    Require.positive("chunkSize", chunkSize);
    return maps.iterate(function, Inputs.of(inputs), chunkSize, ChunkFlow.Order.ARRIVAL);
  }

  /// The workers that live at this moment. One that dies is replaced, by another process.
  ///
  /// @return the workers, unmodifiable
  public List<JvmProcess> workers() {
    return crew.workers();
  }

  /// A stage of a stream that applies a function in the workers: `stream.gather(pool.mapping(f))`.
  ///
  /// Results come in the order of the elements. As with the JDK's `mapConcurrent` the stage runs in
  /// order and in the stream's own thread; elements are sent in chunks that are adapted to how long
  /// the function takes, a bounded number ahead of the results. When the stream needs no more
  /// (`limit`, `findFirst`), and when a result or what follows fails, what no worker has begun is
  /// taken back. When what comes before fails, the stream is not told of it by the JDK: what is under
  /// way is done for nothing.
  ///
  /// The stream fails with what [#map(SerializableFunction, Iterable)] throws.
  ///
  /// @param function the function
  /// @param <A> the type of the elements
  /// @param <R> the type of the results
  /// @return a gatherer, for any number of streams
  public <A extends @Nullable Object, R extends @Nullable Object> Gatherer<A, ?, R> mapping(
      SerializableFunction<? super A, ? extends R> function) {
    return maps.gatherer(function, Integer.MAX_VALUE, ChunkFlow.Order.SENDING);
  }

  /// As [#mapping], with results in no particular order: none waits for another.
  ///
  /// @param function the function
  /// @param <A> the type of the elements
  /// @param <R> the type of the results
  /// @return a gatherer, for any number of streams
  public <A extends @Nullable Object, R extends @Nullable Object>
      Gatherer<A, ?, R> mappingUnordered(SerializableFunction<? super A, ? extends R> function) {
    return maps.gatherer(function, Integer.MAX_VALUE, ChunkFlow.Order.ARRIVAL);
  }

  /// As [#mappingUnordered(SerializableFunction)], with no more than a number of elements that have been
  /// taken from the stream and whose results have not been passed on.
  ///
  /// @param function the function
  /// @param inFlight how many elements may be under way
  /// @param <A> the type of the elements
  /// @param <R> the type of the results
  /// @return a gatherer, for any number of streams
  /// @throws IllegalArgumentException if the number is not positive
  public <A extends @Nullable Object, R extends @Nullable Object>
      Gatherer<A, ?, R> mappingUnordered(
          SerializableFunction<? super A, ? extends R> function, int inFlight) {
    Require.positive("inFlight", inFlight, "use twice the workers or more");
    return maps.gatherer(function, inFlight, ChunkFlow.Order.ARRIVAL);
  }

  /// This pool as an executor, for code that wants one: it begins and ends with the pool.
  ///
  /// Its tasks must be serializable, which a lambda that only types as `Callable` or `Runnable` is not:
  /// `submit` then throws a [NotSendableException] that says what to write instead, which is
  /// `(Callable<T> & Serializable) () -> ...`. For the same reason it runs neither the stages of a
  /// `CompletableFuture` nor the tasks of an `ExecutorCompletionService`.
  ///
  /// Its futures fail with what the task has thrown as the cause, with the worker's stack, or with a
  /// [WorkerDiedException]. A task of `execute` that fails is reported to the uncaught exception
  /// handler. `shutdownNow` ends the workers and does not wait for that; it returns what was submitted
  /// here and no worker has begun. The futures of those tasks are cancelled, so nobody waits in vain;
  /// to run one of them runs it in the calling thread.
  ///
  /// @return the executor
  public ExecutorService asExecutorService() {
    return executor;
  }

  /// Makes an object that lives in a process of its own, and no other touches: see [Actor]. It is made
  /// while this goes on; the first call waits for it, and hears if its factory fails.
  ///
  /// @param type the interface by which it is called
  /// @param factory makes it, in its process; what it captures is copied
  /// @param <T> the interface
  /// @return the actor; the pool's `close` closes it last of all, `terminate` ends it
  /// @throws NotSendableException if the factory cannot be sent
  /// @throws IllegalArgumentException if the type is no interface
  /// @throws IllegalStateException if the pool is closed
  public <T> Actor<T> actor(Class<T> type, SerializableCallable<? extends T> factory) {
    return actors.open(type, factory, ActorOptions.defaults());
  }

  /// As [#actor(Class, SerializableCallable)].
  ///
  /// @param options whether it is made again when it dies, and how its JVM is to be
  /// @param type the interface by which it is called
  /// @param factory makes it, in its process
  /// @param <T> the interface
  /// @return the actor
  public <T> Actor<T> actor(
      ActorOptions options, Class<T> type, SerializableCallable<? extends T> factory) {
    return actors.open(type, factory, Require.notNull("options", options));
  }

  @Override
  public int processes() {
    return options.processes();
  }

  @Override
  public void shutdown() {
    ending.shutdown();
  }

  @Override
  public void join() throws InterruptedException {
    ending.requireShutdown();
    ending.await(Until.FOREVER);
  }

  @Override
  public boolean join(Duration limit) throws InterruptedException {
    ending.requireShutdown();
    return ending.await(Until.after(limit));
  }

  /// How the pool is, and what it has done so far. Asks the kernel for the memory of each worker.
  ///
  /// @return counts, times and the workers
  public PoolStats stats() {
    return crew.report().stats();
  }

  /// What each worker is about, those of actors included, for people: its task, its heap and the stacks of its threads. Workers that do
  /// not answer are waited for, together up to three seconds.
  ///
  /// @return a text of many lines
  /// @throws CancellationException if the thread is interrupted meanwhile, and stays so
  public String dump() {
    try {
      List<CrewReport> reports = new ArrayList<>(List.of(crew.report()));
      reports.addAll(actors.reports());
      return CrewReport.dump(reports);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Maps.interrupted(name);
    }
  }

  /// {@inheritDoc}
  ///
  /// A callback that closes its pool does not wait for other callbacks.
  @Override
  public void close() {
    ending.close();
  }

  @Override
  public void terminate() {
    ending.terminate();
  }

  /// Name and options, for people.
  @Override
  public String toString() {
    return "ProcessPool[" + name + ", processes=" + options.processes() + "]";
  }

  /// A result has the type that the user's function says, which also says whether it may be null.
  @SuppressWarnings({"unchecked", "NullAway", "TypeParameterUnusedInFormals"})
  static <R extends @Nullable Object> R cast(@Nullable Object result) {
    return (R) result;
  }

  /// As [#applyAsync(SerializableCallable)], for the executor view.
  AsyncResult<?> applyFor(Runnable origin, SerializableCallable<?> task) {
    return calls.applyFor(origin, task);
  }
}
