package io.procession.manager;

import io.procession.internal.check.Require;
import io.procession.pool.PoolOptions;
import io.procession.pool.TaskPool;
import io.procession.queue.TaskQueue;
import io.procession.serial.NotSendableException;
import io.procession.serial.SerializableRunnable;
import io.procession.shared.Struct;
import io.procession.shared.Value;
import io.procession.sync.Barrier;
import io.procession.sync.CountingSemaphore;
import io.procession.sync.Event;
import io.procession.sync.LockCondition;
import io.procession.sync.QueryableLock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;

/// A manager of what programs share most: collections, queues, locks, values.
///
/// ```java
/// try (var manager = Procession.manager()) {
///   ConcurrentMap<String, Integer> counts = manager.map();
///   Procession.start(() -> counts.merge("words", 1, Integer::sum)).join();
///   System.out.println(counts);
/// }
/// ```
///
/// What it returns are proxies, plain interfaces of the JDK where there is one; see [BaseManager]. Each
/// call is one step for all processes: it waits for the server's answer, and throws
/// [ProcessException][io.procession.process.ProcessException]
/// if the server has ended, with the certificate that says how. So do the methods of the manager itself,
/// which throw [IllegalStateException] before [#start] or [#connect]. Elements and values are copied as they come and go, but for
/// proxies of the same manager, which mean the object itself.
///
/// Functions that are passed to methods like [ConcurrentMap#merge] run at the server, in one step, if
/// they can be sent: `(BinaryOperator<Integer> & Serializable) Integer::sum`. Others run here, in the
/// loops by which the JDK's default methods do the same.
@SuppressWarnings("unchecked") // what the server makes by a name is of that type
public class SyncManager extends BaseManager {
  /// Creates a manager for processes of this session. It is not started yet.
  public SyncManager() {
    this(ManagerOptions.defaults());
  }

  /// Creates a manager. It is not started yet.
  ///
  /// @param options how it is to be
  public SyncManager(ManagerOptions options) {
    super(options, StandardTypes.ofSync());
  }

  @Override
  public synchronized SyncManager register(ManagedType<?> type) {
    super.register(type);
    return this;
  }

  @Override
  public SyncManager start() {
    super.start();
    return this;
  }

  @Override
  public synchronized SyncManager start(SerializableRunnable initializer) {
    super.start(initializer);
    return this;
  }

  @Override
  public synchronized SyncManager connect() throws java.io.IOException, InterruptedException {
    super.connect();
    return this;
  }

  /// An empty list.
  ///
  /// @param <E> the type of the elements
  /// @return the list
  public <E> List<E> list() {
    return list(List.of());
  }

  /// A list.
  ///
  /// @param elements what it has at first
  /// @param <E> the type of the elements
  /// @return the list
  /// @throws NotSendableException if an element cannot be sent
  public <E> List<E> list(Collection<? extends E> elements) {
    return (List<E>) link().create(StandardTypes.LIST, new ArrayList<>(elements));
  }

  /// An empty map.
  ///
  /// @param <K> the type of the keys
  /// @param <V> the type of the values
  /// @return the map; it has neither null keys nor null values
  public <K, V> ConcurrentMap<K, V> map() {
    return map(Map.of());
  }

  /// A map.
  ///
  /// @param entries what it has at first
  /// @param <K> the type of the keys
  /// @param <V> the type of the values
  /// @return the map; it has neither null keys nor null values
  /// @throws NotSendableException if an entry cannot be sent
  public <K, V> ConcurrentMap<K, V> map(Map<? extends K, ? extends V> entries) {
    return (ConcurrentMap<K, V>) link().create(StandardTypes.MAP, new HashMap<>(entries));
  }

  /// An empty set.
  ///
  /// @param <E> the type of the elements
  /// @return the set; it has no null
  public <E> Set<E> set() {
    return set(List.of());
  }

