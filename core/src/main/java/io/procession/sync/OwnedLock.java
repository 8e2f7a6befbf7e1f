package io.procession.sync;

import io.procession.internal.arena.CellKind;
import io.procession.internal.arena.CellRef;
import io.procession.internal.arena.LockWord;
import io.procession.internal.arena.Session;
import io.procession.internal.arena.Waiting;
import io.procession.internal.check.Require;
import io.procession.internal.posix.Until;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;

/// What both kinds of lock have in common: an owner, who may die.
///
/// How they are taken and given up is each kind's own: that is done millions of times a second.
abstract sealed class OwnedLock extends SyncObject implements QueryableLock
    permits SharedLock, SharedReentrantLock {
  private static final long serialVersionUID = 1L;

  final transient Ownership ownership;

  /// True if it fails after the death of an owner.
  final transient boolean fails;

  final transient LockWord word;

  /// Makes one.
  ///
  /// @param words makes the words in its cell
  OwnedLock(
      Session session,
      CellKind kind,
      String name,
      LockOptions options,
      BiFunction<Session, CellRef, ? extends LockWord> words) {
    super(session, kind, name);
    CellRef ref = attachment.ref();
    this.word = words.apply(session, ref);
    Damage.setOptions(session, ref, options);
    this.ownership = new Ownership(attachment, word, name);
    this.fails = ownership.fails();
  }

  /// One more object for a lock.
  ///
  /// @param words finds the words in its cell
  OwnedLock(
      Session session,
      CellKind kind,
      CellRef ref,
      BiFunction<Session, CellRef, ? extends LockWord> words) {
    super(session, kind, ref);
    this.word = words.apply(session, ref);
    this.ownership = new Ownership(attachment, word, name);
    this.fails = ownership.fails();
  }

  /// The lock to which the words of a condition refer.
  ///
  /// @param kind as [#kind]
  static OwnedLock attach(Session session, CellRef ref, int kind) {
    return switch (kind) {
      case SharedLock.KIND -> SharedLock.attach(session, ref);
      case SharedReentrantLock.KIND -> SharedReentrantLock.attach(session, ref);
      default ->
          throw new IllegalStateException("a condition's words are damaged: kind of lock=" + kind);
    };
  }

  /// Takes the lock, waiting as long as it takes.
  ///
  /// @throws InterruptedException if the thread is interrupted before or while it waits; it has no
  ///     hold more than before then
  @Override
  public void lockInterruptibly() throws InterruptedException {
    boolean _ = acquire(Waiting.forever());
  }

  /// Takes the lock, waiting for it up to a limit.
  ///
  /// @param time how long; not more than zero means not to wait
  /// @param unit the unit of the time
  /// @return whether this thread has it, or has it once more
  /// @throws InterruptedException if the thread is interrupted before or while it waits; it has no
  ///     hold more than before then
  @Override
  public boolean tryLock(long time, TimeUnit unit) throws InterruptedException {
    return acquire(Until.after(unit.toNanos(time)));
  }

  /// Takes the lock, waiting for it until a deadline.
  abstract boolean acquire(long deadline) throws InterruptedException;

  /// Creates a condition of this lock, which can be sent to other processes as the lock can. Who waits
  /// for it gives up all holds and has as many again afterwards.
  ///
  /// @return the condition
  @Override
  public SharedCondition newCondition() {
    attachment.check();
    return new SharedCondition(attachment.session(), this);
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
    Require.notNull("repair", repair);
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

  /// Name and holder: `SharedLock[lock-1, held by main (pid 4711), thread 1]`.
  @Override
  public String toString() {
    return described(attachment.isUsable() ? ownership.holder() : end());
  }

  @Override
  void wakeAll() {
    word.wakeAll();
  }

  /// What kind it is, for the words of a condition.
  abstract int kind();

  /// Gives up all holds, for a wait on a condition.
  ///
  /// @return how many more than one there were, as [#takeBack] wants to know
  abstract int giveUp();

  /// Takes the lock back after a wait on a condition, with the holds that were given up.
  abstract void takeBack(int holds);

  /// Makes sure that the lock, which this thread has, is not damaged.
  void requireSound() {
    ownership.requireSound();
  }
}
