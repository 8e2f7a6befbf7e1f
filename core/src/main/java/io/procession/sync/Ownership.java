package io.procession.sync;

import io.procession.internal.arena.Attachment;
import io.procession.internal.arena.LockWord;
import io.procession.internal.arena.WaitNotes;
import io.procession.internal.posix.Until;

/// What both kinds of lock say about their owners.
final class Ownership {
  /// A wait that lasts longer is noted: a deadlock lasts.
  private static final long PATIENCE_NANOS = 10_000_000;

  /// How long one that is refused waits for the parent of the dead to say how that ended.
  private static final long REFUSAL_PATIENCE_NANOS = 50_000_000;

  private final Attachment attachment;
  private final LockWord word;
  private final String name;
  private final Damage damage;
  private final boolean fails;

  Ownership(Attachment attachment, LockWord word, String name) {
    this.attachment = attachment;
    this.word = word;
    this.name = name;
    this.damage = Damage.of(attachment.session(), attachment.ref());
    this.fails = Damage.isNoted(attachment.session(), attachment.ref());
  }

  /// True if the lock fails after the death of an owner.
  boolean fails() {
    return fails;
  }

  /// Waits for the lock until a deadline; notes for all to see that it does if that takes long.
  int acquire(long deadline) throws InterruptedException {
    if (!WaitNotes.ARE_TAKEN) {
      return word.acquire(deadline);
    }
    long patience = Until.after(PATIENCE_NANOS);
    if (deadline - patience <= 0) {
      return word.acquire(deadline);
    }
    int result = word.acquire(patience);
    if (result != LockWord.TIMED_OUT) {
      return result;
    }
    WaitNotes waits = attachment.session().waits();
    int note = waits.put(attachment.ref());
    try {
      return word.acquire(deadline);
    } finally {
      waits.remove(note);
    }
  }

  /// As [#acquire], but without a limit, and an interrupt is kept for later.
  int acquireUninterruptibly() {
    if (!WaitNotes.ARE_TAKEN) {
      return word.acquireUnlessStopped();
    }
    boolean interrupted = Thread.interrupted();
    try {
      int result = word.acquire(Until.after(PATIENCE_NANOS));
      if (result != LockWord.TIMED_OUT) {
        return result;
      }
    } catch (InterruptedException e) {
      interrupted = true;
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
    WaitNotes waits = attachment.session().waits();
    int note = waits.put(attachment.ref());
    try {
      return word.acquireUnlessStopped();
    } finally {
      waits.remove(note);
    }
  }

  /// Takes the lock back after a wait on a condition, whatever happens.
  int acquireAgain() {
    if (!WaitNotes.ARE_TAKEN) {
      return word.acquireUninterruptibly();
    }
    int result = word.acquireUninterruptibly(Until.after(PATIENCE_NANOS));
    if (result != LockWord.TIMED_OUT) {
      return result;
    }
    WaitNotes waits = attachment.session().waits();
    int note = waits.put(attachment.ref());
    try {
      return word.acquireUninterruptibly();
    } finally {
      waits.remove(note);
    }
  }

  /// Says what came of asking for the lock: false if it was not to be had in time.
  ///
  /// @throws OwnerDiedException if it is damaged; it has been released then
  /// @throws IllegalStateException if the lock was destroyed
  boolean isTaken(int result) {
    boolean taken = isTakenAsItIs(result);
    if (taken && fails) {
      giveUpIfDamaged();
    }
    return taken;
  }

  /// Gives a lock up that this thread has just taken, for the first time, if it is damaged.
  ///
  /// @throws OwnerDiedException if it was
  void giveUpIfDamaged() {
    int dead = damage.owner();
    if (dead != 0) {
      int deaths = word.deaths();
      word.release();
      throw new OwnerDiedException(name, fate(dead, REFUSAL_PATIENCE_NANOS), deaths);
    }
  }

  /// Makes sure that the lock, which this thread has and keeps, is not damaged.
  ///
  /// @throws OwnerDiedException if it is
  void requireSound() {
    int dead = fails ? damage.owner() : 0;
    if (dead != 0) {
      throw new OwnerDiedException(name, fate(dead, 0), word.deaths());
    }
  }

  /// Runs the repair if the lock, which this thread has, is damaged; then it is no more.
  ///
  /// @return whether it was
  boolean recover(Runnable repair) {
    boolean damaged = fails && damage.owner() != 0;
    if (damaged) {
      repair.run();
      damage.clear();
    }
    return damaged;
  }

  /// As [#isTaken], but the lock may be damaged.
  boolean isTakenAsItIs(int result) {
    if (result == LockWord.TIMED_OUT) {
      return false;
    }
    if (result == LockWord.GONE) {
      attachment.checkThere();
    }
    if (result > LockWord.ACQUIRED && result != attachment.session().self()) {
      if (fails) {
        damage.mark(result);
      }
      OwnerDeath.warn(name, attachment.session().participants(), result);
    }
    return true;
  }

  private String fate(int dead, long patienceNanos) {
    return attachment.session().participants().fate(dead, patienceNanos);
  }

  /// What is thrown at a thread that gives up a lock that it does not hold.
  ///
  /// @throws IllegalStateException if the lock was destroyed
  IllegalMonitorStateException notHeld() {
    attachment.checkThere();
    return new IllegalMonitorStateException(
        "only the thread that holds a lock may unlock it: lock=" + name + ", " + holder());
  }

  /// For people: `free`, or who holds it.
  String holder() {
    int owner = word.owner();
    return owner == 0
        ? "free"
        : "held by "
            + attachment.session().participants().describe(owner)
            + ", thread "
            + word.ownerThread();
  }
}
