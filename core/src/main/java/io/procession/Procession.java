package io.procession;

import io.procession.connection.Address;
import io.procession.connection.Connection;
import io.procession.connection.ConnectionOptions;
import io.procession.connection.Listener;
import io.procession.connection.Pipe;
import io.procession.context.Context;
import io.procession.manager.LocalManager;
import io.procession.manager.ManagerOptions;
import io.procession.manager.SharedMemoryManager;
import io.procession.manager.SyncManager;
import io.procession.pool.PoolOptions;
import io.procession.pool.ProcessPool;
import io.procession.process.ExitHook;
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
import io.procession.serial.SerializableRunnable;
import io.procession.shared.ElementType;
import io.procession.shared.ShareableList;
import io.procession.shared.SharedArray;
import io.procession.shared.SharedMemory;
import io.procession.shared.SharedStruct;
import io.procession.shared.SharedValue;
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
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;

/// The front door: the whole library as static methods.
///
/// ```java
/// try (var pool = Procession.pool(4)) {
///   System.out.println(pool.map(x -> x * x, List.of(1, 2, 3)));
/// }
/// ```
///
/// The first process that makes an object of the library opens a session; the processes that it
/// starts, and theirs, belong to it. Queues, pipes and locks can be captured by a task, sent through
/// a queue or a pipe and given to a pool: every process of the session then uses the same one.
///
/// The methods are those of [Context] for the default way of starting processes: `spawn`, unless
/// `-Dprocession.context` or [#setStartMethod] chooses another. All are safe for use by many threads.
public final class Procession {
  private Procession() {}

  /// Lets a program's own executable serve as its child processes, where a child cannot be started with
  /// `java` and a class path: a jar with nested jars and a launcher (as Spring Boot's), an image of
  /// `jpackage`, a run-time image without the `java` command. To be called first in `main`. Else it does
  /// nothing; see [FreezeSupport][io.procession.process.FreezeSupport].
  ///
  /// @param args the arguments of `main`, all of them
  /// @throws IllegalStateException if it was called before, or a process or session has begun
  public static void freezeSupport(String[] args) {
    Context.spawn().freezeSupport(args);
  }

  /// The names of the start methods: see [Context#startMethods].
  ///
  /// @return them, the one that is the default unless another is chosen first
  public static List<String> startMethods() {
    return StartMethod.labels();
  }

  /// The default start method of this process. To ask for it, as to start a process or a pool by it,
  /// fixes it.
  ///
  /// @return its name
  /// @throws IllegalArgumentException if `-Dprocession.context` names none
  public static String startMethod() {
    return Context.current().startMethod();
  }

  /// Chooses the default start method, once and before the first process or pool. Children have it too.
  ///
  /// @param name the name of one of [#startMethods]
  /// @throws IllegalArgumentException if there is none of that name
  /// @throws IllegalStateException if it has been chosen or used
  public static void setStartMethod(String name) {
    StartMethod.setDefault(StartMethod.of(name));
  }

  /// Chooses the default start method as [#setStartMethod(String)] does, if need be again.
  ///
  /// @param name the name of one of [#startMethods]
  /// @param force whether it may have been chosen or used already
  /// @throws IllegalStateException if it has been chosen or used already, and is not forced
  public static void setStartMethod(String name, boolean force) {
    if (force) {
      StartMethod.forceDefault(StartMethod.of(name));
    } else {
      setStartMethod(name);
    }
  }

  /// The library's factories with another start method.
  ///
  /// @param method the name of one of [#startMethods]
  /// @return the context
  /// @throws IllegalArgumentException if there is none of that name
  public static Context context(String method) {
    return Context.of(method);
  }

  /// The library's factories with processes that are threads of this JVM: see [Context#dummy].
  ///
  /// @return the context
  public static Context dummy() {
    return Context.dummy();
  }

  /// Names classes that spares of `forkserver` load ahead: see [StartMethod#setForkserverPreload].
  ///
  /// @param classes the classes; they replace those named before
  public static void setForkserverPreload(Class<?>... classes) {
    Context.forkserver().setForkserverPreload(classes);
  }

  /// The library's logger, there for programs as well: see [ProcessLog#getLogger].
  ///
  /// @return the logger, always the same
  public static System.Logger getLogger() {
    return ProcessLog.getLogger();
  }

  /// As [#logToStderr(System.Logger.Level)], from level WARNING on.
  ///
  /// @return the library's logger
  public static System.Logger logToStderr() {
    return ProcessLog.logToStderr();
  }

