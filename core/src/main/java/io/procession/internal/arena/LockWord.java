package io.procession.internal.arena;

import io.procession.internal.posix.AsymmetricFence;
import io.procession.internal.posix.Interruption;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// A lock in 24 bytes of shared memory that survives the death of its owner.
///
/// ```
/// 0  state    int   odd or 0: free; else owner << 1
/// 4  thread   int   the owning thread's number (ThreadMark); one long with the state, the one truth
/// 8  number   long  the number once more, whole, where it is too long for the former
/// 16 deaths   int   how often an owner died with the lock
/// 20 sleepers int   lowest bit: somebody may sleep until the lock is free; above it the mark of the
///                   object (CellRef). A futex word
/// ```
///
/// A lock belongs to one thread of one participant. It may be taken again only after its release:
/// this word does not count. The memory belongs to the caller and starts as zero.
///
/// By itself ([#LockWord]) it is free when zero. As part of an object ([#create]) its free state has
/// the generation of the object's cell where the thread stands when it is owned: so a reference to an
/// object that was destroyed takes nothing of what has its memory by now.
///
/// ```
///          acquire (CAS)                           announce (CAS)
/// free <------------------> owned by (p, t)         0 ---------------> 1
///          release (store)    |       ^             ^  who will sleep  |
///                             | p dead: taken       |                  |
///                             +-------+             +--- call (CAS) ---+
///                              over (CAS)            who has released, and wakes one
/// ```
public class LockWord {
  /*
   * A futex mutex after Drepper ("Futexes Are Tricky"), but with the mark of the waiting in a word of
   * its own, so that a release is a plain store: no locked instruction, half the price of a pair.
   *
   * Release stores the state, then looks at sleepers; who is going to sleep sets sleepers, then looks
   * at the state. One of the two must see the other, which takes a full fence on both sides or an
   * asymmetric one (AsymmetricFence) for which the sleeper pays, who has time.
   *
   * Sleepers changes by compare-and-set from a value that has the object's mark: one who was stopped on
   * its way, and finds the object's memory to be another's by then, changes nothing.
   *
   * A release that finds sleepers set clears it and wakes one who sleeps on that word. That one sets
   * it again before it sleeps once more, and after it got the lock, since it cannot know whether more
   * sleep: the mark errs only towards a needless wake-up. The kernel lets nobody sleep unless the
   * word is set, so who has announced itself and is called before it is asleep looks again. In
   * short: whenever somebody sleeps, either the word is set, or one who was called has not looked
   * yet. A call that clears the word late, after another has announced itself under the next
   * owner, wakes one for it all the same.
   *
   * No count of waiters exists that a death could leave wrong.
   *
   * Threads of one process that must wait queue at a gate of its own; the one that has passed it
   * waits on the shared word for all of them.
   *
   * A call that reaches a waiter who then gives up (time, interrupt) must not be lost: it announces
   * itself once more in the name of the others, and calls the next if the lock is free.
   *
   * Deaths. Whoever finds the owner's participant dead takes the lock by a CAS from the very state
   * that names it. A waiter that dies between being called and taking the lock swallows that call, and
   * one that dies between its release and its call makes none; but a death rings all doorbells, so
   * every waiter looks again.
   *
   * An error that throws a thread out of the midst (a stack overflow may come in any call) can leave
   * it with a lock that is none of its business any more. When it asks again it has it at once, as
   * if from a dead owner: here no lock is taken twice by one thread.
   *
   * Owner and thread are one long: there is no moment at which the lock is held and it cannot be told
   * by whom, nor one at which a dead owner's thread could be mistaken for a living one with the same
   * number. A number of more than 31 bits does not fit: the mark says so, and the whole stands behind
   * it, written after the lock was taken. Such a thread holds the lock if all agree. What an earlier
   * owner left as number does no harm: for a mistake a second thread of the new owner's process would
   * have to agree with the new owner in the lower bits and with the earlier one in all, in the moment
   * between two stores.
   */

  /// Bytes of a lock word; align it to 8.
  public static final int BYTES = 24;

  /// What [#acquire] answers when the object that the lock is part of has been destroyed.
  public static final int GONE = -2;

  /// What [#acquire] answers when the deadline has passed.
  public static final int TIMED_OUT = -1;

  /// What [#acquire] answers in the ordinary case; else the participant that had the lock: one that is
  /// dead, or the caller's own, if an error has thrown the calling thread out without a release.
  public static final int ACQUIRED = 0;

