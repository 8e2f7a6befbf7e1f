package io.procession.internal.arena;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// A lock in 24 bytes of shared memory that survives the death of its owner.
///
/// ```
/// 0  state   int   0 free; else owner << 1 | contended: a futex word
/// 4  thread  int   lower half of the owning thread's number; one long with the state, the one truth
/// 8  number  long  the owning thread's whole number, for people and against mistakes
/// 16 deaths  int   how often an owner died with the lock
/// 20 waits   int   how often someone had to wait: a statistic, not exact
/// ```
///
/// A lock belongs to one thread of one participant. It may be taken again only after its release:
/// this word does not count. The memory belongs to the caller and starts as zero.
///
/// ```
///          acquire (CAS)                       mark (CAS), by whoever is going to wait
/// free ------------------> owned by (p, t) --------------------> owned by (p, t), contended
///  ^                          |        |                            |      |
///  +----- release (swap) -----+--------|----------------------------+      |
///                                      | p is dead: taken over (CAS)       |
///                                      +--> owned by (q, u), contended <---+
/// ```
public final class LockWord {
  /*
   * The state is a futex mutex after Drepper ("Futexes Are Tricky", mutex 3) whose value names its
   * owner. Contended means: release must wake one waiter. A waiter that was woken takes the lock as
   * contended, since it cannot know whether more wait; so the bit errs only towards a needless wake.
   * No count of waiters exists that a death could leave wrong.
   *
   * Threads of one process that must wait queue at a gate of its own; the one that has passed it
   * waits on the shared word for all of them.
   *
   * A wake-up that reaches a waiter who then gives up (time, interrupt) must not be lost: if the
   * lock is free it is passed on, and if another was faster its hold is marked as contended, for it
   * may have taken the lock unmarked while more wait.
   *
   * Deaths. Whoever finds the owner's participant dead takes the lock by a CAS from the very state
   * that names it. A waiter that dies between being woken and taking the lock swallows that wake; but
   * its death rings all doorbells, so every waiter looks again.
   *
   * Owner and thread are one long: there is no moment at which the lock is held and it cannot be told
   * by whom, nor one at which a dead owner's thread could be mistaken for a living one with the same
   * number. Of the number only half fits; the whole stands behind it, written after the lock was
   * taken. A thread holds the lock if all three agree. What a dead owner left as number does no harm:
   * for a mistake a second thread of the new owner's process would have to agree with the new owner
   * in the lower half and with the dead one in the upper, in that moment.
   */

  /// Bytes of a lock word; align it to 8.
  public static final int BYTES = 24;

  /// What [#acquire] answers when the object that the lock is part of has been destroyed.
  public static final int GONE = -2;

  /// What [#acquire] answers when the deadline has passed.
  public static final int TIMED_OUT = -1;

  /// What [#acquire] answers in the ordinary case; else the dead participant that had the lock.
  public static final int ACQUIRED = 0;

  private static final long STATE_AT = 0;
  private static final long NUMBER_AT = 8;
  private static final long DEATHS_AT = 16;
  private static final long WAITS_AT = 20;

  private static final int SPINS = Runtime.getRuntime().availableProcessors() > 1 ? 100 : 0;

  private final Participants participants;
  private final Waiting waiting;
  private final Directory directory;
  private final @Nullable CellRef object;
  private final MemorySegment memory;
  private final long at;
  private final int self;
  private final ReentrantLock gate = new ReentrantLock();

  /// The lock word at offset `at` of the session's arena, which its user never frees while it may be
  /// in use.
  public LockWord(Session session, long at) {
    this(session, at, null);
  }

  /// The lock word at offset `at` of the session's arena, part of an object that may be destroyed
  /// while threads wait: they are told so with [#GONE].
  public LockWord(Session session, long at, @Nullable CellRef object) {
    this.participants = session.participants();
    this.waiting = session.waiting();
    this.directory = session.directory();
    this.object = object;
    this.memory = session.memory();
    this.at = at;
    this.self = session.self();
  }

  /// Takes the lock if it is free. An owner that died still has it, here.
  public boolean tryAcquire() {
    return tryAcquire(Thread.currentThread().threadId(), 0);
  }

