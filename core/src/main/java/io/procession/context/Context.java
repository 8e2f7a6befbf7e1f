package io.procession.context;

import io.procession.connection.Address;
import io.procession.connection.Client;
import io.procession.connection.Connection;
import io.procession.connection.ConnectionOptions;
import io.procession.connection.Listener;
import io.procession.connection.Pipe;
import io.procession.internal.posix.Processors;
import io.procession.manager.LocalManager;
import io.procession.manager.ManagerOptions;
import io.procession.manager.SharedMemoryManager;
import io.procession.manager.SyncManager;
import io.procession.pool.PoolOptions;
import io.procession.pool.ProcessPool;
import io.procession.process.ExitHook;
import io.procession.process.FreezeSupport;
import io.procession.process.JvmProcess;
import io.procession.process.LaunchOptions;
import io.procession.process.ProcessExit;
import io.procession.process.ProcessLog;
import io.procession.process.StartMethod;
import io.procession.queue.BufferedQueue;
import io.procession.queue.JoinableQueue;
import io.procession.queue.PipeQueue;
import io.procession.queue.PosixQueue;
import io.procession.queue.QueueOptions;
import io.procession.queue.SharedQueue;
import io.procession.queue.SimpleQueue;
import io.procession.serial.NotSendableException;
import io.procession.serial.SerializableRunnable;
import io.procession.sync.BoundedSharedSemaphore;
import io.procession.sync.Deadlock;
import io.procession.sync.LockOptions;
import io.procession.sync.OwnedSemaphore;
import io.procession.sync.SharedBarrier;
import io.procession.sync.SharedCondition;
import io.procession.sync.SharedEvent;
import io.procession.sync.SharedLock;
import io.procession.sync.SharedReentrantLock;
import io.procession.sync.SharedSemaphore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;

/// The library's factories, bound to one way of starting processes.
///
/// Code that takes a context instead of calling the static methods of
/// [Procession][io.procession.Procession] leaves the way of running to its caller. There is one
/// context for each way: `spawn` starts a fresh JVM for each process, `forkserver` has some ready, and
/// those of `dummy` are threads.
/// A context has no state of its own and is safe for use by many threads.
public final class Context extends SharedMemoryFactories {
  private static final Context SPAWN = new Context(StartMethod.SPAWN);
  private static final Context FORKSERVER = new Context(StartMethod.FORKSERVER);
  private static final Context DUMMY = new Context(StartMethod.DUMMY);

  private final StartMethod startMethod;

  private Context(StartMethod startMethod) {
    this.startMethod = startMethod;
  }

  /// The context whose processes are fresh JVMs, started with this one's class path and flags.
  ///
  /// @return the context
  public static Context spawn() {
    return SPAWN;
  }

  /// The context whose processes are JVMs that were started ahead, with this one's class path and
  /// flags, and have warmed up while they waited.
  ///
  /// @return the context
  public static Context forkserver() {
    return FORKSERVER;
  }

  /// The context whose processes are threads of this JVM, for tests and debugging. They behave as other
  /// processes do, with these exceptions. They have one pid, heap, environment and standard output, and
  /// share static fields; `System.exit` ends all of them. They cannot be killed ([JvmProcess#kill]
  /// throws); one that is asked to stop, or terminated, ends when its thread heeds that. Launch options
  /// that a task would miss are refused, those that bound a JVM have no effect.
  ///
  /// @return the context
  public static Context dummy() {
    return DUMMY;
  }

  /// The context of a start method.
  ///
  /// @param method the name of one of [#startMethods]
  /// @return the context
  /// @throws IllegalArgumentException if there is no such method
  public static Context of(String method) {
    return of(StartMethod.of(method));
  }

  /// The context of this process's default start method, which is fixed by that.
  ///
  /// @return the context
  /// @throws IllegalArgumentException if `-Dprocession.context` names no start method
  public static Context current() {
    return of(StartMethod.current());
  }

  private static Context of(StartMethod method) {
    return switch (method) {
      case SPAWN -> SPAWN;
      case FORKSERVER -> FORKSERVER;
      case DUMMY -> DUMMY;
    };
  }

  /// Lets the program's own executable serve as its processes, where a child cannot be started with
  /// `java` and a class path: see [Procession.freezeSupport][io.procession.Procession#freezeSupport].
  ///
  /// @param args the arguments of `main`, all of them
  /// @throws IllegalStateException if it was called before, or a process or session has begun
  public void freezeSupport(String[] args) {
    FreezeSupport.begin(args);
  }

