package io.procession.manager;

import static java.util.Objects.requireNonNull;

import io.procession.connection.Address;
import io.procession.connection.AuthKey;
import io.procession.connection.Pipe;
import io.procession.internal.check.Require;
import io.procession.internal.log.LibraryLogger;
import io.procession.internal.order.Orders;
import io.procession.internal.posix.Interruption;
import io.procession.internal.posix.Processors;
import io.procession.internal.remote.ServedType;
import io.procession.internal.remote.ServerLink;
import io.procession.internal.remote.ServerRef;
import io.procession.internal.watch.Sources;
import io.procession.process.DeathCertificate;
import io.procession.process.JvmProcess;
import io.procession.process.LaunchOptions;
import io.procession.process.ProcessException;
import io.procession.process.StartMethod;
import io.procession.serial.SerializableRunnable;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// A server process that holds objects, and the way to them. What [#create] returns is a proxy: its
/// methods are carried out by the object at the server, for all processes that have a proxy of it.
///
/// ```java
/// try (var manager = new BaseManager().register(COUNTER).start()) {
///   Counter counter = manager.create(COUNTER);
///   Procession.start(() -> counter.increment()).join();
///   System.out.println(counter.value());
/// }
/// ```
///
/// **Proxies** can be sent to other processes, put into other managed objects (where they are the
/// object itself), and used by many threads at a time. An object lives as long as a process has a proxy
/// of it, or one is on its way. An exception that a method throws is thrown by the proxy as itself, with
/// the server's stack; where that cannot be, as the cause of a
/// [RemoteCallException][io.procession.process.RemoteCallException].
///
/// **When the server dies**, whoever calls or waits gets a [ProcessException] at once, which says how it
/// ended. **When a caller dies**, its calls are interrupted, its locks are free, and what only it had is
/// dropped.
///
/// A manager is safe for all threads. It belongs to its process; send proxies. One that is not shut down
/// ends with this process, after children that are joined.
public class BaseManager implements AutoCloseable {
  private static final AtomicInteger MANAGERS = new AtomicInteger();

  private static final String CARRIERS = "jdk.virtualThreadScheduler.parallelism";
  private static final int MANY = 16;
  private static final long BURIAL_NANOS = 1_000_000_000;
  private static final Logger LOGGER = LibraryLogger.of("io.procession.manager");

  private final String name = "manager-" + MANAGERS.incrementAndGet();
  private final ManagerOptions options;
  private final Map<String, ServedType> types = new LinkedHashMap<>(); // guarded by this
  private final List<ManagedType<?>> registered = new ArrayList<>(); // guarded by this
  private @Nullable ServerLink link; // guarded by this
  private boolean isShutDown; // guarded by this
  private @Nullable JvmProcess process; // guarded by this

  /// Creates a manager for processes of this session. It is not started yet.
  public BaseManager() {
    this(ManagerOptions.defaults());
  }

  /// Creates a manager. It is not started yet.
  ///
  /// @param options how it is to be
  public BaseManager(ManagerOptions options) {
    this(options, List.of());
  }

  BaseManager(ManagerOptions options, List<ServedType> own) {
    this.options = Require.notNull("options", options);
    for (ServedType type : StandardTypes.ofEvery()) {
      types.put(type.name(), type);
    }
    for (ServedType type : own) {
      types.put(type.name(), type);
    }
  }

  /// Makes a type known, before the manager is started or connected.
  ///
  /// @param type the type
  /// @return this manager
  /// @throws IllegalStateException if the manager is started, or connected
  /// @throws IllegalArgumentException if another type has its name; the library's own have names, too
  public synchronized BaseManager register(ManagedType<?> type) {
    if (link != null) {
      throw new IllegalStateException(
          "types are registered before the manager is started: type=" + type.name());
    }
    if (!registered.contains(type)) {
      if (types.containsKey(type.name())) {
        throw new IllegalArgumentException(
            "a type of this name is registered already: name="
                + type.name()
                + ", interface="
                + type.type().getName()
                + "; give one of them another name by withName");
      }
      types.put(type.name(), type.served());
      registered.add(type);
    }
    return this;
  }

  /// Starts the server process, and waits until it serves.
  ///
  /// @return this manager
  /// @throws IllegalStateException if the manager is started, connected or closed
  /// @throws ProcessException if the server ended before it served
  /// @throws UncheckedIOException if it cannot listen
  /// @throws CancellationException if the thread is interrupted while the server starts; it stays
  ///     interrupted, and the server ends
  public BaseManager start() {
    return start(() -> {});
  }

