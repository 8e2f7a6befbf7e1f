package io.procession.examples.managers;

import io.procession.manager.LocalManager;
import io.procession.manager.SyncManager;
import io.procession.serial.SerializableCallable;
import io.procession.serial.SerializableRunnable;
import java.io.Serializable;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.function.IntFunction;
import java.util.function.Supplier;

/// What [Synchronisation] needs, of shared memory or of a manager's server: interfaces of the JDK where
/// there is one.
record Kinds(
    Supplier<Lock> lock,
    Supplier<Lock> reentrantLock,
    Supplier<Monitor> monitor,
    IntFunction<Permits> semaphore,
    Supplier<Flag> event,
    Supplier<BlockingQueue<Integer>> queue,
    Supplier<Counter> counter) {

  /// A condition and its lock.
  record Monitor(Lock lock, Condition condition) implements Serializable {}

  /// A semaphore by two of its methods.
  record Permits(SerializableRunnable acquire, SerializableRunnable release)
      implements Serializable {}

  /// An event by two of its methods.
  record Flag(SerializableRunnable set, SerializableRunnable await) implements Serializable {}

  /// A number by two of its methods; to get and then to set it are two steps.
  record Counter(SerializableCallable<Integer> get, Setter set) implements Serializable {
    void add(int more) throws Exception {
      set.set(get.call() + more);
    }
  }

  /// Sets a number.
  interface Setter extends Serializable {
    void set(int value);
  }

  /// Those of shared memory.
  static Kinds of(LocalManager manager) {
    return new Kinds(
        manager::lock,
        manager::reentrantLock,
        () -> {
          var condition = manager.condition();
          return new Monitor(condition.lock(), condition);
        },
        permits -> {
          var semaphore = manager.semaphore(permits);
          return new Permits(() -> semaphore.acquire(), () -> semaphore.release());
        },
        () -> {
          var event = manager.event();
          return new Flag(() -> event.set(), () -> event.await());
        },
        manager::queue,
        () -> {
          var value = manager.value(0);
          return new Counter(() -> value.get(), n -> value.set(n));
        });
  }

  /// Those of a manager's server.
  static Kinds of(SyncManager manager) {
    return new Kinds(
        manager::lock,
        manager::reentrantLock,
        () -> {
          var condition = manager.condition();
          return new Monitor(condition.lock(), condition);
        },
        permits -> {
          var semaphore = manager.semaphore(permits);
          return new Permits(() -> semaphore.acquire(), () -> semaphore.release());
        },
        () -> {
          var event = manager.event();
          return new Flag(() -> event.set(), () -> event.await());
        },
        manager::queue,
        () -> {
          var value = manager.value(0);
          return new Counter(() -> value.get(), n -> value.set(n));
        });
  }
}
