package io.procession.sync;

import io.procession.internal.arena.Attachment;
import io.procession.internal.arena.CellRef;
import io.procession.internal.arena.Courtesy;
import io.procession.internal.arena.Directory;
import io.procession.internal.arena.FailPoint;
import io.procession.internal.arena.LockWord;
import io.procession.internal.arena.ParticipantLayout;
import io.procession.internal.arena.Participants;
import io.procession.internal.arena.Session;
import io.procession.internal.arena.Waiting;
import io.procession.internal.arena.Words;
import io.procession.internal.posix.Interruption;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.locks.ReentrantLock;

/// The words of a semaphore whose permits belong to processes, in the body of its cell.
///
/// ```
/// 0   lock       24 bytes  LockWord: guards the rest
/// 24  available  int       permits that nobody has; derived: total less what the living hold
/// 28  sleepers   int       1 if somebody may sleep, else 0: a futex word
/// 32  total      int       set by the maker
/// 36  unit       int       ProcessTable: count is how many permits the process holds, the one truth
/// 40  rows       int       of that table, that were ever used
/// ```
final class OwnedSemaphoreWord {
  /*
   * What each process holds is the truth; what is available follows from it. Whoever takes the lock
   * from the dead derives it anew, and so does whoever finds too few: a dead process's entry is
   * dropped by that. So a death at any store leaves all permits accounted for: it holds them or not,
   * and what it held comes back.
   *
   * Whoever lacks permits sets sleepers with the lock held, and whoever brings some looks at it with the
   * lock held: the lock orders the two. A call wakes all (one thread of each process that waits), since
   * not each may want as many; each looks, and those who lack permits announce themselves again. So
   * nothing is passed on. Who brought permits and died before the call is a death: all look.
   */
  private static final long AVAILABLE_AT = 24;
  private static final long SLEEPERS_AT = 28;
  private static final long TOTAL_AT = 32;
  private static final long UNIT_AT = 36;
  private static final long ROWS_AT = 40;

  private final MemorySegment memory;
  private final Waiting waiting;
  private final Participants participants;
  private final int self;
  private final long at;
  private final LockWord lock;
  private final ProcessTable holders;
  private final Courtesy courtesy;
  private final ReentrantLock gate = new ReentrantLock();

  OwnedSemaphoreWord(Session session, CellRef ref) {
    this.memory = session.memory();
    this.waiting = session.waiting();
    this.participants = session.participants();
    this.self = session.self();
    this.at = Directory.body(ref.cell());
    this.lock = LockWord.attach(session, ref);
    this.courtesy = new Courtesy(waiting);
    this.holders = new ProcessTable(session, at + ROWS_AT, Words.getInt(memory, at + UNIT_AT));
  }

  /// Sets the first numbers of an object that this process has just allocated.
  static OwnedSemaphoreWord create(Session session, CellRef ref, int permits) {
    long at = Directory.body(ref.cell());
    int unit = session.units().allocate(ref.cell(), ProcessTable.UNITS);
    LockWord.create(session, ref);
    Words.setInt(session.memory(), at + UNIT_AT, unit);
    Words.setInt(session.memory(), at + TOTAL_AT, permits);
    Words.setInt(session.memory(), at + AVAILABLE_AT, permits);
    return new OwnedSemaphoreWord(session, ref);
  }

  /// How many permits there are in all.
  int total() {
    return Words.getInt(memory, at + TOTAL_AT);
  }

  /// How many permits nobody has, or only the dead.
  int available(Attachment attachment) {
    lock(attachment);
    try {
      return derive();
    } finally {
      lock.release();
    }
  }

  /// How many permits this process has.
  int held(Attachment attachment) {
    lock(attachment);
    try {
      return mine();
    } finally {
      lock.release();
    }
  }

  boolean tryAcquire(int count, Attachment attachment) {
    lock(attachment);
    try {
      return take(count);
    } finally {
      lock.release();
    }
  }

  int drain(Attachment attachment) {
    lock(attachment);
    try {
      int available = derive();
      return take(available) ? available : 0;
    } finally {
      lock.release();
    }
  }

  /// Waits for permits until a deadline.
  ///
  /// @return false if it passed
  /// @throws IllegalStateException if the semaphore is destroyed
  boolean acquire(int count, long deadline, Attachment attachment) throws InterruptedException {
    if (!Interruption.lock(gate, deadline)) {
      return false;
    }
    try {
      return acquireSlowly(count, deadline, true, attachment);
    } finally {
      gate.unlock();
    }
  }