  private static final long STATE_AT = 0;
  private static final long NUMBER_AT = 8;
  private static final long DEATHS_AT = 16;
  private static final long SLEEPERS_AT = 20;

  /// How long the first look at a lock that is held is put off, in spin-wait hints of some 25 ns.
  private static final int FIRST_PAUSES = 16;

  /// As long as that before the last look: all together take 6 µs, about what sleeping and waking would. A
  /// model has nothing to learn from a spin but many steps.
  private static final int LAST_PAUSES =
      Runtime.getRuntime().availableProcessors() > 1 && !Steps.ARE_WATCHED ? 128 : 0;

  private final Session session;
  private final Participants participants;
  private final Waiting waiting;
  private final Directory directory;
  private final @Nullable CellRef object;
  private final MemorySegment memory;
  private final boolean constant;
  private final long at;
  private final long free;
  private final int mark;
  private final int self;
  private final ReentrantLock gate = new ReentrantLock();
  private final Courtesy courtesy;

  /// The lock word at offset `at` of the session's arena, which its user never frees while it may be
  /// in use. It is free as zero.
  public LockWord(Session session, long at) {
    this(session, at, 0, 0, null);
  }

  /// The lock word in the body of an object's cell.
  protected LockWord(Session session, CellRef object) {
    this(session, object, Directory.body(object.cell()));
  }

  private LockWord(Session session, CellRef object, long at) {
    this(session, at, (long) object.generation() << 32 | 1, object.mark(), object);
  }

  private LockWord(Session session, long at, long free, int mark, @Nullable CellRef object) {
    this.session = session;
    this.participants = session.participants();
    this.waiting = session.waiting();
    this.courtesy = new Courtesy(waiting);
    this.directory = session.directory();
    this.object = object;
    this.memory = session.memory();
    this.constant = ThisArena.isOf(session);
    this.at = at;
    this.free = free;
    this.mark = mark;
    this.self = session.self();
  }

  /// Makes the lock word of an object that this process has just allocated, in the body of its cell.
  public static LockWord create(Session session, CellRef object) {
    return create(session, object, Directory.body(object.cell()));
  }

  /// Makes a lock word of an object that this process has just allocated, at offset `at`: in its cell
  /// or in its units. When the object is destroyed those who wait are told so with [#GONE].
  public static LockWord create(Session session, CellRef object, long at) {
    LockWord word = attach(session, object, at);
    word.setUp();
    return word;
  }

  /// Writes its words, as those of an object that this process has just allocated.
  protected final void setUp() {
    Words.setInt(memory(), at + SLEEPERS_AT, mark);
    Words.setLong(memory(), at + STATE_AT, free);
  }

  /// The lock word in the body of an object's cell.
  public static LockWord attach(Session session, CellRef object) {
    return new LockWord(session, object);
  }

  /// The lock word of an object at offset `at`.
  public static LockWord attach(Session session, CellRef object, long at) {
    return new LockWord(session, object, at);
  }

  /// The same lock for the one who destroys its object: who waits for it here is not told.
  public LockWord beyondItsObject() {
    return new LockWord(session, at, free, mark, null);
  }

  /// Takes the lock if it is free. An owner that died still has it, here.
  public boolean tryAcquire() {
    return tryAcquire(Thread.currentThread().threadId());
  }

