package io.procession.manager;

import io.procession.internal.arena.Estate;
import io.procession.internal.check.Require;
import io.procession.queue.JoinableQueue;
import io.procession.queue.SharedQueue;
import io.procession.serial.SerializableRunnable;
import io.procession.shared.ElementType;
import io.procession.shared.SharedArray;
import io.procession.shared.SharedStruct;
import io.procession.shared.SharedValue;
import io.procession.sync.BoundedSharedSemaphore;
import io.procession.sync.SharedBarrier;
import io.procession.sync.SharedCondition;
import io.procession.sync.SharedEvent;
import io.procession.sync.SharedLock;
import io.procession.sync.SharedReentrantLock;
import io.procession.sync.SharedSemaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// A manager without a server: what it makes lies in the memory that the processes of the session
/// share.
///
/// ```java
/// try (var manager = Procession.localManager()) {
///   var count = manager.value(0);
///   Procession.start(() -> count.getAndAdd(1)).join();
///   System.out.println(count.get());
/// }
/// ```
///
/// Its objects are those of the factories of [Procession][io.procession.Procession]: much faster than
/// those of a [SyncManager], and for processes of this session only. What the manager adds is their
/// end: all of them are destroyed, for all processes, when it is closed, and also when the process that
/// has opened it ends or is killed. Who uses one after that, or waits in one, gets an
/// `IllegalStateException`. An object may be closed or destroyed before.
///
/// Safe for all threads. A manager cannot be sent: send what it has made.
public final class LocalManager implements AutoCloseable {
  private static final AtomicInteger MANAGERS = new AtomicInteger();

  private final String name = "local-manager-" + MANAGERS.incrementAndGet();
  private final Estate estate = Estate.open(name);

  private LocalManager() {}

  /// Opens a manager.
  ///
  /// @return the manager, which has made nothing yet
  public static LocalManager open() {
    return new LocalManager();
  }

  /// Creates a value with a lock of its own.
  ///
  /// @param <T> its type, boxed: one of Java's primitive types
  /// @param initial its first value
  /// @return the value
  /// @throws IllegalArgumentException if it is of another type
  /// @throws IllegalStateException if the manager is shut down
  public <T> SharedValue<T> value(T initial) {
    return estate.make(() -> SharedValue.of(initial), SharedValue::destroy);
  }

  /// Creates an array with a lock of its own.
  ///
  /// @param <T> the type of its elements, boxed
  /// @param type the type of its elements
  /// @param length how many
  /// @return the array, zero
  /// @throws IllegalArgumentException if the length is not positive
  /// @throws IllegalStateException if the manager is shut down
  public <T> SharedArray<T> array(ElementType<T> type, long length) {
    return estate.make(() -> SharedArray.create(type, length), SharedArray::destroy);
  }

  /// Creates a struct with a lock of its own.
  ///
  /// @param <R> a record of primitives, or of records of such
  /// @param initial its first contents
  /// @return the struct
  /// @throws IllegalArgumentException if a component is neither a primitive nor a record of such
  /// @throws IllegalStateException if the manager is shut down
  public <R extends Record> SharedStruct<R> struct(R initial) {
    return estate.make(() -> SharedStruct.of(initial), SharedStruct::destroy);
  }

  /// Creates a lock.
  ///
  /// @return the lock, free
  /// @throws IllegalStateException if the manager is shut down
  public SharedLock lock() {
    return estate.make(SharedLock::create, SharedLock::destroy);
  }

  /// Creates a lock that the thread that holds it may take again.
  ///
  /// @return the lock, free
  /// @throws IllegalStateException if the manager is shut down
  public SharedReentrantLock reentrantLock() {
    return estate.make(SharedReentrantLock::create, SharedReentrantLock::destroy);
  }

  /// Creates a semaphore.
  ///
  /// @param permits how many there are at first
  /// @return the semaphore
  /// @throws IllegalArgumentException if the number is negative
  /// @throws IllegalStateException if the manager is shut down
  public SharedSemaphore semaphore(int permits) {
    return estate.make(() -> SharedSemaphore.create(permits), SharedSemaphore::destroy);
  }

  /// Creates a semaphore that refuses to have more permits than at first.
  ///
  /// @param permits how many there are at first, and at most
  /// @return the semaphore
  /// @throws IllegalArgumentException if the number is negative
  /// @throws IllegalStateException if the manager is shut down
  public BoundedSharedSemaphore boundedSemaphore(int permits) {
    return estate.make(() -> BoundedSharedSemaphore.create(permits), SharedSemaphore::destroy);
  }

  /// Creates a condition with a reentrant lock of its own ([SharedCondition#lock]).
  ///
  /// @return the condition
  /// @throws IllegalStateException if the manager is shut down
  public SharedCondition condition() {
    return condition(reentrantLock());
  }

