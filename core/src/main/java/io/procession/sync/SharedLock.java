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

/// A lock for threads of all processes of a session.
///
/// ```java
/// try (var lock = SharedLock.create(); var process = JvmProcess.of(() -> {
///   lock.lock();
///   try {
///     System.out.println("alone");
///   } finally {
///     lock.unlock();
///   }
/// })) {
///   process.start();
/// }
/// ```
///
/// It is sent to other processes like any object, captured by a task or in a message: all copies are
/// one lock. It belongs to the thread that took it; only that thread may unlock it, and taking it
/// again before that is an error, not a deadlock. It is not fair. What a thread did before it
/// unlocked is seen by the next that locks, also in memory that processes share.
///
/// **When the process that holds it dies**, the next thread that asks for it gets it. That is logged
/// as a warning, with its pid and how it ended, and [#ownerDeaths] counts it: what the lock protects may be half changed.
/// With [LockOptions#failOnOwnerDeath] nobody gets it instead: all that ask for it get an
/// [OwnerDiedException], until one of them has put that right in [#recover].
///
/// A lock that was never sent goes when it is closed or unreachable, one that was sent when it is
/// destroyed or the session ends. Null arguments are refused with `NullPointerException`; all
/// methods but [#toString], [#name()] and [#close] throw `IllegalStateException` once the lock is closed
/// in this process or destroyed in any.
public final class SharedLock extends OwnedLock {
  private static final long serialVersionUID = 1L;

  /// What the words of a condition say of its lock.
  static final int KIND = 0;

  private static final AtomicInteger MADE = new AtomicInteger();

  private SharedLock(Session session, String name, LockOptions options) {
    super(session, CellKind.LOCK, name, options, LockWord::create);
  }

  private SharedLock(Session session, CellRef ref) {
    super(session, CellKind.LOCK, ref, LockWord::attach);
  }

  /// Creates a lock named `lock-N`, with the locks of this JVM counted from 1.
  ///
  /// @return the lock, free
  public static SharedLock create() {
    return create("lock-" + MADE.incrementAndGet());
  }

  /// Creates a lock with a name of its own, as [#create()] does.
  ///
  /// @param options how it is to be
  /// @return the lock, free
  public static SharedLock create(LockOptions options) {
    return create("lock-" + MADE.incrementAndGet(), options);
  }

  /// Creates a lock.
  ///
  /// @param name for messages; need not be unique
  /// @return the lock, free
  public static SharedLock create(String name) {
    return create(name, LockOptions.defaults());
  }

  /// Creates a lock.
  ///
  /// @param name for messages; need not be unique
  /// @param options how it is to be
  /// @return the lock, free
  public static SharedLock create(String name, LockOptions options) {
    return new SharedLock(
        Session.current(), Require.notNull("name", name), Require.notNull("options", options));
  }

  /// What a handle becomes where it arrives.
  static SharedLock attach(Handle handle) {
    return attach(Session.current(), SyncHandles.ref(handle));
  }

  static SharedLock attach(Session session, CellRef ref) {
    return new SharedLock(session, ref);
  }

  /// Takes the lock, waiting as long as it takes. An interrupt does not end the wait.
  ///
  /// @throws IllegalMonitorStateException if this thread holds it already
  /// @throws OwnerDiedException if its owner died and it fails then
  @Override
  public void lock() {
    attachment.checkOpen();
    if (word.tryAcquire()) {
      if (fails) {
        ownership.giveUpIfDamaged();
      }
      return;
    }
    refuseAgain();
    ownership.isTaken(ownership.acquireUninterruptibly());
  }

  /// Takes the lock if that is possible at once.
  ///
  /// @return whether this thread has it now
  /// @throws IllegalMonitorStateException if this thread holds it already
  @Override
  public boolean tryLock() {
    attachment.checkOpen();
    if (word.tryAcquire()) {
      if (fails) {
        ownership.giveUpIfDamaged();
      }
      return true;
    }
    refuseAgain();
    return ownership.isTaken(word.acquireIfPossible());
  }

  /// Gives the lock up. A thread that holds it may do so even after [#close].
  ///
  /// @throws IllegalMonitorStateException if this thread does not hold it
  @Override
  public void unlock() {
    try {
      if (!word.releaseIfHeld()) {
        throw ownership.notHeld();
      }
    } finally {
      Reference.reachabilityFence(this); // or the cleaner might free the cell in the midst
    }
  }

  @Override
  int kind() {
    return KIND;
  }

  @Override
  int giveUp() {
    unlock();
    return 0;
  }

  @Override
  void takeBack(int holds) {
    boolean _ = ownership.isTakenAsItIs(ownership.acquireAgain());
  }

  @Override
  boolean acquire(long deadline) throws InterruptedException {
    attachment.checkOpen();
    Interruption.checkInterrupt();
    if (word.tryAcquire()) {
      if (fails) {
        ownership.giveUpIfDamaged();
      }
      return true;
    }
    refuseAgain();
    return ownership.isTaken(ownership.acquire(deadline));
  }

  /// Called when the lock could not be had at once, to find out whether that is the caller's doing.
  private void refuseAgain() {
    attachment.check();
    if (word.isHeldByCurrentThread()) {
      throw new IllegalMonitorStateException(
          "this thread holds the lock already, and it is not reentrant: lock=" + name);
    }
  }

  private Object writeReplace() {
    return SyncHandles.of(this);
  }
}
