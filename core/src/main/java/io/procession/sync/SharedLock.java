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
/// methods but [#toString], [#name] and [#close] throw `IllegalStateException` once the lock is closed
/// in this process or destroyed in any.
public final class SharedLock implements QueryableLock, Serializable, AutoCloseable {
  private static final long serialVersionUID = 1L;

  private static final AtomicInteger MADE = new AtomicInteger();

  private final transient Attachment attachment;
  private final transient LockWord word;
  private final transient String name;
  private final transient Ownership ownership;
  private final transient boolean fails;

  private SharedLock(Session session, String name, LockOptions options) {
    CellRef ref = session.directory().ref(session.directory().allocate(CellKind.LOCK, name));
    this.name = name;
    this.word = LockWord.create(session, ref);
    Damage.setOptions(session, ref, options);
    this.attachment = Attachment.ofMaker(this, session, ref, CellKind.LOCK, name);
    this.ownership = new Ownership(attachment, word, name);
    this.fails = ownership.fails();
  }

  private SharedLock(Session session, CellRef ref) {
    this.attachment = Attachment.ofHolder(this, session, ref, CellKind.LOCK);
    this.name = attachment.name();
    this.word = LockWord.attach(session, ref);
    this.ownership = new Ownership(attachment, word, name);
    this.fails = ownership.fails();
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
        Session.current(),
        Objects.requireNonNull(name, "name"),
        Objects.requireNonNull(options, "options"));
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

  /// Takes the lock, waiting as long as it takes.
  ///
  /// @throws IllegalMonitorStateException if this thread holds it already
  /// @throws InterruptedException if the thread is interrupted before or while it waits; it does not
  ///     have the lock then
  @Override
  public void lockInterruptibly() throws InterruptedException {
    acquire(Waiting.forever());
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

  /// Takes the lock, waiting for it up to a limit.
  ///
  /// @param time how long; not more than zero means not to wait
  /// @param unit the unit of the time
  /// @return whether this thread has it now
  /// @throws IllegalMonitorStateException if this thread holds it already
  /// @throws InterruptedException if the thread is interrupted before or while it waits; it does not
  ///     have the lock then
  @Override
  public boolean tryLock(long time, TimeUnit unit) throws InterruptedException {
    return acquire(Until.after(unit.toNanos(time)));
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

  /// Creates a condition of this lock, which can be sent to other processes as the lock can.
  ///
  /// @return the condition
  @Override
  public SharedCondition newCondition() {
    attachment.check();
    return new SharedCondition(attachment.session(), new ConditionLock.Plain(this));
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
      lockAgain();
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

  /// Name and holder: `SharedLock[lock-1, held by main (pid 4711), thread 1]`.
  @Override
  public String toString() {
    return "SharedLock[" + ownership.describe() + "]";
  }

  /// Makes sure that the lock, which this thread has, is not damaged.
  void requireSound() {
    ownership.requireSound();
  }

  Attachment attachment() {
    return attachment;
  }

  /// Takes the lock back after a wait on a condition, which has given it up.
  void lockAgain() {
    ownership.isTakenAsItIs(ownership.acquireAgain());
  }

  private boolean acquire(long deadline) throws InterruptedException {
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
    return SyncHandles.of(this, attachment);
  }
}