  /// Lets what the library logs, and what programs log by [#getLogger], go to the standard error, here and
  /// in all processes below this one: see [ProcessLog#logToStderr(System.Logger.Level)].
  ///
  /// @param level from which level on; OFF lets all go to the platform's logger again
  /// @return the library's logger
  public static System.Logger logToStderr(System.Logger.Level level) {
    return ProcessLog.logToStderr(level);
  }

  /// Chooses the `java` command that starts processes from now on: see [StartMethod#setExecutable].
  ///
  /// @param java the command, or the folder of a JDK; null for this JVM's own
  public static void setExecutable(@Nullable Path java) {
    StartMethod.setExecutable(java);
  }

  /// Creates a process that is not started yet, as [JvmProcess#of(SerializableRunnable)] does.
  ///
  /// @param task what it shall do
  /// @return the process
  public static JvmProcess process(SerializableRunnable task) {
    return Context.current().process(task);
  }

  /// Creates a process with a name, not started yet.
  ///
  /// @param name a name for people, which need not be unique
  /// @param task what it shall do
  /// @return the process
  public static JvmProcess process(String name, SerializableRunnable task) {
    return Context.current().process(name, task);
  }

  /// Creates a process with a JVM of its own kind, not started yet.
  ///
  /// @param options how its JVM is to be
  /// @param task what it shall do
  /// @return the process
  public static JvmProcess process(LaunchOptions options, SerializableRunnable task) {
    return Context.current().process(options, task);
  }

  /// Creates a process with a name and a JVM of its own kind, not started yet.
  ///
  /// @param name a name for people, which need not be unique
  /// @param options how its JVM is to be
  /// @param task what it shall do
  /// @return the process
  public static JvmProcess process(String name, LaunchOptions options, SerializableRunnable task) {
    return Context.current().process(name, options, task);
  }

  /// Starts a process, as [JvmProcess#start] does.
  ///
  /// @param task what it shall do
  /// @return the process, on its way
  public static JvmProcess start(SerializableRunnable task) {
    return Context.current().start(task);
  }

  /// Starts a process with a name, as [JvmProcess#start] does.
  ///
  /// @param name a name for people, which need not be unique
  /// @param task what it shall do
  /// @return the process, on its way
  public static JvmProcess start(String name, SerializableRunnable task) {
    return Context.current().start(name, task);
  }

  /// Starts a process with a JVM of its own kind, as [JvmProcess#start] does.
  ///
  /// @param options how its JVM is to be
  /// @param task what it shall do
  /// @return the process, on its way
  public static JvmProcess start(LaunchOptions options, SerializableRunnable task) {
    return Context.current().start(options, task);
  }

  /// Starts a process with a name and a JVM of its own kind, as [JvmProcess#start] does.
  ///
  /// @param name a name for people, which need not be unique
  /// @param options how its JVM is to be
  /// @param task what it shall do
  /// @return the process, on its way
  public static JvmProcess start(String name, LaunchOptions options, SerializableRunnable task) {
    return Context.current().start(name, options, task);
  }

  /// Lets this process do something when it ends in order: see [Context#atExit(Runnable)].
  ///
  /// @param action what to do
  /// @return the hook, to take it back
  public static ExitHook atExit(Runnable action) {
    return Context.spawn().atExit(action);
  }

  /// Lets this process do something when it ends in order: see [Context#atExit(int, Runnable)].
  ///
  /// @param priority its place: the higher, the earlier
  /// @param action what to do
  /// @return the hook, to take it back
  public static ExitHook atExit(int priority, Runnable action) {
    return Context.spawn().atExit(priority, action);
  }

  /// Opens a pool with a worker for each processor that this process may use.
  ///
  /// @return the pool
  public static ProcessPool pool() {
    return Context.current().pool();
  }

  /// Opens a pool.
  ///
  /// @param processes how many workers it has
  /// @return the pool
  /// @throws IllegalArgumentException if the number is not positive
  public static ProcessPool pool(int processes) {
    return Context.current().pool(processes);
  }

  /// Opens a pool, as [ProcessPool#open(PoolOptions)] does.
  ///
  /// @param options how it is to be
  /// @return the pool
  public static ProcessPool pool(PoolOptions options) {
    return Context.current().pool(options);
  }

  /// Starts a manager: a process that serves lists, maps, queues, locks and more to all others.
  ///
  /// @return the manager, serving; close it, or it ends with this process
  public static SyncManager manager() {
    return Context.current().manager();
  }