  /// Creates a condition of a lock.
  ///
  /// @param lock the lock, of this manager or not
  /// @return the condition
  /// @throws IllegalStateException if the manager is shut down
  public SharedCondition condition(SharedLock lock) {
    return estate.make(lock::newCondition, SharedCondition::destroy);
  }

  /// Creates a condition of a lock.
  ///
  /// @param lock the lock, of this manager or not
  /// @return the condition
  /// @throws IllegalStateException if the manager is shut down
  public SharedCondition condition(SharedReentrantLock lock) {
    return estate.make(lock::newCondition, SharedCondition::destroy);
  }

  /// Creates an event: a flag to wait for.
  ///
  /// @return the event, not set
  /// @throws IllegalStateException if the manager is shut down
  public SharedEvent event() {
    return estate.make(SharedEvent::create, SharedEvent::destroy);
  }

  /// Creates a barrier.
  ///
  /// @param parties how many wait for each other
  /// @return the barrier
  /// @throws IllegalArgumentException if the number is not positive
  /// @throws IllegalStateException if the manager is shut down
  public SharedBarrier barrier(int parties) {
    return estate.make(() -> SharedBarrier.create(parties), SharedBarrier::destroy);
  }

  /// Creates a barrier with an action.
  ///
  /// @param parties how many wait for each other
  /// @param action what the last to come runs, in its own process
  /// @return the barrier
  /// @throws IllegalArgumentException if the number is not positive
  /// @throws IllegalStateException if the manager is shut down
  public SharedBarrier barrier(int parties, SerializableRunnable action) {
    return estate.make(() -> SharedBarrier.create(parties, action), SharedBarrier::destroy);
  }

  /// Creates a queue without a bound.
  ///
  /// @param <E> the type of its elements
  /// @return the queue, empty
  /// @throws IllegalStateException if the manager is shut down
  public <E> SharedQueue<E> queue() {
    return estate.make(SharedQueue::<E>create, SharedQueue::destroy);
  }

  /// Creates a queue that holds a limited number of elements: `put` waits while it is full.
  ///
  /// @param <E> the type of its elements
  /// @param capacity how many at most
  /// @return the queue, empty
  /// @throws IllegalArgumentException if the capacity is not positive
  /// @throws IllegalStateException if the manager is shut down
  public <E> SharedQueue<E> queue(int capacity) {
    return estate.make(() -> SharedQueue.<E>create(capacity), SharedQueue::destroy);
  }

  /// Creates an unbounded queue of tasks, whose takers say when each is done.
  ///
  /// @param <E> the type of its elements
  /// @return the queue, empty
  /// @throws IllegalStateException if the manager is shut down
  public <E> JoinableQueue<E> joinableQueue() {
    return estate.make(JoinableQueue::<E>create, JoinableQueue::destroy);
  }

  /// Creates a queue of tasks that holds a limited number of elements: `put` waits while it is full.
  ///
  /// @param <E> the type of its elements
  /// @param capacity how many at most
  /// @return the queue, empty
  /// @throws IllegalArgumentException if the capacity is not positive
  /// @throws IllegalStateException if the manager is shut down
  public <E> JoinableQueue<E> joinableQueue(int capacity) {
    return estate.make(() -> JoinableQueue.<E>create(capacity), JoinableQueue::destroy);
  }

  /// Creates what this class has no method for: an object with options, a raw one, several at once.
  ///
  /// ```java
  /// var matrix = manager.make(() -> SharedArray.raw(DOUBLE, 1 << 20), SharedArray::destroy);
  /// ```
  ///
  /// @param <T> what is made
  /// @param maker makes it, on the calling thread; every lock, condition, semaphore, event, barrier,
  ///     queue and memory that it makes ends with this process
  /// @param destroyer destroys it when the manager is closed
  /// @return what the maker returns
  /// @throws IllegalStateException if the manager is shut down
  public <T> T make(Supplier<? extends T> maker, Consumer<? super T> destroyer) {
    return estate.make(Require.notNull("maker", maker), Require.notNull("destroyer", destroyer));
  }

  /// How many objects it has made that are there: neither destroyed by anybody, nor closed before they
  /// were sent.
  ///
  /// @return the number
  public int numberOfObjects() {
    return estate.size();
  }

  /// Destroys all that it has made, for all processes. Again it does nothing.
  ///
  /// @throws IllegalStateException if a native call or a channel of this process is at work with
  ///     memory that it has made; what was not destroyed then ends with this process
  public void shutdown() {
    estate.close();
  }

  /// As [#shutdown].
  @Override
  public void close() {
    shutdown();
  }

  /// Name and number of objects: `LocalManager[local-manager-1, 3 objects]`.
  @Override
  public String toString() {
    return "LocalManager[" + name + ", " + numberOfObjects() + " objects]";
  }
}
