package io.procession.sync;

import io.procession.internal.arena.CellRef;
import io.procession.internal.arena.Directory;
import io.procession.internal.arena.FailPoint;
import io.procession.internal.arena.LockWord;
import io.procession.internal.arena.Session;
import io.procession.internal.arena.Words;

/// The words of a reentrant lock, in the body of its cell: a [LockWord] and what its owner holds more.
/// It is a lock word, and has none: each step from one object to the next would be a load that waits for the
/// locked instruction before it.
///
/// ```
/// 0   lock    24 bytes  LockWord
/// 24  more    int       how often the owner has taken the lock again; 0 when the lock is free
/// ```
final class ReentrantLockWord extends LockWord {
  /*
   * `more` belongs to the owner: nobody else reads or writes it, so it needs no order of its own. The
   * owner leaves it 0 before it releases, hence whoever takes a free lock finds 0. A dead owner leaves
   * anything; whoever takes the lock over from the dead writes 0 before it does anything else, and if
   * it dies before that, it is one more dead owner, from whom the lock is taken over likewise.
   */
  private static final long MORE_AT = LockWord.BYTES;

  private final long moreAt;

  private ReentrantLockWord(Session session, CellRef ref) {
    super(session, ref);
    this.moreAt = Directory.body(ref.cell()) + MORE_AT;
  }

  /// The words of an object that this process has just allocated.
  public static ReentrantLockWord create(Session session, CellRef ref) {
    ReentrantLockWord word = attach(session, ref);
    word.setUp();
    return word;
  }

  public static ReentrantLockWord attach(Session session, CellRef ref) {
    return new ReentrantLockWord(session, ref);
  }

  /// Takes the lock once more if the calling thread holds it.
  ///
  /// @return whether it does
  /// @throws IllegalStateException if it holds it as often as can be counted
  boolean acquireAgain() {
    if (!isHeldByCurrentThread()) {
      return false;
    }
    int more = more();
    if (more == Integer.MAX_VALUE - 1) {
      throw new IllegalStateException(
          "a thread can hold a lock 2147483647 times at most; unlock it as often as it was locked");
    }
    setMore(more + 1);
    return true;
  }

  /// Called by a thread that has the lock from a dead owner: it holds it once.
  void takenFromDead() {
    setMore(0);
  }

  /// Gives up one hold if the calling thread has any.
  ///
  /// @return whether it had
  @Override
  public boolean releaseIfHeld() {
    if (!isHeldByCurrentThread()) {
      return false;
    }
    int more = more();
    if (more == 0) {
      release();
    } else {
      setMore(more - 1);
    }
    return true;
  }

  /// Gives up all holds of the calling thread, which has some.
  ///
  /// @return for [#restore]
  int releaseAll() {
    int more = more();
    if (more != 0) {
      setMore(0);
    }
    release();
    return more;
  }

  /// Makes the holds of the calling thread, which has taken the lock once, as many as before.
  void restore(int more) {
    if (more != 0) {
      setMore(more);
    }
  }

  /// How often the calling thread has the lock.
  int holds() {
    return isHeldByCurrentThread() ? more() + 1 : 0;
  }

  private int more() {
    return Words.getIntOpaque(memory(), moreAt);
  }

  private void setMore(int more) {
    Words.setInt(memory(), moreAt, more);
    FailPoint.LOCK_HOLDS_CHANGED.reach();
  }
}
