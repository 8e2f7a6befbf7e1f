package io.procession.shared;

import java.io.Serializable;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.util.concurrent.locks.Lock;
import java.util.function.Supplier;

/// What values, arrays and structs in shared memory have in common: memory, and a lock or none.
///
/// **Locked** objects take their lock for every access: a reentrant lock of their own, or one they
/// were given. [#withLock(Runnable)] holds it over several accesses, and so does whoever takes
/// [#lock] himself. **Raw** objects have no lock, and cost what memory costs;
/// `synchronizedOn(lock)` gives one to them.
///
/// **They are sent** to other processes of the session like any object, with their lock, and are the same
/// memory everywhere. What was never sent goes when it is closed or unreachable; what was sent, when it
/// is destroyed or the session ends. Views (slices, read-only and raw views, buffers, segments)
/// are the same memory, too: when one is closed or destroyed, all are. A segment or buffer, and an
/// element of a raw array read or written by the accessors of its type, does not notice that *another
/// process* has destroyed the object: it shows zeros then, or what was there, and what is written
/// there goes nowhere. The range of addresses is used again when every process
/// that has the object has closed it, no longer reaches it, or has ended; so who receives many closes
/// them.
///
/// What a process has written stays when it is killed. If it was killed with the lock, the next who takes it
/// is warned as by [SharedLock][io.procession.sync.SharedLock].
///
/// Methods throw `IllegalStateException` once the object has been closed in this process or destroyed
/// in any, `UnsupportedOperationException` when they would change what is read-only, and
/// `NullPointerException` for null. All are safe for use by many threads of many processes; to close or
/// destroy what others use is an error of theirs, not a crash.
public abstract sealed class SharedObject implements AutoCloseable, Serializable
    permits SharedElements, SharedStruct, SharedStructArray, SharedValue {
  private static final long serialVersionUID = 1L;

  final transient Block block;
  final transient MemorySegment data;
  final transient Guard guard;
  final transient boolean readOnly;

  SharedObject(Block block, long from, long size, Guard guard, boolean readOnly) {
    this.block = block;
    MemorySegment part = block.data().asSlice(from, size);
    this.data = readOnly ? part.asReadOnly() : part;
    this.guard = guard;
    this.readOnly = readOnly;
  }

  /// The lock that guards it.
  ///
  /// @return its own, or the one it was given
  /// @throws IllegalStateException if it is raw
  public Lock lock() {
    Lock lock = guard.lock();
    if (lock == null) {
      throw new IllegalStateException(
          "a raw object has no lock: object=" + this + "; synchronizedOn(lock) gives it one");
    }
    return lock;
  }

  /// True if it has no lock.
  ///
  /// @return whether it has none
  public boolean isRaw() {
    return guard.isNone();
  }

  /// True if it cannot be changed through this object.
  ///
  /// @return whether it is so
  public boolean isReadOnly() {
    return readOnly;
  }

  /// Does something with the lock held, so that nobody comes in between.
  ///
  /// @param action what to do
  /// @throws IllegalStateException if the object is raw
  public void withLock(Runnable action) {
    lock();
    boolean entered = enter();
    try {
      action.run();
    } finally {
      leave(entered);
    }
  }

  /// Does something with the lock held, so that nobody comes in between.
  ///
  /// @param <R> the type of the result
  /// @param action what to do
  /// @return what it returns
  /// @throws IllegalStateException if the object is raw
  public <R> R withLock(Supplier<? extends R> action) {
    lock();
    boolean entered = enter();
    try {
      return action.get();
    } finally {
      leave(entered);
    }
  }

  /// Its memory, without its lock. Access fails with `IllegalStateException` once the object has been
  /// closed in this process.
  ///
  /// @return all of it
  public MemorySegment segment() {
    MemorySegment all = block.view();
    MemorySegment part = all.asSlice(data.address() - all.address(), data.byteSize());
    return readOnly ? part.asReadOnly() : part;
  }

  /// Its name in messages.
  ///
  /// @return such as `array-1`
  public String name() {
    return block.name();
  }

  /// Ends its use in this process, that of all views included; frees what was never sent. Idempotent.
  ///
  /// @throws IllegalStateException if a native call or a channel is at work with a segment or buffer
  @Override
  public void close() {
    block.close();
    guard.close();
  }

  /// Frees it for all processes, and the lock if it is its own. Idempotent.
  ///
  /// @throws IllegalStateException if a native call or a channel is at work with a segment or buffer
  public void destroy() {
    block.destroy();
    guard.destroy();
  }

  /// Begins an access: takes the lock, if there is one, and looks whether the memory is there.
  ///
  /// @return what [#leave] wants to know
  final boolean enter() {
    block.check();
    boolean entered = guard.enter();
    if (entered) {
      try {
        block.check();
      } catch (RuntimeException e) {
        guard.leave(true);
        throw e;
      }
    }
    return entered;
  }

  /// As [#enter], to change something.
  final boolean enterToWrite() {
    if (readOnly) {
      throw onlyToBeRead();
    }
    return enter();
  }

  final UnsupportedOperationException onlyToBeRead() {
    return new UnsupportedOperationException("it can be read only: " + this);
  }

  final void leave(boolean entered) {
    try {
      guard.leave(entered);
    } finally {
      Reference.reachabilityFence(this); // or the cleaner might free the memory in the midst
    }
  }
}