  /// A set.
  ///
  /// @param elements what it has at first
  /// @param <E> the type of the elements
  /// @return the set; it has no null
  /// @throws NotSendableException if an element cannot be sent
  public <E> Set<E> set(Collection<? extends E> elements) {
    return (Set<E>) link().create(StandardTypes.SET, new ArrayList<>(elements));
  }

  /// A queue without a bound.
  ///
  /// @param <E> the type of the elements
  /// @return the queue
  public <E> BlockingQueue<E> queue() {
    return joinableQueue();
  }

  /// A queue with a bound.
  ///
  /// @param capacity how many elements it can have
  /// @param <E> the type of the elements
  /// @return the queue
  /// @throws IllegalArgumentException if the capacity is not positive
  public <E> BlockingQueue<E> queue(int capacity) {
    return joinableQueue(capacity);
  }

  /// A queue without a bound whose users say when they are done with what they took.
  ///
  /// @param <E> the type of the elements
  /// @return the queue
  public <E> TaskQueue<E> joinableQueue() {
    return joinableQueue(Integer.MAX_VALUE);
  }

  /// A queue with a bound whose users say when they are done with what they took.
  ///
  /// @param capacity how many elements it can have
  /// @param <E> the type of the elements
  /// @return the queue
  /// @throws IllegalArgumentException if the capacity is not positive
  public <E> TaskQueue<E> joinableQueue(int capacity) {
    return (TaskQueue<E>)
        link().create(StandardTypes.QUEUE, Require.positive("capacity", capacity));
  }

  /// A lock that is not reentrant. Its owner is a thread of a process; only that thread may unlock it.
  /// When the process dies the next that asks for it gets it.
  ///
  /// @return the lock, free
  public QueryableLock lock() {
    return (QueryableLock) link().create(StandardTypes.LOCK);
  }

  /// A reentrant lock, otherwise as [#lock].
  ///
  /// @return the lock, free
  public QueryableLock reentrantLock() {
    return (QueryableLock) link().create(StandardTypes.REENTRANT_LOCK);
  }

  /// A semaphore.
  ///
  /// @param permits how many permits it has at first
  /// @return the semaphore
  /// @throws IllegalArgumentException if the number is negative
  public CountingSemaphore semaphore(int permits) {
    return (CountingSemaphore)
        link().create(StandardTypes.SEMAPHORE, Require.notNegative("permits", permits));
  }

  /// A semaphore that never has more permits than at first.
  ///
  /// @param permits how many permits it has
  /// @return the semaphore
  /// @throws IllegalArgumentException if the number is negative
  public CountingSemaphore boundedSemaphore(int permits) {
    return (CountingSemaphore)
        link().create(StandardTypes.BOUNDED_SEMAPHORE, Require.notNegative("permits", permits));
  }

  /// A condition with a reentrant lock of its own.
  ///
  /// @return the condition
  public LockCondition condition() {
    return (LockCondition) link().create(StandardTypes.CONDITION);
  }

  /// A condition of a lock.
  ///
  /// @param lock a lock of this manager
  /// @return the condition
  /// @throws IllegalArgumentException if it is no lock of a manager
  public LockCondition condition(Lock lock) {
    if (!(Require.notNull("lock", lock) instanceof LockProxy)) {
      throw new IllegalArgumentException(
          "a managed condition needs a managed lock: lock=" + lock + "; use one of this manager");
    }
    return (LockCondition) link().create(StandardTypes.CONDITION, lock);
  }

  /// An event, not set.
  ///
  /// @return the event
  public Event event() {
    return (Event) link().create(StandardTypes.EVENT);
  }

  /// A barrier.
  ///
  /// @param parties how many wait for each other
  /// @return the barrier
  /// @throws IllegalArgumentException if the number is not positive
  public Barrier barrier(int parties) {
    return (Barrier)
        link().create(StandardTypes.BARRIER, Require.positive("parties", parties), null);
  }