  /// Starts the server process, and waits until it serves.
  ///
  /// @param initializer what the server does first
  /// @return this manager
  /// @throws IllegalStateException if the manager is started, connected or closed
  /// @throws ProcessException if the server ended before it served
  /// @throws UncheckedIOException if it cannot listen
  /// @throws CancellationException if the thread is interrupted while the server starts; it stays
  ///     interrupted, and the server ends
  public synchronized BaseManager start(SerializableRunnable initializer) {
    requireFresh();
    List<ServedType> served = new ArrayList<>(types.values());
    try (Pipe pipe = Pipe.duplex()) {
      JvmProcess started =
          JvmProcess.of(
              name,
              launch(),
              new ServerTask(
                  name, served, ServerTask.Place.of(options), pipe.second(), initializer));
      started.setDaemon(true);
      AuthKey key = options.authKey();
      if (key != null) {
        started.setAuthKey(key);
      }
      started.start();
      process = started;
      pipe.second().close();
      use(awaitServer(started, pipe));
    }
    return this;
  }

  /// Callers from elsewhere have virtual threads at the server. With few processors a few methods that
  /// compute for long would leave the others none to run on: so they get more threads of the system.
  private LaunchOptions launch() {
    LaunchOptions launch = options.launch();
    StartMethod method = launch.startMethod();
    boolean isThread = (method == null ? StartMethod.current() : method) == StartMethod.DUMMY;
    return isThread || options.address() == null || launch.systemProperties().containsKey(CARRIERS)
        ? launch
        : launch.withSystemProperty(CARRIERS, String.valueOf(Math.max(MANY, Processors.count())));
  }

  private void use(ServerLink made) {
    for (ManagedType<?> type : registered) {
      made.sees(type.name(), type.type());
    }
    link = made;
  }

  private ServerLink awaitServer(JvmProcess started, Pipe pipe) {
    Object said;
    try {
      said = pipe.first().recv();
    } catch (EOFException e) {
      started.close();
      throw new ProcessException(
          "the server ended before it served: manager=" + name,
          started.certificate().orElseThrow());
    } catch (IOException e) {
      kill(started);
      throw new UncheckedIOException("nothing can be heard of the server: manager=" + name, e);
    } catch (InterruptedException e) {
      kill(started);
      throw Interruption.cancelled("interrupted while the server started: manager=" + name, e);
    }
    if (!(said instanceof ServerRef ref)) {
      started.close();
      throw new ProcessException(
          "the server cannot serve: manager=" + name + ", " + said,
          said instanceof Throwable problem ? problem : null);
    }
    ServerLink made = ServerLink.to(ref, options.way());
    made.endsWith(() -> certificate(started));
    return made;
  }

  /// By force, or as far as that can be.
  private static void kill(JvmProcess server) {
    ((Orders.Addressee) requireNonNull(Sources.of(server))).kill();
  }

  /// Whoever finds the server gone may be a moment ahead of who buries it.
  private static @Nullable DeathCertificate certificate(JvmProcess ended) {
    try {
      return ended.exit().orTimeout(BURIAL_NANOS, TimeUnit.NANOSECONDS).join();
    } catch (CompletionException e) {
      return null; // it is not buried yet
    }
  }

  /// Connects to a server that another process or machine runs, at the address of the options.
  ///
  /// @return this manager
  /// @throws IOException if there is none, or it does not have the same key
  /// @throws InterruptedException if interrupted while connecting
  /// @throws IllegalStateException if the manager is started, connected or closed, or has no address
  public synchronized BaseManager connect() throws IOException, InterruptedException {
    requireFresh();
    Address address = options.address();
    if (address == null) {
      throw new IllegalStateException(
          "a manager needs an address to connect to: manager=" + name + "; use withAddress");
    }
    use(ServerLink.connect(address, options.way()));
    return this;
  }

  /// A server for this manager's types in this process, which serves as long as
  /// [ManagerServer#serveForever] runs.
  ///
  /// @return the server, listening
  /// @throws IOException if it cannot listen
  /// @throws IllegalStateException if the manager is started, connected or closed
  public synchronized ManagerServer getServer() throws IOException {
    requireFresh();
    return ManagerServer.open(
        name, new ArrayList<>(types.values()), options, options.way().options());
  }

  /// Called with this locked.
  private void requireFresh() {
    requireOpen();
    if (link != null) {
      throw new IllegalStateException("the manager is started, or connected: manager=" + name);
    }
  }

  /// Has the server make an object.
  ///
  /// @param type its type
  /// @param arguments what its factory gets
  /// @param <T> the interface
  /// @return its proxy
  /// @throws io.procession.process.RemoteCallException if the server knows no such type
  /// @throws ProcessException if the server has ended
  /// @throws IllegalStateException if the manager is neither started nor connected, or closed
  public <T> T create(ManagedType<T> type, @Nullable Object... arguments) {
    return type.type().cast(link().create(type.name(), arguments));
  }

