package io.procession.sync;

import io.procession.internal.arena.Attachment;
import io.procession.internal.arena.CellKind;
import io.procession.internal.arena.CellRef;
import io.procession.internal.arena.LockWord;
import io.procession.internal.arena.Session;
import io.procession.internal.arena.Waiting;
import io.procession.internal.posix.Interruption;
import io.procession.internal.posix.Until;
import io.procession.serial.Handle;
import java.io.Serializable;
import java.lang.ref.Reference;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
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
/// methods but [#toString], [#name], [#unlock] and [#close] throw `IllegalStateException` once the lock
/// is closed in this process or destroyed in any.
public final class SharedReentrantLock implements QueryableLock, Serializable, AutoCloseable {
  private static final long serialVersionUID = 1L;

  private static final AtomicInteger MADE = new AtomicInteger();

  private final transient Attachment attachment;
  private final transient ReentrantLockWord word;
  private final transient String name;
  private final transient Ownership ownership;
  private final transient boolean fails;

  private SharedReentrantLock(Session session, String name, LockOptions options) {
    CellRef ref =
        session.directory().ref(session.directory().allocate(CellKind.REENTRANT_LOCK, name));
    this.name = name;
    this.word = ReentrantLockWord.create(session, ref);
    Damage.setOptions(session, ref, options);
    this.attachment = Attachment.ofMaker(this, session, ref, CellKind.REENTRANT_LOCK, name);
    this.ownership = new Ownership(attachment, word, name);
    this.fails = ownership.fails();
  }

  private SharedReentrantLock(Session session, CellRef ref) {
    this.attachment = Attachment.ofHolder(this, session, ref, CellKind.REENTRANT_LOCK);
    this.name = attachment.name();
    this.word = ReentrantLockWord.attach(session, ref);
    this.ownership = new Ownership(attachment, word, name);
    this.fails = ownership.fails();
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
        Session.current(),
        Objects.requireNonNull(name, "name"),
        Objects.requireNonNull(options, "options"));
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

  /// Takes the lock, at once if this thread holds it, else waiting as long as it takes.
  ///
  /// @throws InterruptedException if the thread is interrupted before or while it waits; it has no
  ///     hold more than before then
  @Override
  public void lockInterruptibly() throws InterruptedException {
    acquire(Waiting.forever());
  }

  /// Takes the lock if that is possible at once.
  ///
  /// @return whether this thread has it, once more
  @Override
  public boolean tryLock() {
    attachment.checkOpen();
    return acquireAtOnce() || acquireAgain() || taken(word.acquireIfPossible());
  }

  /// Takes the lock, at once if this thread holds it, else waiting for it up to a limit.
  ///
  /// @param time how long; not more than zero means not to wait
  /// @param unit the unit of the time
  /// @return whether this thread has it, once more
  /// @throws InterruptedException if the thread is interrupted before or while it waits; it has no
  ///     hold more than before then
  @Override
  public boolean tryLock(long time, TimeUnit unit) throws InterruptedException {
    return acquire(Until.after(unit.toNanos(time)));
  }

  /// Gives one hold of the lock up; with the last, the lock. A thread that holds it may do so even
  /// after [#close].
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

  /// Creates a condition of this lock, which can be sent to other processes as the lock can. Who waits
  /// for it gives up all holds and has as many again afterwards.
  ///
  /// @return the condition
  @Override
  public SharedCondition newCondition() {
    attachment.check();
    return new SharedCondition(attachment.session(), new ConditionLock.Reentrant(this));
  }

  /// How often the calling thread has taken the lock without giving it up.
  ///
  /// @return its holds; 0 if it does not hold the lock
  public int holdCount() {
    attachment.check();
    return word.holds();
  }

  /// True if the calling thread holds the lock.
  ///
  /// @return whether it does
  @Override
  public boolean isHeldByCurrentThread() {
    attachment.check();
    return word.isHeldByCurrentThread();
  }

  /// True if some thread of some process holds the lock, or died with it.
  ///
  /// @return whether it is taken, at some moment of this call
  @Override
  public boolean isLocked() {
    attachment.check();
    return word.owner() != 0;
  }

  /// How often a process died with the lock and another has taken it over.
  ///
  /// @return the number of such deaths
  public int ownerDeaths() {
    attachment.check();
    return word.deaths();
  }

  /// Puts right what the lock protects, after a process has died with a lock that fails then
  /// ([LockOptions#failOnOwnerDeath]). Waits for the lock as long as it takes, unless this thread has it
  /// already, and leaves it as it was. If the repair throws, or its process dies in it, the lock
  /// goes on to refuse everybody, and the next may try.
  ///
  /// @param repair what is run while this thread has the lock; not run if there is nothing to put right
  /// @return whether it was run
  public boolean recover(Runnable repair) {
    Objects.requireNonNull(repair, "repair");
    attachment.check();
    boolean held = word.isHeldByCurrentThread();
    if (!held) {
      takeBack(0);
    }
    try {
      return ownership.recover(repair);
    } finally {
      if (!held) {
        unlock();
      }
    }
  }

  /// Its name.
  ///
  /// @return the name, cut to 32 bytes of UTF-8 where it was received from another process
  public String name() {
    return name;
  }

  /// Ends the use of the lock in this process through this object; a thread that holds it can still
  /// unlock it. A lock that was never sent is freed.
  @Override
  public void close() {
    attachment.close();
  }

  /// Frees the lock for all processes. Those that wait for it, or use it later, are told.
  public void destroy() {
    if (attachment.destroy()) {
      word.wakeAll();
    }
  }

  /// Name and holder: `SharedReentrantLock[rlock-1, held by main (pid 4711), thread 1]`.
  @Override
  public String toString() {
    return "SharedReentrantLock[" + ownership.describe() + "]";
  }

  /// Makes sure that the lock, which this thread has, is not damaged.
  void requireSound() {
    ownership.requireSound();
  }

  Attachment attachment() {
    return attachment;
  }

  /// Gives up all holds, for a wait on a condition.
  int giveUp() {
    if (!word.isHeldByCurrentThread()) {
      throw ownership.notHeld();
    }
    return word.releaseAll();
  }

  /// Takes the lock back after a wait on a condition, with all the holds that were given up.
  void takeBack(int holds) {
    int result = ownership.acquireAgain();
    if (result > LockWord.ACQUIRED) {
      word.takenFromDead();
    }
    ownership.isTakenAsItIs(result);
    word.restore(holds);
  }

  private boolean acquire(long deadline) throws InterruptedException {
    attachment.checkOpen();
    Interruption.checkInterrupt();
    return acquireAtOnce() || acquireAgain() || taken(ownership.acquire(deadline));
  }

  /// Takes the lock if it is free.
  private boolean acquireAtOnce() {
    if (!word.tryAcquire()) {
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
    return word.acquireAgain();
  }

  /// Says what came of waiting for the lock.
  private boolean taken(int result) {
    if (result > LockWord.ACQUIRED) {
      word.takenFromDead();
    }
    return ownership.isTaken(result);
  }

  private Object writeReplace() {
    return SyncHandles.of(this, attachment);
  }
}
