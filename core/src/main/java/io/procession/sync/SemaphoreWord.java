package io.procession.sync;

import io.procession.internal.arena.Attachment;
import io.procession.internal.arena.CellRef;
import io.procession.internal.arena.Courtesy;
import io.procession.internal.arena.Directory;
import io.procession.internal.arena.FailPoint;
import io.procession.internal.arena.Session;
import io.procession.internal.arena.ThisArena;
import io.procession.internal.arena.Waiting;
import io.procession.internal.arena.Words;
import io.procession.internal.posix.AsymmetricFence;
import io.procession.internal.posix.Interruption;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.locks.ReentrantLock;

/// The words of a semaphore that nobody owns, in the body of its cell: who waits, and its [Permits].
///
/// ```
/// 0   sleepers  int       0: nobody sleeps; 1: all who may sleep want one permit; 2: some want more.
///                         A futex word
/// 4   permits   36 bytes  Permits
/// ```
final class SemaphoreWord {
  /*
   * Release brings permits, then looks at sleepers; who is going to sleep raises sleepers, then looks
   * for permits. One of the two must see the other. The one who goes to sleep, who has time, says the
   * heavy half of an asymmetric fence, since a release may be a plain store.
   *
   * A release that finds sleepers clears them and calls: as many as it brings permits if each wants
   * one, else all, since one who is called may not have enough and somebody else would. While sleepers
   * is 0, other releases call nobody. So one who slept announces again before it sleeps once more; and
   * when it leaves, with permits or without (deadline, interrupt), it announces in the name of those
   * it cannot know of, looks at the permits, and calls if there are any. Sleepers changes by
   * compare-and-set only, upwards or to 0: so no announcement is lost under another. The kernel lets
   * nobody sleep unless the word is what it announced.
   *
   * In short: whenever somebody sleeps and there are permits, either a release has not called yet, or
   * one who was called has not left yet. If that one dies, all doorbells ring.
   *
   * A permit taken by a process that dies is gone, by design: nobody owns permits.
   *
   * Threads of one process that must wait queue at a gate, and one of them waits for all.
   */
  private static final long SLEEPERS_AT = 0;

  private static final int NOBODY = 0;
  private static final int EACH_WANTS_ONE = 1;
  private static final int SOME_WANT_MORE = 2;

  private final MemorySegment memory;
  private final boolean constant;
  private final Waiting waiting;
  private final Permits permits;
  private final long at;
  private final Courtesy courtesy;
  private final ReentrantLock gate = new ReentrantLock();

  SemaphoreWord(Session session, CellRef ref, boolean strict) {
    this.memory = session.memory();
    this.constant = ThisArena.isOf(session);
    this.waiting = session.waiting();
    this.permits = new Permits(session, ref, strict);
    this.at = Directory.body(ref.cell());
    this.courtesy = new Courtesy(waiting);
  }

  Permits permits() {
    return permits;
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

  /// Brings permits, and calls those who wait for them.
  ///
  /// @return false if there would be more than there can be, or if the semaphore is destroyed
  boolean release(int count) {
    if (!permits.bring(count)) {
      return false;
    }
    if (Words.getIntVolatile(memory(), at + SLEEPERS_AT) != NOBODY) {
      int taken = permits.taken();
      call(count);
      courtesy.stayWhile(() -> permits.taken() == taken);
    }
    return true;
  }

  /// Lets all who wait look again.
  void wakeAll() {
    waiting.wake(at + SLEEPERS_AT, Integer.MAX_VALUE);
  }

  private boolean acquireSlowly(
      int count, long deadline, boolean interruptible, Attachment attachment)
      throws InterruptedException {
    boolean slept = false;
    try {
      while (true) {
        attachment.checkThere();
        int heard = waiting.bell();
        if (permits.take(count)) {
          return true;
        }
        if (deadline - System.nanoTime() <= 0) {
          return false;
        }
        int announced = announce(count == 1 ? EACH_WANTS_ONE : SOME_WANT_MORE);
        slept = true; // or may have been called by now
        AsymmetricFence.heavy();
        if (permits.available() >= count) {
          continue;
        }
        if (interruptible) {
          waiting.await(at + SLEEPERS_AT, announced, heard, deadline);
        } else {
          waiting.awaitUnlessStopped(at + SLEEPERS_AT, announced, heard, deadline);
        }
      }
    } finally {
      if (slept && attachment.isThere()) {
        leave();
      }
    }
  }

  /// Does for the others what a call asked of this thread.
  private void leave() {
    announce(EACH_WANTS_ONE);
    AsymmetricFence.heavy();
    int there = permits.available();
    if (there > 0) {
      call(there);
    }
  }

  /// Raises sleepers to at least this.
  ///
  /// @return what it is now
  private int announce(int least) {
    while (true) {
      int sleepers = Words.getIntVolatile(memory(), at + SLEEPERS_AT);
      if (sleepers >= least) {
        return sleepers;
      }
      if (Words.compareAndSetInt(memory(), at + SLEEPERS_AT, sleepers, least)) {
        FailPoint.PERMITS_AWAITED.reach();
        return least;
      }
    }
  }

  private void call(int count) {
    while (true) {
      int sleepers = Words.getIntVolatile(memory(), at + SLEEPERS_AT);
      if (sleepers == NOBODY) {
        return;
      }
      if (Words.compareAndSetInt(memory(), at + SLEEPERS_AT, sleepers, NOBODY)) {
        FailPoint.PERMITS_CALLED.reach();
        waiting.wake(at + SLEEPERS_AT, sleepers == EACH_WANTS_ONE ? count : Integer.MAX_VALUE);
        return;
      }
    }
  }

  private MemorySegment memory() {
    return constant ? ThisArena.memory() : memory;
  }
}