  /// Starts a manager, as [SyncManager#start()] does.
  ///
  /// @param options how it is to be
  /// @return the manager, serving; close it, or it ends with this process
  public static SyncManager manager(ManagerOptions options) {
    return Context.current().manager(options);
  }

  /// Opens a manager without a server, whose objects lie in shared memory.
  ///
  /// @return the manager; what it makes ends with it, or with this process
  public static LocalManager localManager() {
    return Context.spawn().localManager();
  }

  /// Opens a manager of shared memory: of blocks and lists.
  ///
  /// @return the manager; what it makes ends with it, or with this process
  public static SharedMemoryManager sharedMemoryManager() {
    return Context.spawn().sharedMemoryManager();
  }

  /// Creates a lock for the threads of all processes of the session.
  ///
  /// @return the lock, free
  public static SharedLock lock() {
    return Context.spawn().lock();
  }

  /// Creates a lock for the threads of all processes of the session.
  ///
  /// @param options how it is to be
  /// @return the lock, free
  public static SharedLock lock(LockOptions options) {
    return Context.spawn().lock(options);
  }

  /// Creates a lock that the thread that holds it may take again.
  ///
  /// @return the lock, free
  public static SharedReentrantLock reentrantLock() {
    return Context.spawn().reentrantLock();
  }

  /// Creates a lock that the thread that holds it may take again.
  ///
  /// @param options how it is to be
  /// @return the lock, free
  public static SharedReentrantLock reentrantLock(LockOptions options) {
    return Context.spawn().reentrantLock(options);
  }

  /// Creates a semaphore: permits that any thread of any process may take and bring.
  ///
  /// @param permits how many there are at first
  /// @return the semaphore
  /// @throws IllegalArgumentException if the number is negative
  public static SharedSemaphore semaphore(int permits) {
    return Context.spawn().semaphore(permits);
  }

  /// Creates a semaphore that refuses to have more permits than at first.
  ///
  /// @param permits how many there are at first, and at most
  /// @return the semaphore
  /// @throws IllegalArgumentException if the number is negative
  public static BoundedSharedSemaphore boundedSemaphore(int permits) {
    return Context.spawn().boundedSemaphore(permits);
  }

  /// Creates a condition with a reentrant lock of its own ([SharedCondition#lock]).
  ///
  /// @return the condition
  public static SharedCondition condition() {
    return Context.spawn().condition();
  }

  /// Creates an event: a flag to wait for.
  ///
  /// @return the event, not set
  public static SharedEvent event() {
    return Context.spawn().event();
  }

  /// Creates a semaphore whose permits belong to processes: those of a process that dies come back.
  ///
  /// @param permits how many there are
  /// @return the semaphore
  /// @throws IllegalArgumentException if the number is negative
  public static OwnedSemaphore ownedSemaphore(int permits) {
    return Context.spawn().ownedSemaphore(permits);
  }

  /// Creates a barrier: a place where threads of all processes wait for each other.
  ///
  /// @param parties how many wait for each other
  /// @return the barrier
  /// @throws IllegalArgumentException if the number is not positive
  public static SharedBarrier barrier(int parties) {
    return Context.spawn().barrier(parties);
  }

  /// Creates a barrier with an action: see [SharedBarrier#create(int, SerializableRunnable)].
  ///
  /// @param parties how many wait for each other
  /// @param action what the last to come runs, in its own process
  /// @return the barrier
  public static SharedBarrier barrier(int parties, SerializableRunnable action) {
    return Context.spawn().barrier(parties, action);
  }

  /// Creates a queue without a bound on its messages.
  ///
  /// @param <E> the type of its elements
  /// @return the queue, empty
  public static <E> SharedQueue<E> queue() {
    return Context.spawn().queue();
  }

  /// Creates a queue that holds a limited number of messages: `put` waits while it is full.
  ///
  /// @param <E> the type of its elements
  /// @param capacity how many at most
  /// @return the queue, empty
  /// @throws IllegalArgumentException if the capacity is not positive
  public static <E> SharedQueue<E> queue(int capacity) {
    return Context.spawn().queue(capacity);
  }

  /// Creates a queue.
  ///
  /// @param <E> the type of its elements
  /// @param options its bounds
  /// @return the queue, empty
  public static <E> SharedQueue<E> queue(QueueOptions options) {
    return Context.spawn().queue(options);
  }

  /// Creates a queue with the memory of a pipe: `put` waits while about a megabyte has not been taken.
  ///
  /// @param <E> the type of its elements
  /// @return the queue, empty
  public static <E> PipeQueue<E> pipeQueue() {
    return Context.spawn().pipeQueue();
  }

