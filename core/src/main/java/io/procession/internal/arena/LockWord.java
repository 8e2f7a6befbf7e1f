package io.procession.internal.arena;

import java.lang.foreign.MemorySegment;

/// A lock in 24 bytes of shared memory that survives the death of its owner.
///
/// ```
/// 0  state   int   0 free; else owner << 1 | contended: a futex word, the one truth
/// 4  deaths  int   how often an owner died with the lock
/// 8  thread  long  the owning thread's number in its process, 0 while none is noted
/// 16 waits   long  how often someone had to wait: a statistic, not exact
/// ```
///
/// A lock belongs to one thread of one participant. It may be taken again only after its release:
/// this word does not count. The memory belongs to the caller and starts as zero.
public final class LockWord {
  /*
   * The state is a futex mutex after Drepper ("Futexes Are Tricky", mutex 3) whose value names its
   * owner. Contended means: release must wake one waiter. A waiter that was woken takes the lock as
   * contended, since it cannot know whether more wait; so the bit errs only towards a needless wake.
   * No count of waiters exists that a death could leave wrong.
   *
   * Deaths. Whoever finds the owner's participant dead takes the lock by a CAS from the very state
   * that names it. A waiter that dies between being woken and taking the lock swallows that wake; but
   * its death rings all doorbells, so every waiter looks again. One that gives up (time, interrupt)
   * passes the wake on if the lock is free.
   *
   * The thread is a word of its own: only threads of the owning process compare it with themselves. A
   * thread that reads its own number there wrote it, and it clears the word before it gives the
   * lock up, so it holds the lock exactly if the state names its process and the word names it. What
   * a dead owner left there is overwritten by the next before anyone of that process can ask.
   */

  /// Bytes of a lock word; align it to 8.
  public static final int BYTES = 24;

  /// What [#acquire] answers when the deadline has passed.
  public static final int TIMED_OUT = -1;

  /// What [#acquire] answers in the ordinary case; else the dead participant that had the lock.
  public static final int ACQUIRED = 0;

  private static final long STATE_AT = 0;
  private static final long DEATHS_AT = 4;
  private static final long THREAD_AT = 8;
  private static final long WAITS_AT = 16;

  private static final int SPINS = Runtime.getRuntime().availableProcessors() > 1 ? 100 : 0;

  private final Participants participants;
  private final Waiting waiting;
  private final MemorySegment memory;
  private final long at;
  private final int self;
  private final int taken;

  /// The lock word at offset `at` of the session's arena.
  public LockWord(Session session, long at) {
    this.participants = session.participants();
    this.waiting = session.waiting();
    this.memory = session.memory();
    this.at = at;
    this.self = session.self();
    this.taken = self << 1;
  }

  /// Takes the lock if it is free. An owner that died still has it, here.
  public boolean tryAcquire() {
    if (!Words.compareAndSetInt(memory, at + STATE_AT, 0, taken)) {
      return false;
    }
    CrashPoint.LOCK_TAKEN.reach();
    nameOwner();
    return true;
  }

  /// Waits for the lock until a deadline of [System#nanoTime()]; a deadline of the past asks once.
  ///
  /// @return [#ACQUIRED], [#TIMED_OUT], or the participant that died with the lock, now the caller's
  public int acquire(long deadline) throws InterruptedException {
    if (tryAcquire() || spin()) {
      return ACQUIRED;
    }
    boolean done = false;
    try {
      int result = acquireSlowly(deadline, true);
      done = result != TIMED_OUT;
      return result;
    } finally {
      if (!done) {
        passWakeOn();
      }
    }
  }

  /// Waits for the lock, whatever happens. An interrupt is kept for later.
  ///
  /// @return [#ACQUIRED], or the participant that died with the lock
  public int acquireUninterruptibly() {
    if (tryAcquire() || spin()) {
      return ACQUIRED;
    }
    try {
      return acquireSlowly(Waiting.forever(), false);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /// Gives the lock up. The caller has made sure that it holds it.
  public void release() {
    Words.setLongOpaque(memory, at + THREAD_AT, 0);
    CrashPoint.LOCK_OWNER_CLEARED.reach();
    int state = Words.getAndSetInt(memory, at + STATE_AT, 0);
    CrashPoint.LOCK_RELEASED.reach();
    if ((state & 1) != 0) {
      waiting.wake(at + STATE_AT, 1);
    }
  }

  /// True if the calling thread holds the lock.
  public boolean isHeldByCurrentThread() {
    return Words.getIntVolatile(memory, at + STATE_AT) >>> 1 == self
        && Words.getLongOpaque(memory, at + THREAD_AT) == Thread.currentThread().threadId();
  }

  /// The participant that has the lock, dead or alive, or 0.
  public int owner() {
    return Words.getIntVolatile(memory, at + STATE_AT) >>> 1;
  }

  /// The owner's thread, or 0 if none is noted (yet).
  public long ownerThread() {
    return Words.getLongOpaque(memory, at + THREAD_AT);
  }

  /// How often an owner died with the lock and another took it over.
  public int deaths() {
    return Words.getIntVolatile(memory, at + DEATHS_AT);
  }

  private boolean spin() {
    for (int i = 0; i < SPINS; i++) {
      if (Words.getIntVolatile(memory, at + STATE_AT) == 0 && tryAcquire()) {
        return true;
      }
      Thread.onSpinWait();
    }
    return false;
  }

  private int acquireSlowly(long deadline, boolean interruptible) throws InterruptedException {
    long stateAt = at + STATE_AT;
    int contended = 0;
    while (true) {
      int heard = waiting.bell();
      int state = Words.getIntVolatile(memory, stateAt);
      if (state == 0) {
        if (Words.compareAndSetInt(memory, stateAt, 0, taken | contended)) {
          CrashPoint.LOCK_TAKEN.reach();
          nameOwner();
          return ACQUIRED;
        }
        continue;
      }
      int owner = state >>> 1;
      if (!participants.isAlive(owner)) {
        if (Words.compareAndSetInt(memory, stateAt, state, taken | 1)) {
          CrashPoint.LOCK_TAKEN_FROM_DEAD.reach();
          nameOwner();
          Words.getAndAddInt(memory, at + DEATHS_AT, 1);
          return owner;
        }
        continue;
      }
      if (deadline - System.nanoTime() <= 0) {
        return TIMED_OUT;
      }
      if ((state & 1) == 0) {
        if (!Words.compareAndSetInt(memory, stateAt, state, state | 1)) {
          continue;
        }
        CrashPoint.LOCK_MARKED_CONTENDED.reach();
        state |= 1;
      }
      Words.setLongOpaque(memory, at + WAITS_AT, Words.getLongOpaque(memory, at + WAITS_AT) + 1);
      contended = 1;
      if (interruptible) {
        waiting.await(stateAt, state, heard, deadline);
      } else {
        waiting.awaitUninterruptibly(stateAt, state, heard, deadline);
      }
      if (Words.getIntVolatile(memory, stateAt) == state) {
        participants.probe(owner);
      }
    }
  }

  private void nameOwner() {
    Words.setLongOpaque(memory, at + THREAD_AT, Thread.currentThread().threadId());
    CrashPoint.LOCK_OWNER_NAMED.reach();
  }

  private void passWakeOn() {
    if (Words.getIntVolatile(memory, at + STATE_AT) == 0) {
      waiting.wake(at + STATE_AT, 1);
    }
  }
}
