package io.procession.shared;

import io.procession.sync.SharedLock;
import io.procession.sync.SharedReentrantLock;
import java.io.Serializable;
import java.util.concurrent.locks.Lock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The lock of a shared object, if it has one.
///
/// @param lock the lock, or null for a raw object
/// @param own whether the lock was made for the object, and goes with it
record Guard(@Nullable Lock lock, boolean own) implements Serializable {
  static final Guard NONE = new Guard(null, false);

  /// A lock for one object alone.
  static Guard own(String name) {
    return new Guard(SharedReentrantLock.create(name), true);
  }

  static Guard given(Lock lock) {
    return new Guard(lock, false);
  }

  boolean isNone() {
    return lock == null;
  }

  /// Takes the lock unless this thread has it already; true if it is to be given back.
  boolean enter() {
    Lock mine = lock;
    if (mine == null || (mine instanceof SharedLock plain && plain.isHeldByCurrentThread())) {
      return false;
    }
    mine.lock();
    return true;
  }

  void leave(boolean entered) {
    if (entered && lock != null) {
      lock.unlock();
    }
  }

  /// Makes what the lock is for; if that fails, the lock goes, too.
  <T> T goesWith(Supplier<T> made) {
    try {
      return made.get();
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  void close() {
    if (own && lock instanceof SharedReentrantLock mine) {
      mine.close();
    }
  }

  void destroy() {
    if (own && lock instanceof SharedReentrantLock mine) {
      mine.destroy();
    }
  }
}