  /// Waits for permits, whatever happens. An interrupt is kept for later.
  ///
  /// @throws IllegalStateException if the semaphore is destroyed
  void acquireUninterruptibly(int count, Attachment attachment) {
    gate.lock();
    try {
      boolean _ = acquireSlowly(count, Waiting.forever(), false, attachment);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    } finally {
      gate.unlock();
    }
  }

  /// Gives permits back.
  ///
  /// @return false if this process has fewer; nothing has changed then
  boolean release(int count, Attachment attachment) {
    boolean asleep;
    int there;
    lock(attachment);
    try {
      int mine = mine();
      if (mine < count) {
        return false;
      }
      hold(mine - count);
      FailPoint.OWNED_PERMITS_RETURNED.reach();
      there = Words.getInt(memory, at + AVAILABLE_AT) + count;
      setAvailable(there);
      asleep = Words.getIntVolatile(memory, at + SLEEPERS_AT) != 0;
      if (asleep) {
        Words.setIntVolatile(memory, at + SLEEPERS_AT, 0);
        FailPoint.OWNED_PERMITS_CALLED.reach();
      }
    } finally {
      lock.release();
    }
    if (asleep) {
      wakeAll();
      courtesy.stayWhile(() -> Words.getIntVolatile(memory, at + AVAILABLE_AT) >= there);
    }
    return true;
  }

  /// Lets all who wait look again.
  void wakeAll() {
    lock.wakeAll();
    waiting.wake(at + SLEEPERS_AT, Integer.MAX_VALUE);
  }

  private boolean acquireSlowly(
      int count, long deadline, boolean interruptible, Attachment attachment)
      throws InterruptedException {
    while (true) {
      attachment.checkThere();
      int heard = waiting.bell();
      lock(attachment);
      try {
        if (take(count)) {
          return true;
        }
        if (deadline - System.nanoTime() <= 0) {
          return false;
        }
        Words.setIntVolatile(memory, at + SLEEPERS_AT, 1);
        FailPoint.OWNED_PERMITS_AWAITED.reach();
      } finally {
        lock.release();
      }
      if (interruptible) {
        waiting.await(at + SLEEPERS_AT, 1, heard, deadline);
      } else {
        waiting.awaitUnlessStopped(at + SLEEPERS_AT, 1, heard, deadline);
      }
      if (waiting.bell() == heard && Words.getIntVolatile(memory, at + SLEEPERS_AT) != 0) {
        holders.probe(); // nothing was said for a time slice: has one died that nobody waits for?
      }
    }
  }

  private void lock(Attachment attachment) {
    int result = lock.acquireUninterruptibly();
    if (result == LockWord.GONE) {
      attachment.checkThere();
    }
    if (result != LockWord.ACQUIRED) {
      derive();
    }
  }

  private boolean take(int count) {
    int available = Words.getInt(memory, at + AVAILABLE_AT);
    if (available < count) {
      available = derive();
    }
    if (available < count) {
      return false;
    }
    hold(mine() + count);
    FailPoint.OWNED_PERMITS_HELD.reach();
    setAvailable(Words.getInt(memory, at + AVAILABLE_AT) - count);
    return true;
  }

  private int mine() {
    int row = ParticipantLayout.row(self);
    int holder = holders.participant(row);
    if (holder == self) {
      return holders.count(row);
    }
    if (holder != 0) {
      derive(); // of a former tenant of the row: what it held comes back
    }
    return 0;
  }

  private void hold(int count) {
    int row = ParticipantLayout.row(self);
    if (holders.participant(row) == self) {
      holders.setCount(row, count);
    } else {
      holders.claim(self, 0, count);
    }
  }

  /// Drops what the dead hold, and counts anew.
  private int derive() {
    long held = 0;
    int rows = holders.rows();
    for (int row = 0; row < rows; row++) {
      int holder = holders.participant(row);
      if (holder == 0) {
        continue;
      }
      if (participants.isAlive(holder)) {
        held += holders.count(row);
      } else {
        holders.clear(row);
      }
    }
    int available = (int) Math.max(total() - held, 0);
    setAvailable(available);
    return available;
  }

  private void setAvailable(int available) {
    Words.setInt(memory, at + AVAILABLE_AT, available);
  }
}
