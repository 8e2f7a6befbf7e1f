package io.procession.sync;

import io.procession.internal.arena.CellKind;
import io.procession.internal.arena.CellRef;
import io.procession.internal.arena.LockWord;
import io.procession.internal.arena.Session;
import io.procession.internal.check.Require;
import io.procession.internal.posix.Interruption;
import io.procession.serial.Handle;
import java.lang.ref.Reference;
import java.util.concurrent.atomic.AtomicInteger;

/// A lock for threads of all processes of a session that the thread that holds it may take again.
///
/// It is free when it was unlocked as often as locked. In all else it is like [SharedLock]: sent to
/// other processes like any object, with all copies one lock (holds through several copies in one
/// thread are counted together); unlocked by the holding thread only; not fair. What a thread did
/// before it gave its last hold up is seen by the next that locks, also in memory that processes
/// share.
///
/// **When the process that holds it dies**, the next thread that asks for it gets it, and holds it
/// once. That is logged as a warning, and [#ownerDeaths] counts it: what the lock protects may be
/// half changed.
/// With [LockOptions#failOnOwnerDeath] nobody gets it instead: all that ask for it get an
/// [OwnerDiedException], until one of them has put that right in [#recover].
///
/// A lock that was never sent goes when it is closed or unreachable, one that was sent when it is
/// destroyed or the session ends. Null arguments are refused with `NullPointerException`; all
/// methods but [#toString], [#name()], [#unlock] and [#close] throw `IllegalStateException` once the lock
/// is closed in this process or destroyed in any.
public final class SharedReentrantLock extends OwnedLock {
  private static final long serialVersionUID = 1L;

  /// What the words of a condition say of its lock.
  static final int KIND = 1;

  private static final AtomicInteger MADE = new AtomicInteger();

  private final transient ReentrantLockWord counting;

  private SharedReentrantLock(Session session, String name, LockOptions options) {
    super(session, CellKind.REENTRANT_LOCK, name, options, ReentrantLockWord::create);
    this.counting = (ReentrantLockWord) word;
  }

  private SharedReentrantLock(Session session, CellRef ref) {
    super(session, CellKind.REENTRANT_LOCK, ref, ReentrantLockWord::attach);
    this.counting = (ReentrantLockWord) word;
  }

  /// Creates a lock named `rlock-N`, with the reentrant locks of this JVM counted from 1.
  ///
  /// @return the lock, free
  public static SharedReentrantLock create() {
    return create("rlock-" + MADE.incrementAndGet());
  }

  /// Creates a lock with a name of its own, as [#create()] does.
  ///
  /// @param options how it is to be
  /// @return the lock, free
  public static SharedReentrantLock create(LockOptions options) {
    return create("rlock-" + MADE.incrementAndGet(), options);
  }

  /// Creates a lock.
  ///
  /// @param name for messages; need not be unique
  /// @return the lock, free
  public static SharedReentrantLock create(String name) {
    return create(name, LockOptions.defaults());
  }

  /// Creates a lock.
  ///
  /// @param name for messages; need not be unique
  /// @param options how it is to be
  /// @return the lock, free
  public static SharedReentrantLock create(String name, LockOptions options) {
    return new SharedReentrantLock(
        Session.current(), Require.notNull("name", name), Require.notNull("options", options));
  }

  /// What a handle becomes where it arrives.
  static SharedReentrantLock attach(Handle handle) {
    return attach(Session.current(), SyncHandles.ref(handle));
  }

  static SharedReentrantLock attach(Session session, CellRef ref) {
    return new SharedReentrantLock(session, ref);
  }

  /// Takes the lock, at once if this thread holds it, else waiting as long as it takes. An interrupt
  /// does not end the wait.
  @Override
  public void lock() {
    attachment.checkOpen();
    if (acquireAtOnce() || acquireAgain()) {
      return;
    }
    taken(ownership.acquireUninterruptibly());
  }

  /// Takes the lock if that is possible at once.
  ///
  /// @return whether this thread has it, once more
  @Override
  public boolean tryLock() {
    attachment.checkOpen();
    return acquireAtOnce() || acquireAgain() || taken(counting.acquireIfPossible());
  }

  /// Gives one hold of the lock up; with the last, the lock. A thread that holds it may do so even
  /// after [#close].
  ///
  /// @throws IllegalMonitorStateException if this thread does not hold it
  @Override
  public void unlock() {
    try {
      if (!counting.releaseIfHeld()) {
        throw ownership.notHeld();
      }
    } finally {
      Reference.reachabilityFence(this); // or the cleaner might free the cell in the midst
    }
  }

  /// How often the calling thread has taken the lock without giving it up.
  ///
  /// @return its holds; 0 if it does not hold the lock
  public int holdCount() {
    attachment.check();
    return counting.holds();
  }

  @Override
  int kind() {
    return KIND;
  }

  @Override
  int giveUp() {
    if (!counting.isHeldByCurrentThread()) {
      throw ownership.notHeld();
    }
    return counting.releaseAll();
  }

  @Override
  void takeBack(int holds) {
    int result = ownership.acquireAgain();
    if (result > LockWord.ACQUIRED) {
      counting.takenFromDead();
    }
    ownership.isTakenAsItIs(result);
    counting.restore(holds);
  }

  @Override
  boolean acquire(long deadline) throws InterruptedException {
    attachment.checkOpen();
    Interruption.checkInterrupt();
    return acquireAtOnce() || acquireAgain() || taken(ownership.acquire(deadline));
  }

  /// Takes the lock if it is free.
  private boolean acquireAtOnce() {
    if (!counting.tryAcquire()) {
      return false;
    }
    if (fails) {
      ownership.giveUpIfDamaged();
    }
    return true;
  }

  /// Called when the lock could not be had as one that is free.
  private boolean acquireAgain() {
    attachment.check();
    return counting.acquireAgain();
  }

  /// Says what came of waiting for the lock.
  private boolean taken(int result) {
    if (result > LockWord.ACQUIRED) {
      counting.takenFromDead();
    }
    return ownership.isTaken(result);
  }

  private Object writeReplace() {
    return SyncHandles.of(this);
  }
}