  /// Creates a queue with the memory of a pipe that holds a limited number of elements.
  ///
  /// @param <E> the type of its elements
  /// @param capacity how many at most
  /// @return the queue, empty
  /// @throws IllegalArgumentException if it is not positive
  public static <E> PipeQueue<E> pipeQueue(int capacity) {
    return Context.spawn().pipeQueue(capacity);
  }

  /// Creates an unbounded queue of tasks, whose takers say when each is done.
  ///
  /// @param <E> the type of its elements
  /// @return the queue
  public static <E> JoinableQueue<E> joinableQueue() {
    return Context.spawn().joinableQueue();
  }

  /// Creates a queue of tasks that holds at most `capacity` elements: `put` waits above it.
  ///
  /// @param <E> the type of its elements
  /// @param capacity most elements at a time
  /// @return the queue
  /// @throws IllegalArgumentException if the capacity is not positive
  public static <E> JoinableQueue<E> joinableQueue(int capacity) {
    return Context.spawn().joinableQueue(capacity);
  }

  /// Creates a queue of tasks.
  ///
  /// @param <E> the type of its elements
  /// @param options how it is to be
  /// @return the queue
  public static <E> JoinableQueue<E> joinableQueue(QueueOptions options) {
    return Context.spawn().joinableQueue(options);
  }

  /// Creates an unbounded queue with the fewest methods.
  ///
  /// @param <E> the type of its elements
  /// @return the queue
  public static <E> SimpleQueue<E> simpleQueue() {
    return Context.spawn().simpleQueue();
  }

  /// Creates a buffer, with a thread that empties it, before a new unbounded queue.
  ///
  /// @param <E> the type of its elements
  /// @return the buffered queue
  public static <E> BufferedQueue<E> bufferedQueue() {
    return Context.spawn().bufferedQueue();
  }

  /// Creates a buffer, with a thread that empties it, before a queue: `put` never waits. Before a queue
  /// that is no collection it takes its [view][io.procession.queue.ProcessQueue#asBlockingQueue].
  ///
  /// @param <E> the type of its elements
  /// @param queue where the elements go; closed with the buffer
  /// @return the buffered queue
  public static <E> BufferedQueue<E> bufferedQueue(BlockingQueue<E> queue) {
    return Context.spawn().bufferedQueue(queue);
  }

  /// Creates a queue that the kernel keeps, of the system's default size: see [PosixQueue#create()].
  ///
  /// @param <E> the type of its elements
  /// @return the queue, empty
  public static <E> PosixQueue<E> posixQueue() {
    return Context.spawn().posixQueue();
  }

  /// Creates a queue that the kernel keeps: see [PosixQueue#create(int, int)].
  ///
  /// @param <E> the type of its elements
  /// @param maxMessages how many at most at a time, 0 for the system's default
  /// @param maxMessageBytes how many bytes an element has at most, 0 for the system's default
  /// @return the queue, empty
  public static <E> PosixQueue<E> posixQueue(int maxMessages, int maxMessageBytes) {
    return Context.spawn().posixQueue(maxMessages, maxMessageBytes);
  }

  /// Creates memory that is reached by those to whom it is sent.
  ///
  /// @param size bytes
  /// @return the memory, zero
  /// @throws IllegalArgumentException if the size is not positive
  public static SharedMemory sharedMemory(long size) {
    return Context.spawn().sharedMemory(size);
  }

  /// Creates memory with a public name for [SharedMemory#attach]: see [SharedMemory#create(String, long)].
  ///
  /// @param name 1 to 255 bytes, no slash
  /// @param size bytes
  /// @return the memory, zero
  public static SharedMemory sharedMemory(String name, long size) {
    return Context.spawn().sharedMemory(name, size);
  }

  /// Creates a value that processes share, with a lock of its own.
  ///
  /// @param <T> its type, boxed: one of Java's primitive types
  /// @param initial its first value
  /// @return the value
  /// @throws IllegalArgumentException if it is of another type
  public static <T> SharedValue<T> value(T initial) {
    return Context.spawn().value(initial);
  }

  /// Creates a value that processes share, without a lock.
  ///
  /// @param <T> its type, boxed: one of Java's primitive types
  /// @param initial its first value
  /// @return the value
  /// @throws IllegalArgumentException if it is of another type
  public static <T> SharedValue<T> rawValue(T initial) {
    return Context.spawn().rawValue(initial);
  }

