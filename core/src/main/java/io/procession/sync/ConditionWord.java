package io.procession.sync;

import io.procession.internal.arena.CellRef;
import io.procession.internal.arena.Directory;
import io.procession.internal.arena.FailPoint;
import io.procession.internal.arena.Session;
import io.procession.internal.arena.Spin;
import io.procession.internal.arena.Waiting;
import io.procession.internal.arena.Words;
import java.lang.foreign.MemorySegment;

/// The words of a condition, in the body of its cell.
///
/// ```
/// 0   sequence         int   goes up with every signal: a futex word
/// 4   waiting          int   threads that wait; never too low
/// 8   granted          int   signals that no waiter has taken yet; never too low
/// 12  lock cell        int
/// 16  lock generation  int
/// 20  lock kind        int   0: SharedLock, 1: SharedReentrantLock
/// ```
///
/// All methods but [#await] and [#mayTake] are called with the condition's lock held.
final class ConditionWord {
  /*
   * A signal is a grant: one waiter may take it and return. A waiter may take a grant only if a
   * signal has come since it began to wait, that is, if the sequence has moved on from what it saw
   * then. So none who came after a signal takes it from those it was meant for; and a waiter that
   * looks for another reason (doorbell, time slice, a change it was not woken for) goes back to sleep
   * unless there is a grant, which it may as well take.
   *
   * The signaller wakes as many as it grants, with the lock held: all who sleep then may take. If a
   * thread that is not woken is faster and takes, the woken one finds nothing and sleeps again: as
   * many return as were signalled.
   *
   * Deaths. The lock protects the words, so each has the value of before or after the step at which
   * its changer died. In all of them, counts err upwards only: a waiter that died is still counted,
   * and what it was granted is not taken. An excess makes a later signal wake one more than it said,
   * which a condition may, and is gone then. A signaller that died before it woke anybody, or a
   * waiter that was woken and died, rings all doorbells: every waiter looks, and one takes the grant.
   * A waiter that gives up takes a grant if there is one, and so strands none.
   */
  private static final long SEQUENCE_AT = 0;
  private static final long WAITING_AT = 4;
  private static final long GRANTED_AT = 8;
  private static final long LOCK_CELL_AT = 12;
  private static final long LOCK_GENERATION_AT = 16;
  private static final long LOCK_KIND_AT = 20;

  private final MemorySegment memory;
  private final Waiting waiting;
  private final long at;
  private final Spin spin;

  ConditionWord(Session session, int cell) {
    this.memory = session.memory();
    this.waiting = session.waiting();
    this.at = Directory.body(cell);
    this.spin = Spin.ofInt(memory, at + SEQUENCE_AT);
  }

  /// Notes whose condition it is.
  void setLock(CellRef lock, int kind) {
    Words.setInt(memory, at + LOCK_CELL_AT, lock.cell());
    Words.setInt(memory, at + LOCK_GENERATION_AT, lock.generation());
    Words.setInt(memory, at + LOCK_KIND_AT, kind);
  }

  /// Where its lock is.
  CellRef lock(long session) {
    return new CellRef(
        session,
        Words.getInt(memory, at + LOCK_CELL_AT),
        Words.getInt(memory, at + LOCK_GENERATION_AT));
  }

  /// Of which kind its lock is.
  int lockKind() {
    return Words.getInt(memory, at + LOCK_KIND_AT);
  }

  /// Begins to wait.
  ///
  /// @return the sequence, for [#take]
  int enter() {
    Words.setIntVolatile(memory, at + WAITING_AT, waiting() + 1);
    FailPoint.CONDITION_ENTERED.reach();
    return sequence();
  }

  /// True if a waiter that has seen `entered` has reason to ask for the lock.
  boolean mayTake(int entered) {
    return sequence() != entered && granted() > 0;
  }

  /// Stays awake for a moment: the next signal may come before a sleep would have begun.
  ///
  /// @return whether it has come
  boolean comesSoon(int seen) {
    return !Thread.currentThread().isVirtual() && spin.until(seen);
  }

  /// Sleeps until the next signal, the doorbell, the deadline, or for a time slice.
  ///
  /// @param seen the sequence before the caller looked whether it [#mayTake]
  /// @param heard the doorbell before that
  void await(int seen, int heard, long deadline, boolean interruptible)
      throws InterruptedException {
    long since = System.nanoTime();
    if (interruptible) {
      waiting.await(at + SEQUENCE_AT, seen, heard, deadline);
    } else {
      waiting.awaitUnlessStopped(at + SEQUENCE_AT, seen, heard, deadline);
    }
    spin.slept(System.nanoTime() - since);
  }

  /// Ends a wait by taking a grant, if there is one that this waiter may take.
  boolean take(int entered) {
    if (!mayTake(entered)) {
      return false;
    }
    Words.setIntVolatile(memory, at + GRANTED_AT, granted() - 1);
    FailPoint.CONDITION_TAKEN.reach();
    leave();
    return true;
  }

  /// Ends a wait.
  void leave() {
    int left = Math.max(0, waiting() - 1);
    Words.setIntVolatile(memory, at + WAITING_AT, left);
    FailPoint.CONDITION_LEFT.reach();
    if (granted() > left) {
      Words.setIntVolatile(memory, at + GRANTED_AT, left);
    }
  }

  /// Lets up to `count` of those who wait go on.
  void signal(int count) {
    int grants = (int) Math.min((long) granted() + count, waiting());
    if (grants <= 0) {
      return;
    }
    Words.setIntVolatile(memory, at + GRANTED_AT, grants);
    FailPoint.CONDITION_GRANTED.reach();
    Words.setIntVolatile(memory, at + SEQUENCE_AT, sequence() + 1);
    FailPoint.CONDITION_SIGNALLED.reach();
    waiting.wake(at + SEQUENCE_AT, count);
  }

  /// Lets all who wait look again.
  void wakeAll() {
    waiting.wake(at + SEQUENCE_AT, Integer.MAX_VALUE);
  }

  int sequence() {
    return Words.getIntVolatile(memory, at + SEQUENCE_AT);
  }

  private int waiting() {
    return Words.getIntVolatile(memory, at + WAITING_AT);
  }

  private int granted() {
    return Words.getIntVolatile(memory, at + GRANTED_AT);
  }
}