  /// Takes the lock if it is free or its owner is known to be dead.
  ///
  /// @return [#ACQUIRED], [#TIMED_OUT], [#GONE], or the participant that died with the lock
  public int acquireIfPossible() {
    try {
      return acquireSlowly(System.nanoTime(), false);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /// Waits for the lock until a deadline of [System#nanoTime()]; a deadline of the past asks once.
  ///
  /// @return [#ACQUIRED], [#TIMED_OUT], [#GONE], or the participant that died with the lock, now the
  ///     caller's
  public int acquire(long deadline) throws InterruptedException {
    if (tryAcquire() || spin()) {
      return ACQUIRED;
    }
    long left = deadline - System.nanoTime();
    if (!gate.tryLock(Math.max(left, 0), TimeUnit.NANOSECONDS)) {
      return TIMED_OUT;
    }
    boolean done = false;
    try {
      int result = acquireSlowly(deadline, true);
      done = result != TIMED_OUT;
      return result;
    } finally {
      gate.unlock();
      if (!done) {
        passWakeOn();
      }
    }
  }

  /// Waits for the lock, whatever happens. An interrupt is kept for later.
  ///
  /// @return [#ACQUIRED], [#GONE], or the participant that died with the lock
  public int acquireUninterruptibly() {
    if (tryAcquire() || spin()) {
      return ACQUIRED;
    }
    gate.lock();
    try {
      return acquireSlowly(Waiting.forever(), false);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    } finally {
      gate.unlock();
    }
  }

  /// Gives the lock up. The caller has made sure that it holds it.
  public void release() {
    int state = (int) Words.getAndSetLong(memory, at + STATE_AT, 0);
    CrashPoint.LOCK_RELEASED.reach();
    if ((state & 1) != 0) {
      waiting.wake(at + STATE_AT, 1);
    }
  }

  /// Gives the lock up if the calling thread holds it.
  ///
  /// @return whether it did
  public boolean releaseIfHeld() {
    boolean held = isHeldByCurrentThread();
    if (held) {
      release();
    }
    return held;
  }

  /// True if the calling thread holds the lock.
  public boolean isHeldByCurrentThread() {
    long thread = Thread.currentThread().threadId();
    long state = Words.getLongVolatile(memory, at + STATE_AT);
    return (state & ~1L) == held(thread) && Words.getLongOpaque(memory, at + NUMBER_AT) == thread;
  }

  /// The participant that has the lock, dead or alive, or 0.
  public int owner() {
    return owner(Words.getLongVolatile(memory, at + STATE_AT));
  }

  /// True if somebody may be waiting for the lock; asked by its holder.
  public boolean isContended() {
    return (Words.getLongVolatile(memory, at + STATE_AT) & 1) != 0;
  }

  /// The number of the owner's thread in its process, or 0 if the lock is free.
  public long ownerThread() {
    long state = Words.getLongVolatile(memory, at + STATE_AT);
    if (state == 0) {
      return 0;
    }
    long number = Words.getLongOpaque(memory, at + NUMBER_AT);
    long half = state >>> 32;
    return (int) number == (int) half ? number : half;
  }

  /// How often an owner died with the lock and another took it over.
  public int deaths() {
    return Words.getIntVolatile(memory, at + DEATHS_AT);
  }

  /// Lets everybody who waits for the lock look again: it has been destroyed.
  public void wakeAll() {
    waiting.wake(at + STATE_AT, Integer.MAX_VALUE);
  }

  private boolean tryAcquire(long thread, int contended) {
    if (!Words.compareAndSetLong(memory, at + STATE_AT, 0, held(thread) | contended)) {
      return false;
    }
    CrashPoint.LOCK_TAKEN.reach();
    nameThread(thread);
    return true;
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
    long thread = Thread.currentThread().threadId();
    long stateAt = at + STATE_AT;
    int contended = 0;
    while (true) {
      if (object != null && !directory.isThere(object)) {
        return GONE;
      }
      int heard = waiting.bell();
      long state = Words.getLongVolatile(memory, stateAt);
      if (state == 0) {
        if (tryAcquire(thread, contended)) {
          return ACQUIRED;
        }
        continue;
      }
      int owner = owner(state);
      if (!participants.isAlive(owner)) {
        if (Words.compareAndSetLong(memory, stateAt, state, held(thread) | 1)) {
          CrashPoint.LOCK_TAKEN_FROM_DEAD.reach();
          nameThread(thread);
          Words.getAndAddInt(memory, at + DEATHS_AT, 1);
          CrashPoint.LOCK_DEATH_COUNTED.reach();
          return owner;
        }
        continue;
      }
      if (deadline - System.nanoTime() <= 0) {
        return TIMED_OUT;
      }
      if (!mark(state)) {
        continue;
      }
      state |= 1;
      contended = 1;
      Words.setInt(memory, at + WAITS_AT, Words.getInt(memory, at + WAITS_AT) + 1);
      if (interruptible) {
        waiting.await(stateAt, (int) state, heard, deadline);
      } else {
        waiting.awaitUninterruptibly(stateAt, (int) state, heard, deadline);
      }
      if (Words.getLongVolatile(memory, stateAt) == state) {
        participants.probe(owner);
      }
    }
  }

  /// Makes sure that the holder will wake somebody.
  ///
  /// @return false if the state has changed meanwhile
  private boolean mark(long state) {
    if ((state & 1) != 0) {
      return true;
    }
    boolean marked = Words.compareAndSetLong(memory, at + STATE_AT, state, state | 1);
    if (marked) {
      CrashPoint.LOCK_MARKED_CONTENDED.reach();
    }
    return marked;
  }

  private void passWakeOn() {
    while (true) {
      long state = Words.getLongVolatile(memory, at + STATE_AT);
      if (state == 0) {
        waiting.wake(at + STATE_AT, 1);
        return;
      }
      if (mark(state)) {
        return;
      }
    }
  }

  private void nameThread(long thread) {
    Words.setLongOpaque(memory, at + NUMBER_AT, thread);
    CrashPoint.LOCK_OWNER_NAMED.reach();
  }

  private long held(long thread) {
    return thread << 32 | (long) self << 1;
  }

  private static int owner(long state) {
    return (int) state >>> 1;
  }
}