  /// The names of the start methods: `spawn` starts a fresh JVM for each process, `forkserver` has
  /// some ready, `dummy` takes a thread.
  ///
  /// @return them, the one that is the default unless another is chosen first
  public List<String> startMethods() {
    return StartMethod.labels();
  }

  /// The name of the way in which this context starts processes.
  ///
  /// @return the name
  public String startMethod() {
    return startMethod.label();
  }

  /// Names classes that spares load and initialize while they wait: see
  /// [StartMethod#setForkserverPreload]. Holds for the whole process.
  ///
  /// @param classes the classes; they replace those named before
  public void setForkserverPreload(Class<?>... classes) {
    List<String> names = new ArrayList<>();
    for (Class<?> type : classes) {
      names.add(type.getName());
    }
    StartMethod.setForkserverPreload(names);
  }

  /// The library's logger, named `io.procession`: see [ProcessLog#getLogger].
  ///
  /// @return the logger, always the same
  public System.Logger getLogger() {
    return ProcessLog.getLogger();
  }

  /// Lets what the library logs go to the standard error from level WARNING on: see
  /// [#logToStderr(System.Logger.Level)].
  ///
  /// @return the library's logger
  public System.Logger logToStderr() {
    return ProcessLog.logToStderr();
  }

  /// Lets what the library logs go to the standard error, here and in all processes below this one: see
  /// [ProcessLog#logToStderr(System.Logger.Level)]. Holds for the whole process.
  ///
  /// @param level from which level on; OFF lets all go to the platform's logger again
  /// @return the library's logger
  public System.Logger logToStderr(System.Logger.Level level) {
    return ProcessLog.logToStderr(level);
  }

  /// Chooses the `java` command with which processes are started from now on. Holds for the whole process.
  ///
  /// @param java the command, or the folder of a JDK; null for this JVM's own
  /// @throws IllegalArgumentException if it is no Java, or older than 25
  /// @throws java.util.concurrent.CancellationException if the thread is interrupted while it is asked; it
  ///     stays interrupted
  public void setExecutable(@Nullable Path java) {
    StartMethod.setExecutable(java);
  }

  /// Creates a process that is not started yet, as [JvmProcess#of(SerializableRunnable)] does.
  ///
  /// @param task what it shall do
  /// @return the process
  public JvmProcess process(SerializableRunnable task) {
    return process(LaunchOptions.defaults(), task);
  }

  /// Creates a process with a name, not started yet.
  ///
  /// @param name a name for people, which need not be unique
  /// @param task what it shall do
  /// @return the process
  public JvmProcess process(String name, SerializableRunnable task) {
    return process(name, LaunchOptions.defaults(), task);
  }

  /// Creates a process with a JVM of its own kind, not started yet.
  ///
  /// @param options how its JVM is to be; a start method that they name wins over this context's
  /// @param task what it shall do
  /// @return the process
  public JvmProcess process(LaunchOptions options, SerializableRunnable task) {
    return JvmProcess.of(inThisWay(options), task);
  }

  /// Creates a process with a name and a JVM of its own kind, not started yet.
  ///
  /// @param name a name for people, which need not be unique
  /// @param options how its JVM is to be; a start method that they name wins over this context's
  /// @param task what it shall do
  /// @return the process
  public JvmProcess process(String name, LaunchOptions options, SerializableRunnable task) {
    return JvmProcess.of(name, inThisWay(options), task);
  }

  /// Starts a process.
  ///
  /// @param task what it shall do
  /// @return the process, on its way
  /// @throws NotSendableException if the task, or something it captures, cannot be sent
  /// @throws UncheckedIOException if the system refuses to start a process
  public JvmProcess start(SerializableRunnable task) {
    return started(process(task));
  }

  /// Starts a process with a name, as [#start(SerializableRunnable)] does.
  ///
  /// @param name a name for people, which need not be unique
  /// @param task what it shall do
  /// @return the process, on its way
  public JvmProcess start(String name, SerializableRunnable task) {
    return started(process(name, task));
  }

  /// Starts a process with a JVM of its own kind, as [#start(SerializableRunnable)] does.
  ///
  /// @param options how its JVM is to be; a start method that they name wins over this context's
  /// @param task what it shall do
  /// @return the process, on its way
  public JvmProcess start(LaunchOptions options, SerializableRunnable task) {
    return started(process(options, task));
  }

