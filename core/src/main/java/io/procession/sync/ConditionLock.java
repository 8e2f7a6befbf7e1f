package io.procession.sync;

import io.procession.internal.arena.Attachment;
import io.procession.internal.arena.CellRef;
import io.procession.internal.arena.Session;

/// The lock of a condition, of either kind.
sealed interface ConditionLock {
  /// The lock as its users know it.
  QueryableLock lock();

  String name();

  Attachment attachment();

  boolean isHeldByCurrentThread();

  /// Gives up all holds of the calling thread.
  ///
  /// @return what [#takeBack] needs to restore them
  int giveUp();

  /// Waits for the lock, whatever happens, and restores the holds that were given up.
  void takeBack(int holds);

  /// Makes sure that the lock, which the calling thread has, is not damaged.
  void requireSound();

  /// What tells the kinds apart in the words of a condition.
  int kind();

  /// The lock to which the words of a condition refer.
  static ConditionLock attach(Session session, CellRef ref, int kind) {
    return switch (kind) {
      case Plain.KIND -> new Plain(SharedLock.attach(session, ref));
      case Reentrant.KIND -> new Reentrant(SharedReentrantLock.attach(session, ref));
      default ->
          throw new IllegalStateException("a condition's words are damaged: kind of lock=" + kind);
    };
  }

  /// A lock that is held once.
  record Plain(SharedLock lock) implements ConditionLock {
    static final int KIND = 0;

    @Override
    public String name() {
      return lock.name();
    }

    @Override
    public Attachment attachment() {
      return lock.attachment();
    }

    @Override
    public boolean isHeldByCurrentThread() {
      return lock.isHeldByCurrentThread();
    }

    @Override
    public int giveUp() {
      lock.unlock();
      return 0;
    }

    @Override
    public void takeBack(int holds) {
      lock.lockAgain();
    }

    @Override
    public void requireSound() {
      lock.requireSound();
    }

    @Override
    public int kind() {
      return KIND;
    }

    @Override
    public String toString() {
      return lock.toString();
    }
  }

  /// A lock that may be held several times.
  record Reentrant(SharedReentrantLock lock) implements ConditionLock {
    static final int KIND = 1;

    @Override
    public String name() {
      return lock.name();
    }

    @Override
    public Attachment attachment() {
      return lock.attachment();
    }

    @Override
    public boolean isHeldByCurrentThread() {
      return lock.isHeldByCurrentThread();
    }

    @Override
    public int giveUp() {
      return lock.giveUp();
    }

    @Override
    public void takeBack(int holds) {
      lock.takeBack(holds);
    }

    @Override
    public void requireSound() {
      lock.requireSound();
    }

    @Override
    public int kind() {
      return KIND;
    }

    @Override
    public String toString() {
      return lock.toString();
    }
  }
}