  /// Takes the lock if it is free or its owner is known to be dead.
  ///
  /// @return [#ACQUIRED], [#TIMED_OUT], [#GONE], or the participant that died with the lock
  public int acquireIfPossible() {
    try {
      return acquireSlowly(System.nanoTime(), Waiting.Heed.NOTHING);
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
    try {
      if (!Interruption.lock(gate, deadline)) {
        return TIMED_OUT;
      }
      return acquireSlowly(deadline, Waiting.Heed.BOTH);
    } finally {
      leaveGate();
    }
  }

  /// Waits for the lock, whatever happens. An interrupt is kept for later.
  ///
  /// @return [#ACQUIRED], [#GONE], or the participant that died with the lock
  public int acquireUninterruptibly() {
    return acquireHeeding(Waiting.Heed.NOTHING);
  }

  /// As [#acquireUninterruptibly], unless this process shall stop.
  public int acquireUnlessStopped() {
    return acquireHeeding(Waiting.Heed.STOP);
  }

  /// As [#acquireUninterruptibly], until a deadline, or until an interrupt if that is sooner.
  ///
  /// @return also [#TIMED_OUT]
  public int acquireUninterruptibly(long deadline) {
    if (tryAcquire() || spin()) {
      return ACQUIRED;
    }
    boolean interrupted = Thread.interrupted();
    try {
      return gate.tryLock(Math.max(deadline - System.nanoTime(), 0), TimeUnit.NANOSECONDS)
          ? acquireSlowly(deadline, Waiting.Heed.NOTHING)
          : TIMED_OUT;
    } catch (InterruptedException e) {
      interrupted = true;
      return TIMED_OUT;
    } finally {
      leaveGate();
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private int acquireHeeding(Waiting.Heed heed) {
    if (tryAcquire() || spin()) {
      return ACQUIRED;
    }
    try {
      gate.lock(); // here, since a stack overflow in it may be thrown when it has been entered
      return acquireSlowly(Waiting.forever(), heed);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    } finally {
      leaveGate();
    }
  }

  /// Makes sure that the calling thread is not in the gate, where a stack overflow may have left it.
  public void leaveGate() {
    if (gate.isHeldByCurrentThread()) {
      gate.unlock();
    }
  }

  /// Gives the lock up. The caller has made sure that it holds it.
  public void release() {
    Words.setLongRelease(memory(), at + STATE_AT, free);
    FailPoint.LOCK_RELEASED.reach();
    AsymmetricFence.light();
    if ((Words.getIntOpaque(memory(), at + SLEEPERS_AT) & 1) != 0) {
      callNext();
      courtesy.stayWhile(() -> Words.getLongVolatile(memory(), at + STATE_AT) == free);
    }
  }

  /// As [#release], for one that has found the object to be gone: its memory may be another's by now, and
  /// then nothing is changed.
  public void releaseUnlessReused() {
    long held = held(Thread.currentThread().threadId());
    if (Words.compareAndSetLong(memory(), at + STATE_AT, held, free) && isContended()) {
      callNext();
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
    return isHeldBy(Thread.currentThread().threadId());
  }

  boolean isHeldBy(long thread) {
    return Words.getLongOpaque(memory(), at + STATE_AT) == held(thread)
        && (ThreadMark.isWhole(thread) || Words.getLongOpaque(memory(), at + NUMBER_AT) == thread);
  }

  /// True if the calling thread has the lock, also if an error has thrown it out before it could write
  /// its whole number down.
  public boolean wasLeftByCurrentThread() {
    return wasLeftBy(Thread.currentThread().threadId());
  }

  boolean wasLeftBy(long thread) {
    long state = Words.getLongOpaque(memory(), at + STATE_AT);
    long number = Words.getLongOpaque(memory(), at + NUMBER_AT);
    boolean isOfAnother =
        !ThreadMark.isWhole(thread)
            && number != thread
            && ThreadMark.of(number) == ThreadMark.of(thread);
    return state == held(thread) && !isOfAnother;
  }

  /// The participant that has the lock, dead or alive, or 0.
  public int owner() {
    return owner(Words.getLongVolatile(memory(), at + STATE_AT));
  }

  /// True if somebody may be waiting for the lock; asked by its holder.
  public boolean isContended() {
    return (Words.getIntVolatile(memory(), at + SLEEPERS_AT) & 1) != 0;
  }

  /// The number of the owner's thread in its process, or 0 if the lock is free.
  public long ownerThread() {
    long state = Words.getLongVolatile(memory(), at + STATE_AT);
    if (owner(state) == 0) {
      return 0;
    }
    return ThreadMark.number((int) (state >>> 32), Words.getLongOpaque(memory(), at + NUMBER_AT));
  }

  /// How often an owner died with the lock and another took it over.
  public int deaths() {
    return Words.getIntVolatile(memory(), at + DEATHS_AT);
  }

  /// Lets everybody who waits for the lock look again: it has been destroyed.
  public void wakeAll() {
    waiting.wake(at + SLEEPERS_AT, Integer.MAX_VALUE);
  }

  boolean tryAcquire(long thread) {
    if (!Words.compareAndSetLong(memory(), at + STATE_AT, free, held(thread))) {
      return false;
    }
    try {
      FailPoint.LOCK_TAKEN.reach();
      nameThread(thread);
    } catch (StackOverflowError e) {
      Words.setLongRelease(memory(), at + STATE_AT, free); // no deeper than what took it
      throw e;
    }
    return true;
  }

  /// Looks again a few times before it sleeps. Each look takes the cache line from the owner, who needs
  /// it for its release; so they come at intervals that double (Anderson, "The Performance of Spin Lock
  /// Alternatives", 1990). With looks all the time two processes came to 47 million pairs a second
  /// together, so to 90.
  private boolean spin() {
    for (int pauses = FIRST_PAUSES; pauses <= LAST_PAUSES; pauses *= 2) {
      for (int i = 0; i < pauses; i++) {
        Thread.onSpinWait();
      }
      if (Words.getLongVolatile(memory(), at + STATE_AT) == free && tryAcquire()) {
        return true;
      }
    }
    return false;
  }

  private int acquireSlowly(long deadline, Waiting.Heed heed) throws InterruptedException {
    long thread = Thread.currentThread().threadId();
    long stateAt = at + STATE_AT;
    boolean slept = false;
    while (true) {
      int heard = waiting.bell();
      long state = Words.getLongVolatile(memory(), stateAt);
      if (object != null && !directory.isThere(object)) { // after it, so that state was this lock's
        return GONE;
      }
      if (owner(state) == 0) {
        if (tryAcquire(thread)) {
          if (slept) {
            announce(FailPoint.LOCK_MARKED_BY_OWNER); // more may sleep
          }
          return ACQUIRED;
        }
        continue;
      }
      int owner = owner(state);
      if (owner == self && wasLeftByCurrentThread()) {
        return owner;
      }
      if (!participants.isAlive(owner)) {
        if (Words.compareAndSetLong(memory(), stateAt, state, held(thread))) {
          FailPoint.LOCK_TAKEN_FROM_DEAD.reach();
          nameThread(thread);
          Words.getAndAddInt(memory(), at + DEATHS_AT, 1);
          FailPoint.LOCK_DEATH_COUNTED.reach();
          return owner; // its death rang all doorbells: who sleeps again announces itself
        }
        continue;
      }
      if (deadline - System.nanoTime() <= 0) {
        if (slept) {
          passCallOn();
        }
        return TIMED_OUT;
      }
      announce(FailPoint.LOCK_ANNOUNCED);
      AsymmetricFence.heavy();
      state = Words.getLongVolatile(memory(), stateAt);
      if (owner(state) == 0 || !participants.isAlive(owner(state))) {
        continue;
      }
      slept = true;
      sleep(heard, deadline, heed);
      if (Words.getLongVolatile(memory(), stateAt) == state) {
        participants.probe(owner(state));
      }
    }
  }

  private void sleep(int heard, long deadline, Waiting.Heed heed) throws InterruptedException {
    try {
      waiting.await(at + SLEEPERS_AT, mark | 1, heard, deadline, heed);
    } catch (InterruptedException | Error e) {
      passCallOn();
      throw e;
    }
  }

  /// Makes sure that the next release calls somebody.
  private void announce(FailPoint announced) {
    if (Words.getIntVolatile(memory(), at + SLEEPERS_AT) == mark
        && Words.compareAndSetInt(memory(), at + SLEEPERS_AT, mark, mark | 1)) {
      announced.reach();
    }
  }

  /// Wakes one of those who sleep.
  private void callNext() {
    if (Words.compareAndSetInt(memory(), at + SLEEPERS_AT, mark | 1, mark)) {
      FailPoint.LOCK_CALLED.reach();
      waiting.wake(at + SLEEPERS_AT, 1);
    }
  }

  /// Does for the others what a call asked of this thread, which gives up: it may have been called.
  private void passCallOn() {
    announce(FailPoint.LOCK_ANNOUNCED);
    AsymmetricFence.heavy();
    if (owner() == 0) {
      callNext();
    }
  }

  private void nameThread(long thread) {
    if (!ThreadMark.isWhole(thread)) {
      Words.setLongOpaque(memory(), at + NUMBER_AT, thread);
    }
  }

  private long held(long thread) {
    return (long) ThreadMark.of(thread) << 32 | (long) self << 1;
  }

  private static int owner(long state) {
    return (state & 1) != 0 ? 0 : (int) state >>> 1;
  }

  /// The arena.
  protected final MemorySegment memory() {
    return constant ? ThisArena.memory() : memory;
  }
}