  /// Starts a process with a name and a JVM of its own kind, as [#start(SerializableRunnable)] does.
  ///
  /// @param name a name for people, which need not be unique
  /// @param options how its JVM is to be; a start method that they name wins over this context's
  /// @param task what it shall do
  /// @return the process, on its way
  public JvmProcess start(String name, LaunchOptions options, SerializableRunnable task) {
    return started(process(name, options, task));
  }

  /// Lets this process do something when it ends in order: see [ExitHook].
  ///
  /// @param action what to do
  /// @return the hook, to take it back
  /// @throws IllegalStateException if the process ends, and all hooks have run
  public ExitHook atExit(Runnable action) {
    return atExit(ExitHook.USER, action);
  }

  /// Lets this process do something when it ends in order: see [ExitHook].
  ///
  /// @param priority its place among others: the higher, the earlier
  /// @param action what to do
  /// @return the hook, to take it back
  /// @throws IllegalStateException if the process ends, and all hooks have run
  public ExitHook atExit(int priority, Runnable action) {
    return ExitHook.add(priority, action);
  }

  /// Opens a pool with a worker for each processor that this process may use.
  ///
  /// @return the pool
  public ProcessPool pool() {
    return pool(PoolOptions.defaults());
  }

  /// Opens a pool.
  ///
  /// @param processes how many workers it has
  /// @return the pool
  /// @throws IllegalArgumentException if the number is not positive
  public ProcessPool pool(int processes) {
    return pool(PoolOptions.defaults().withProcesses(processes));
  }

  /// Opens a pool.
  ///
  /// @param options how it is to be
  /// @return the pool
  /// @throws IllegalArgumentException if the session has no room for so many processes, its bean's name is
  ///     taken, or the machine or container has not the memory; nothing has been started
  /// @throws IllegalStateException if this process is itself still starting
  /// @throws UncheckedIOException if the system refuses to start a process
  public ProcessPool pool(PoolOptions options) {
    return ProcessPool.open(options.withLaunch(inThisWay(options.launch())));
  }

  /// Starts a manager: a process that serves lists, maps, queues, locks and more to all others.
  ///
  /// @return the manager, serving; close it, or it ends with this process
  public SyncManager manager() {
    return manager(ManagerOptions.defaults());
  }

  /// Starts a manager.
  ///
  /// @param options how it is to be
  /// @return the manager, serving; close it, or it ends with this process
  /// @throws io.procession.process.ProcessException if the server ended before it served
  /// @throws UncheckedIOException if it cannot listen
  /// @throws java.util.concurrent.CancellationException if the thread is interrupted while the server
  ///     starts; it stays interrupted
  public SyncManager manager(ManagerOptions options) {
    return new SyncManager(options.withLaunch(inThisWay(options.launch()))).start();
  }

  /// Opens a manager without a server, whose objects lie in shared memory.
  ///
  /// @return the manager; what it makes ends with it, or with this process
  public LocalManager localManager() {
    return LocalManager.open();
  }

  /// Opens a manager of shared memory: of blocks and lists.
  ///
  /// @return the manager; what it makes ends with it, or with this process
  public SharedMemoryManager sharedMemoryManager() {
    return SharedMemoryManager.open();
  }

  /// Creates a lock for the threads of all processes of the session.
  ///
  /// @return the lock, free
  public SharedLock lock() {
    return SharedLock.create();
  }

  /// Creates a lock for the threads of all processes of the session.
  ///
  /// @param options how it is to be
  /// @return the lock, free
  public SharedLock lock(LockOptions options) {
    return SharedLock.create(options);
  }

  /// Creates a lock that the thread that holds it may take again.
  ///
  /// @return the lock, free
  public SharedReentrantLock reentrantLock() {
    return SharedReentrantLock.create();
  }

  /// Creates a lock that the thread that holds it may take again.
  ///
  /// @param options how it is to be
  /// @return the lock, free
  public SharedReentrantLock reentrantLock(LockOptions options) {
    return SharedReentrantLock.create(options);
  }

  /// Creates a semaphore: permits that any thread of any process may take and bring.
  ///
  /// @param permits how many there are at first
  /// @return the semaphore
  /// @throws IllegalArgumentException if the number is negative
  public SharedSemaphore semaphore(int permits) {
    return SharedSemaphore.create(permits);
  }

  /// Creates a semaphore that refuses to have more permits than at first.
  ///
  /// @param permits how many there are at first, and at most
  /// @return the semaphore
  /// @throws IllegalArgumentException if the number is negative
  public BoundedSharedSemaphore boundedSemaphore(int permits) {
    return BoundedSharedSemaphore.create(permits);
  }