  /// Creates an array that processes share, with a lock of its own.
  ///
  /// @param <T> the type of its elements, boxed
  /// @param type the type of its elements
  /// @param length how many
  /// @return the array, zero
  /// @throws IllegalArgumentException if the length is not positive
  public static <T> SharedArray<T> array(ElementType<T> type, long length) {
    return Context.spawn().array(type, length);
  }

  /// Creates an array that processes share, without a lock.
  ///
  /// @param <T> the type of its elements, boxed
  /// @param type the type of its elements
  /// @param length how many
  /// @return the array, zero
  /// @throws IllegalArgumentException if the length is not positive
  public static <T> SharedArray<T> rawArray(ElementType<T> type, long length) {
    return Context.spawn().rawArray(type, length);
  }

  /// Creates a struct that processes share, with a lock of its own.
  ///
  /// @param <R> a record of primitives, or of records of such
  /// @param initial its first contents
  /// @return the struct
  /// @throws IllegalArgumentException if a component is neither a primitive nor a record of such
  public static <R extends Record> SharedStruct<R> struct(R initial) {
    return Context.spawn().struct(initial);
  }

  /// Creates a struct that processes share, without a lock.
  ///
  /// @param <R> a record of primitives, or of records of such
  /// @param initial its first contents
  /// @return the struct
  /// @throws IllegalArgumentException if a component is neither a primitive nor a record of such
  public static <R extends Record> SharedStruct<R> rawStruct(R initial) {
    return Context.spawn().rawStruct(initial);
  }

  /// Creates a list of fixed length that processes share.
  ///
  /// @param elements its elements: numbers, truth values, strings, bytes and null
  /// @return the list
  /// @throws IllegalArgumentException if one of them is of another type
  public static ShareableList shareableList(@Nullable Object... elements) {
    return Context.spawn().shareableList(elements);
  }

  /// Creates a pipe whose two ends both send and receive.
  ///
  /// @return the two ends
  public static Pipe pipe() {
    return Context.spawn().pipe();
  }

  /// Creates a pipe whose first end receives what its second end sends.
  ///
  /// @return the two ends
  public static Pipe oneWayPipe() {
    return Context.spawn().oneWayPipe();
  }

  /// Looks for threads, of all processes of the session, that wait for each other's locks in a circle:
  /// see [Deadlock#findAll].
  ///
  /// @return each deadlock once; what is reported was one during this call
  public static List<Deadlock> findDeadlocks() {
    return Context.spawn().findDeadlocks();
  }

  /// Listens for connections at an address that is free and private: see [Listener#open()].
  ///
  /// @return the listener
  /// @throws IOException if the system refuses
  public static Listener listener() throws IOException {
    return Context.spawn().listener();
  }

  /// Listens for connections at an address.
  ///
  /// @param address where; port 0 takes a free port
  /// @param options how connections are to be: key, TLS and more
  /// @return the listener
  /// @throws IOException if the address is in use, or the system refuses for another reason
  public static Listener listener(Address address, ConnectionOptions options) throws IOException {
    return Context.spawn().listener(address, options);
  }

  /// Connects to a listener, waiting as long as the system does.
  ///
  /// @param address where it is
  /// @param options how the connection is to be: key, TLS and more
  /// @return the connection
  /// @throws IOException if nobody listens there, the key is wrong, or the system refuses
  /// @throws InterruptedException if interrupted while waiting
  public static Connection client(Address address, ConnectionOptions options)
      throws IOException, InterruptedException {
    return Context.spawn().client(address, options);
  }

  /// The process that runs this code. The first process of all is named `main`.
  ///
  /// @return this process
  public static JvmProcess currentProcess() {
    return Context.spawn().currentProcess();
  }

  /// The children of this process that were started and have not ended.
  ///
  /// @return them, in the order of their starts
  public static List<JvmProcess> activeChildren() {
    return Context.spawn().activeChildren();
  }

  /// The process that has started this one: see [JvmProcess#parentProcess].
  ///
  /// @return it; empty in a session's first process
  public static Optional<JvmProcess> parentProcess() {
    return JvmProcess.parentProcess();
  }

  /// Ends the work of a thread that computes, if this process was asked to stop: see [JvmProcess#stop].
  ///
  /// @throws ProcessExit if it was
  public static void checkExit() {
    JvmProcess.checkExit();
  }

  /// How many processors this machine has, whether or not this process may use them.
  ///
  /// @return the number, at least one
  public static int cpuCount() {
    return Context.spawn().cpuCount();
  }

  /// How many processors this process may use: affinity and container limits count.
  ///
  /// @return the number, at least one
  public static int usableCpuCount() {
    return Context.spawn().usableCpuCount();
  }
}