  /// Sends many calls of objects of this manager in one round trip, and waits until all are done.
  ///
  /// ```java
  /// manager.pipeline(p -> {
  ///   for (String word : words) {
  ///     p.run(counts, c -> c.put(word, 1));
  ///   }
  /// });
  /// ```
  ///
  /// They are carried out in their order. One that throws does not stop those after it: its exception
  /// is that of its future, or is thrown here when all are done (others are suppressed in it). When
  /// the calling thread is interrupted, the call that is under way is interrupted, and those after it
  /// are left out.
  ///
  /// @param calls records the calls; what it throws is thrown, and what was not sent by then never is
  /// @throws InterruptedException if interrupted while waiting
  /// @throws ProcessException if the server has ended
  /// @throws io.procession.process.RemoteCallException with a checked exception of a call without a
  ///     future as its cause; an unchecked one is thrown itself
  /// @throws IllegalStateException if the manager is neither started nor connected, or closed
  public void pipeline(Pipeline.Body calls) throws InterruptedException {
    Require.notNull("calls", calls);
    new Pipeline(link()).run(calls);
  }

  /// The server, to be used. Whoever has closed the manager is told of that, not that the server has ended.
  final ServerLink link() {
    ServerLink known = knownLink();
    synchronized (this) {
      requireOpen();
    }
    return known;
  }

  private ServerLink knownLink() {
    ServerLink known;
    synchronized (this) {
      known = link;
    }
    if (known == null) {
      throw new IllegalStateException(
          "the manager is not started: manager=" + name + "; call start or connect");
    }
    return known;
  }

  /// Called with this locked.
  private void requireOpen() {
    if (isShutDown) {
      throw new IllegalStateException("closed in this process: manager=" + name);
    }
  }

  /// The server's process, if this manager has started it.
  ///
  /// @return the process; empty if it was not started here
  public synchronized Optional<JvmProcess> process() {
    return Optional.ofNullable(process);
  }

  /// Where the server listens for others than processes of its session.
  ///
  /// @return the address; empty if it listens nowhere
  /// @throws IllegalStateException if the manager is neither started nor connected
  public Optional<Address> address() {
    return Optional.ofNullable(knownLink().ref().address());
  }

  /// How many objects the server has that anybody holds.
  ///
  /// @return the number
  public int numberOfObjects() {
    return link().numberOfObjects();
  }

  /// The server's objects, for people: identity, type, number of holders, and their text.
  ///
  /// @return two lines for each
  public String debugInfo() {
    return link().debugInfo();
  }

  /// Ends the server, with all its objects, and waits for that: by force if it takes longer than the
  /// options say. Of a server that was not started here only the connections are closed, with the last
  /// manager of this process that uses them. Again it does nothing.
  public void shutdown() {
    ServerLink known;
    JvmProcess started;
    boolean isFirst;
    synchronized (this) {
      if (link == null) {
        return;
      }
      known = link;
      started = process;
      isFirst = !isShutDown;
      isShutDown = true;
    }
    if (started != null) {
      if (isFirst) {
        askToEnd(known);
      }
      end(started);
      known.close();
    } else if (isFirst) {
      known.leave();
    }
  }

  /// Without waiting for the answer: a server that is stopped has none.
  private void askToEnd(ServerLink known) {
    Thread.ofVirtual()
        .name("procession-shutdown-" + name)
        .start(() -> {
          try {
            known.shutdown();
          } catch (RuntimeException e) {
            LOGGER.log(Level.DEBUG, "the server had ended before, or as it answered", e);
          }
        });
  }

  private void end(JvmProcess started) {
    try {
      if (!started.join(options.shutdownLimit())) {
        kill(started);
        started.join();
      }
    } catch (InterruptedException e) {
      kill(started);
      Thread.currentThread().interrupt();
    }
  }

  /// Waits until the server's process has ended.
  ///
  /// @throws InterruptedException if interrupted while waiting
  /// @throws IllegalStateException if it was not started here
  public void join() throws InterruptedException {
    started().join();
  }

  /// Waits until the server's process has ended, up to a limit.
  ///
  /// @param limit how long
  /// @return whether it has ended
  /// @throws InterruptedException if interrupted while waiting
  /// @throws IllegalStateException if it was not started here
  public boolean join(Duration limit) throws InterruptedException {
    return started().join(limit);
  }

  private synchronized JvmProcess started() {
    if (process == null) {
      throw new IllegalStateException("the server was not started here: manager=" + name);
    }
    return process;
  }

  /// As [#shutdown].
  @Override
  public void close() {
    shutdown();
  }

  @Override
  public String toString() {
    ServerLink known;
    synchronized (this) {
      known = link;
    }
    return getClass().getSimpleName() + "[" + (known == null ? name : known.ref()) + "]";
  }
}