  /// Creates a condition with a reentrant lock of its own ([SharedCondition#lock]).
  ///
  /// @return the condition
  public SharedCondition condition() {
    return SharedReentrantLock.create().newCondition();
  }

  /// Creates an event: a flag to wait for.
  ///
  /// @return the event, not set
  public SharedEvent event() {
    return SharedEvent.create();
  }

  /// Creates a semaphore whose permits belong to processes: those of a process that dies come back.
  ///
  /// @param permits how many there are
  /// @return the semaphore
  /// @throws IllegalArgumentException if the number is negative
  public OwnedSemaphore ownedSemaphore(int permits) {
    return OwnedSemaphore.create(permits);
  }

  /// Creates a barrier: a place where threads of all processes wait for each other.
  ///
  /// @param parties how many wait for each other
  /// @return the barrier
  /// @throws IllegalArgumentException if the number is not positive
  public SharedBarrier barrier(int parties) {
    return SharedBarrier.create(parties);
  }

  /// Creates a barrier with an action.
  ///
  /// @param parties how many wait for each other
  /// @param action what the last to come runs, in its own process
  /// @return the barrier
  /// @throws IllegalArgumentException if the number is not positive
  /// @throws NotSendableException if the action cannot be sent
  public SharedBarrier barrier(int parties, SerializableRunnable action) {
    return SharedBarrier.create(parties, action);
  }

  /// Looks for threads, of all processes of the session, that wait for each other's locks in a circle.
  /// Sees waits for a [SharedLock] or [SharedReentrantLock] that have lasted 10 ms, up to 15,360 at a
  /// time. Costs nothing unless it is called; does not block. Safe for all threads.
  ///
  /// @return each deadlock once; what is reported was one during this call
  public List<Deadlock> findDeadlocks() {
    return Deadlock.findAll();
  }

  /// Creates a queue without a bound on its messages.
  ///
  /// @param <E> the type of its elements
  /// @return the queue, empty
  public <E> SharedQueue<E> queue() {
    return SharedQueue.create();
  }

  /// Creates a queue that holds a limited number of messages: `put` waits while it is full.
  ///
  /// @param <E> the type of its elements
  /// @param capacity how many at most
  /// @return the queue, empty
  /// @throws IllegalArgumentException if the capacity is not positive
  public <E> SharedQueue<E> queue(int capacity) {
    return SharedQueue.create(capacity);
  }

  /// Creates a queue.
  ///
  /// @param <E> the type of its elements
  /// @param options its bounds
  /// @return the queue, empty
  public <E> SharedQueue<E> queue(QueueOptions options) {
    return SharedQueue.create(options);
  }

  /// Creates a queue with the memory of a pipe: `put` waits while about a megabyte has not been taken.
  ///
  /// @param <E> the type of its elements
  /// @return the queue, empty
  public <E> PipeQueue<E> pipeQueue() {
    return PipeQueue.create();
  }

  /// Creates a queue with the memory of a pipe that holds a limited number of elements.
  ///
  /// @param <E> the type of its elements
  /// @param capacity how many at most
  /// @return the queue, empty
  /// @throws IllegalArgumentException if it is not positive
  public <E> PipeQueue<E> pipeQueue(int capacity) {
    return PipeQueue.create(capacity);
  }

  /// Creates an unbounded queue of tasks, whose takers say when each is done.
  ///
  /// @param <E> the type of its elements
  /// @return the queue
  public <E> JoinableQueue<E> joinableQueue() {
    return JoinableQueue.create();
  }

  /// Creates a queue of tasks that holds at most `capacity` elements: `put` waits above it.
  ///
  /// @param <E> the type of its elements
  /// @param capacity most elements at a time
  /// @return the queue
  /// @throws IllegalArgumentException if the capacity is not positive
  public <E> JoinableQueue<E> joinableQueue(int capacity) {
    return JoinableQueue.create(capacity);
  }

  /// Creates a queue of tasks.
  ///
  /// @param <E> the type of its elements
  /// @param options how it is to be
  /// @return the queue
  public <E> JoinableQueue<E> joinableQueue(QueueOptions options) {
    return JoinableQueue.create(options);
  }

  /// Creates an unbounded queue with the fewest methods.
  ///
  /// @param <E> the type of its elements
  /// @return the queue
  public <E> SimpleQueue<E> simpleQueue() {
    return SimpleQueue.create();
  }

  /// Creates a buffer, with a thread that empties it, before a new unbounded queue.
  ///
  /// @param <E> the type of its elements
  /// @return the buffered queue
  public <E> BufferedQueue<E> bufferedQueue() {
    return BufferedQueue.create();
  }

