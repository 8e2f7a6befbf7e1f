package io.procession.pool;

import io.procession.internal.check.Require;
import io.procession.process.JvmProcess;
import io.procession.serial.Codec;
import io.procession.serial.SerializableCallable;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// An object that lives in a process of its own, behind its interface: for state that must not be
/// shared, and for code that must not be near one's own.
///
/// ```java
/// try (Actor<Counter> actor = pool.actor(Counter.class, MapCounter::new)) {
///   Counter counter = actor.proxy();
///   counter.add("apples", 2);
/// }
/// ```
///
/// Calls run one after another there: those of one thread in their order, and none while another
/// runs, so the object needs no locks. A call waits for its end; one whose method returns a
/// `Future`, `CompletionStage` or `CompletableFuture` returns at once, with an [AsyncResult] of
/// what the object's own future yields. The next call begins when that future is done: one that only
/// a later call would complete never is. Arguments and results are copies.
///
/// What a method throws is thrown here, with the stack of the worker, and with the caller's among
/// its suppressed exceptions; a checked exception that the method does not declare is the cause of
/// a [RemoteCallException][io.procession.process.RemoteCallException]. Futures fail as those of the
/// pool do, with a [TaskException].
///
/// When the process dies, the call that it ran fails with a
/// [ProcessException][io.procession.process.ProcessException] that has the certificate. Calls that
/// it had not begun wait until the object has been made again, if [ActorOptions#restarts] says so;
/// else they and all later ones fail with that certificate, too. The deadlines and the memory limit
/// of the pool hold for the actor as well; a call is never run twice.
///
/// An object that is [AutoCloseable] is closed in its process, when the actor is. Safe for all
/// threads; it cannot be sent to other processes: managers are for that.
///
/// @param <T> the interface
public final class Actor<T> implements AutoCloseable {
  private final String name;
  private final T proxy;
  private final Crew crew;
  private final Ending ending;
  private final Actors all;

  private Actor(String name, T proxy, Crew crew, Ending ending, Actors all) {
    this.name = name;
    this.proxy = proxy;
    this.crew = crew;
    this.ending = ending;
    this.all = all;
  }

  /// @param name what its process is called
  /// @param pool the options of the pool
  /// @param events of the pool, null if nobody listens
  /// @param all the actors of the pool
  static <T> Actor<T> open(
      String name,
      Class<T> type,
      SerializableCallable<? extends T> factory,
      ActorOptions options,
      PoolOptions pool,
      Codec codec,
      @Nullable Events events,
      Actors all) {
    Require.notNull("factory", factory);
    if (!type.isInterface()) {
      throw new IllegalArgumentException(
          "an actor is called by an interface: type="
              + type.getName()
              + "; let its class implement one, and give that");
    }
    PoolOptions own =
        pool.withProcesses(1)
            .withRetries(0)
            .withTask(pool.task().withRetries(0))
            .withMaxTasksPerWorker(0)
            .withIsolation(Isolation.WORKER)
            .withLargerHeap(0)
            .withBean(null)
            .withMemoryLimits(0, pool.hardMemory())
            .withLaunch(options.launch() == null ? pool.launch() : options.launch())
            .withInitializer(ActorHost.opening(pool.initializer(), type, factory));
    Dispatcher dispatcher = new Dispatcher(name, own, Rounds.OF_JVM, events);
    CallbackLane callbacks = new CallbackLane();
    String shown = type.getSimpleName() + " at " + name;
    T proxy =
        type.cast(
            Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                new ActorCalls(
                    shown, type, dispatcher, codec, callbacks, new Contexts(pool.contexts()))));
    Crew crew = Crew.open(name, own, dispatcher, new Lives(options));
    Ending ending = new Ending(name, dispatcher, crew, callbacks, null);
    return new Actor<>(shown, proxy, crew, ending, all);
  }

  /// The object, as callers see it. Its `equals`, `hashCode` and `toString` are those of the proxy.
  ///
  /// @return the same at each call
  public T proxy() {
    return proxy;
  }

  /// The process in which the object lives now.
  ///
  /// @return it; empty between its death and the next, and after the end
  public Optional<JvmProcess> worker() {
    List<JvmProcess> workers = crew.workers();
    return workers.isEmpty() ? Optional.empty() : Optional.of(workers.getFirst());
  }

  CrewReport report() {
    return crew.report();
  }

  /// Takes no more calls, waits until those that were made are done, closes the object and ends its
  /// process. The object's own `close` has ten seconds. A thread that is interrupted meanwhile
  /// terminates it, and stays interrupted.
  @Override
  public void close() {
    ending.close();
    all.remove(this);
  }

  /// Ends the process now and waits for its end. Calls that are not done fail, with an
  /// [IllegalStateException] where a caller waits, else with a
  /// [CancellationException][java.util.concurrent.CancellationException].
  public void terminate() {
    ending.terminate();
    all.remove(this);
  }

  /// Interface and name, for people.
  @Override
  public String toString() {
    return "Actor[" + name + "]";
  }
}