  /// A barrier with something to be done when all have come.
  ///
  /// @param parties how many wait for each other
  /// @param action what is done, at the server, before they go on
  /// @return the barrier
  /// @throws IllegalArgumentException if the number is not positive
  /// @throws NotSendableException if the action cannot be sent
  public Barrier barrier(int parties, SerializableRunnable action) {
    return (Barrier)
        link().create(StandardTypes.BARRIER, Require.positive("parties", parties), action);
  }

  /// A namespace without values.
  ///
  /// @return the namespace
  public Namespace namespace() {
    return (Namespace) link().create(StandardTypes.NAMESPACE);
  }

  /// A value, of any type that can be sent.
  ///
  /// @param initial what it is at first
  /// @param <T> the type of the value
  /// @return the value
  /// @throws NotSendableException if it cannot be sent
  public <T extends @Nullable Object> Value<T> value(T initial) {
    return (Value<T>) link().create(StandardTypes.VALUE, initial);
  }

  /// A list of a fixed length.
  ///
  /// @param elements what it has at first
  /// @param <E> the type of the elements
  /// @return the list; its elements can be set
  /// @throws NotSendableException if an element cannot be sent
  public <E> List<E> array(Collection<? extends E> elements) {
    return (List<E>) link().create(StandardTypes.ARRAY, new ArrayList<>(elements));
  }

  /// A record, of which single fields can be read and set.
  ///
  /// @param initial what it is at first
  /// @param <R> the record, serializable; if it is of a named module, its package is open to
  ///     `io.procession`
  /// @return the struct
  /// @throws NotSendableException if it cannot be sent
  public <R extends Record> Struct<R> struct(R initial) {
    return (Struct<R>) link().create(StandardTypes.STRUCT, Require.notNull("initial", initial));
  }

  /// A pool with a worker for each processor that the server may use; see [#pool(PoolOptions)].
  ///
  /// @return the pool
  public TaskPool pool() {
    return (TaskPool) link().create(StandardTypes.POOL, 0);
  }

  /// A pool, whose workers are processes of the server; see [#pool(PoolOptions)].
  ///
  /// @param processes how many workers it has
  /// @return the pool
  /// @throws IllegalArgumentException if the number is not positive
  public TaskPool pool(int processes) {
    return (TaskPool) link().create(StandardTypes.POOL, Require.positive("processes", processes));
  }

  /// A pool, whose workers are processes of the server, and which all processes share that have it.
  ///
  /// Functions, arguments and results go by way of the server: a pool of one's own
  /// ([ProcessPool][io.procession.pool.ProcessPool]) is faster. Inputs of maps are all read before anything
  /// is sent, those of `imap`, too. Tasks may use proxies of the manager, and return them. Functions and
  /// options are taken of processes of the session only.
  ///
  /// A caller that is interrupted or dies takes back what it waits for, results that it takes one by one
  /// among that: what runs of it is stopped. What was given with `applyAsync` or `mapAsync` goes on. The
  /// workers end when the pool is closed or terminated, when nobody has the pool or anything of it any
  /// more, and with the server, however that ends.
  ///
  /// All options go to the server and mean there what they mean here, paths as they are here, with three
  /// exceptions that are refused: listeners, which would be called in the server's process; contexts,
  /// which would be those of the server's threads; and output that is given to a consumer.
  ///
  /// @param options how the pool is to be; what it says of JVMs is in comparison with the server's
  /// @return the pool
  /// @throws IllegalArgumentException if there are listeners or contexts, or the server cannot have such
  ///     a pool, as [ProcessPool#open][io.procession.pool.ProcessPool#open(PoolOptions)] says
  /// @throws NotSendableException if the initializer or the output cannot be sent; nothing has happened
  ///     then
  public TaskPool pool(PoolOptions options) {
    return (TaskPool) link().create(StandardTypes.POOL, SentPoolOptions.of(options));
  }
}