  /// Creates a buffer, with a thread that empties it, before a queue: `put` never waits. Before a queue
  /// that is no collection it takes its [view][io.procession.queue.ProcessQueue#asBlockingQueue].
  ///
  /// @param <E> the type of its elements
  /// @param queue where the elements go; closed with the buffer
  /// @return the buffered queue
  public <E> BufferedQueue<E> bufferedQueue(BlockingQueue<E> queue) {
    return BufferedQueue.before(queue);
  }

  /// Creates a queue that the kernel keeps: a POSIX message queue of the system's default size.
  ///
  /// @param <E> the type of its elements
  /// @return the queue, empty
  /// @throws UncheckedIOException that names the limit, if the system refuses
  /// @throws UnsupportedOperationException on a platform without POSIX message queues
  public <E> PosixQueue<E> posixQueue() {
    return PosixQueue.create();
  }

  /// Creates a queue that the kernel keeps: a POSIX message queue.
  ///
  /// @param <E> the type of its elements
  /// @param maxMessages how many at most at a time, 0 for the system's default
  /// @param maxMessageBytes how many bytes an element has at most, 0 for the system's default
  /// @return the queue, empty
  /// @throws IllegalArgumentException if one is negative
  /// @throws UncheckedIOException that names the limit, if the system refuses
  /// @throws UnsupportedOperationException on a platform without POSIX message queues
  public <E> PosixQueue<E> posixQueue(int maxMessages, int maxMessageBytes) {
    return PosixQueue.create(maxMessages, maxMessageBytes);
  }

  /// Creates a pipe whose two ends both send and receive.
  ///
  /// @return the two ends
  public Pipe pipe() {
    return Pipe.duplex();
  }

  /// Creates a pipe whose first end receives what its second end sends.
  ///
  /// @return the two ends
  public Pipe oneWayPipe() {
    return Pipe.oneWay();
  }

  /// Listens for connections at an address that is free and private: a Unix domain socket in a folder
  /// that only this user may enter. [Listener#address] is what clients need.
  ///
  /// @return the listener
  /// @throws IOException if the system refuses
  public Listener listener() throws IOException {
    return Listener.open();
  }

  /// Listens for connections at an address.
  ///
  /// @param address where; port 0 takes a free port
  /// @param options how connections are to be: key, TLS and more
  /// @return the listener
  /// @throws IOException if the address is in use, or the system refuses for another reason
  public Listener listener(Address address, ConnectionOptions options) throws IOException {
    return Listener.open(address, options);
  }

  /// Connects to a listener, waiting as long as the system does.
  ///
  /// @param address where it is
  /// @param options how the connection is to be: key, TLS and more
  /// @return the connection
  /// @throws IOException if nobody listens there, the key is wrong, or the system refuses
  /// @throws InterruptedException if interrupted while waiting
  public Connection client(Address address, ConnectionOptions options)
      throws IOException, InterruptedException {
    return Client.connect(address, options);
  }

  /// The process that runs this code. The first process of all is named `main`.
  ///
  /// @return this process
  public JvmProcess currentProcess() {
    return JvmProcess.currentProcess();
  }

  /// The children of this process that were started and have not ended.
  ///
  /// @return them, in the order of their starts
  public List<JvmProcess> activeChildren() {
    return JvmProcess.activeChildren();
  }

  /// The process that has started this one: see [JvmProcess#parentProcess].
  ///
  /// @return it; empty in a session's first process
  public Optional<JvmProcess> parentProcess() {
    return JvmProcess.parentProcess();
  }

  /// Ends the work of a thread that computes, if this process was asked to stop: see [JvmProcess#stop].
  ///
  /// @throws ProcessExit if it was
  public void checkExit() {
    JvmProcess.checkExit();
  }

  /// How many processors this machine has, whether or not this process may use them.
  ///
  /// @return the number, at least one
  public int cpuCount() {
    return Processors.count();
  }

  /// How many processors this process may use: affinity and container limits count.
  ///
  /// @return the number, at least one
  public int usableCpuCount() {
    return Processors.usable();
  }

  /// The way in which this context starts processes.
  @Override
  public String toString() {
    return "Context[" + startMethod() + "]";
  }

  private LaunchOptions inThisWay(LaunchOptions options) {
    return options.startMethod() == null ? options.withStartMethod(startMethod) : options;
  }

  private static JvmProcess started(JvmProcess process) {
    process.start();
    return process;
  }
}
