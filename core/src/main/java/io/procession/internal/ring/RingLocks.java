package io.procession.internal.ring;

import io.procession.internal.arena.CellRef;
import io.procession.internal.arena.FailPoint;
import io.procession.internal.arena.LockWord;
import io.procession.internal.arena.Session;
import io.procession.internal.arena.Words;
import io.procession.internal.posix.Until;
import java.lang.foreign.MemorySegment;

/// The locks of a ring's two sides. Who takes one from a dead owner sets that side right before
/// anything else; who takes one of a ring that is no more lets go and throws.
///
/// Order: the readers' lock before the writers' lock.
final class RingLocks {
  private final Session session;
  private final MemorySegment memory;
  private final CellRef ref;
  private final String name;
  private final int controlUnit;
  private final long control;
  private final SpareSegments spares;
  private final RingWriter writer;
  private final RingReader reader;
  private final LockWord writerLock;
  private final LockWord readerLock;

  RingLocks(
      Session session,
      CellRef ref,
      int controlUnit,
      long control,
      SpareSegments spares,
      RingWriter writer,
      RingReader reader) {
    this.session = session;
    this.memory = session.memory();
    this.ref = ref;
    this.name = session.directory().label(ref.cell());
    this.controlUnit = controlUnit;
    this.control = control;
    this.spares = spares;
    this.writer = writer;
    this.reader = reader;
    this.writerLock = LockWord.attach(session, ref, control + RingLayout.WRITER_LOCK_AT);
    this.readerLock = LockWord.attach(session, ref, control + RingLayout.READER_LOCK_AT);
  }

  /// Whatever is thrown between this and [#unlockWriters], also by these two, is to be followed by
  /// [#letGo].
  void lockWriters() {
    boolean fromDead = acquire(writerLock);
    if (fromDead) {
      markDamaged();
      writer.recover();
    }
  }

  /// Takes a lock; answers whether from a dead owner, or one whom an error has thrown out.
  private boolean acquire(LockWord lock) {
    return isFromDead(lock, lock.acquireUninterruptibly());
  }

  private boolean isFromDead(LockWord lock, int from) {
    if (from == LockWord.GONE) {
      throw destroyed();
    }
    if (!isThere()) {
      lock.releaseUnlessReused(); // who destroys it waits for that, but not one that buries who did
      throw destroyed();
    }
    return from != LockWord.ACQUIRED;
  }

  /// As [#lockWriters()], but waits no longer than until a time of [System#nanoTime()].
  ///
  /// @return false if it passed; then the lock is not held
  boolean lockWriters(long deadline) {
    int from = writerLock.acquireUninterruptibly(deadline);
    if (from == LockWord.TIMED_OUT) {
      return false;
    }
    if (isFromDead(writerLock, from)) {
      markDamaged();
      writer.recover();
    }
    return true;
  }

  void unlockWriters() {
    writerLock.release();
  }

  /// As [#lockWriters].
  void lockReaders() {
    boolean fromDead = acquire(readerLock);
    if (fromDead) {
      markDamaged();
      reader.recover();
    }
  }

  /// As [#lockReaders], but waits no longer than until a time of [System#nanoTime()].
  ///
  /// @return false if it passed; then the lock is not held
  boolean lockReaders(long deadline) {
    int from = readerLock.acquireUninterruptibly(deadline);
    if (from == LockWord.TIMED_OUT) {
      return false;
    }
    if (isFromDead(readerLock, from)) {
      markDamaged();
      reader.recover();
    }
    return true;
  }

  void unlockReaders() {
    readerLock.release();
  }

  /// Sets right what an error has left half done, and gives up what locks this thread has. A stack
  /// overflow may come in any call: if there is no stack for this either, the thread is still the
  /// owner, and recovers when it next asks for the lock.
  void letGo() {
    writerLock.leaveGate();
    readerLock.leaveGate();
    if (!isThere()) {
      return; // so this thread has neither lock: nobody destroys it without both
    }
    letGo(writerLock, writer::recover);
    letGo(readerLock, reader::recover);
  }

  private void letGo(LockWord lock, Runnable recovery) {
    if (lock.wasLeftByCurrentThread()) {
      markDamaged();
      try {
        recovery.run();
      } catch (IllegalStateException e) {
        // it is corrupt: the caller says so, and so will whoever comes next
      }
      lock.release();
    }
  }

  /// Sets the readers' side right if the one who has its lock is dead: writers that find no room
  /// cannot rely on a reader to come.
  ///
  /// @return whether it was so
  boolean mendReaders() {
    int owner = readerLock.owner();
    if (owner == 0 || session.participants().isAlive(owner)) {
      return false;
    }
    boolean done = false;
    try {
      lockReaders();
      unlockReaders();
      done = true;
    } finally {
      if (!done) {
        letGo();
      }
    }
    mendIfDamaged();
    return true;
  }

  /// Gives back what the dead left lying about. Called with no lock held, behind an operation that is
  /// done and has its result. So the ring may have been destroyed meanwhile: then the word is perhaps
  /// another object's already, and there is nothing to mend, nor to throw a result away for.
  void mendIfDamaged() {
    mendIfDamaged(Until.FOREVER);
  }

  /// As [#mendIfDamaged()], but waits for the locks no longer than until a time of [System#nanoTime()]: who
  /// has one of them then, mends.
  void mendIfDamaged(long deadline) {
    if (Words.getIntVolatile(memory, control + RingLayout.DAMAGE_AT) != 0) {
      try {
        mend(Until.ofClock(deadline));
      } catch (IllegalStateException e) {
        if (isThere()) {
          throw e;
        }
      }
    }
  }

  /// Retires the ring's reference while nobody is at work on it, lets those who wait for a lock find
  /// that out, then frees everything. Whoever waits for a message finds it gone, too.
  void destroy() {
    destroy(false);
  }

  /// As [#destroy], but only if no reference has left this process, which made the ring.
  void destroyUnlessSent() {
    destroy(true);
  }

  private void destroy(boolean onlyUnsent) {
    if (retire(onlyUnsent)) {
      session.participants().ringAll();
      letWaitersLeave(readerLock.beyondItsObject());
      letWaitersLeave(writerLock.beyondItsObject());
      session.directory().scrap(ref);
      session.participants().ringAll(); // for one that was stopped on its way to a lock
    }
  }

  /// Returns whether it was this call that did it: then the ring's memory is this thread's to free.
  private boolean retire(boolean onlyUnsent) {
    if (readerLock.acquireUninterruptibly() == LockWord.GONE) {
      return false;
    }
    try {
      if (writerLock.acquireUninterruptibly() == LockWord.GONE) {
        return false;
      }
      try {
        return onlyUnsent
            ? session.directory().retireUnlessSent(ref)
            : session.directory().retire(ref);
      } finally {
        writerLock.release();
      }
    } finally {
      readerLock.release();
    }
  }

  private static void letWaitersLeave(LockWord lock) {
    boolean others = true;
    while (others) {
      lock.acquireUninterruptibly();
      others = lock.isContended();
      lock.release();
    }
  }

  /// @throws IllegalStateException if the ring has been destroyed
  void checkThere() {
    if (!isThere()) {
      throw destroyed();
    }
  }

  private boolean isThere() {
    return session.directory().isThere(ref);
  }

  private IllegalStateException destroyed() {
    return new IllegalStateException("destroyed: " + name);
  }

  private void markDamaged() {
    Words.setIntVolatile(memory, control + RingLayout.DAMAGE_AT, 1);
    FailPoint.RING_DAMAGE_MARKED.reach();
  }

  private void mend(long deadline) {
    boolean done = false;
    try {
      if (!lockReaders(deadline)) {
        done = true;
        return;
      }
      if (!lockWriters(deadline)) {
        unlockReaders();
        done = true;
        return;
      }
      Sweep.run(session, spares, ref.cell(), controlUnit, control);
      Words.setIntVolatile(memory, control + RingLayout.DAMAGE_AT, 0);
      FailPoint.RING_DAMAGE_CLEARED.reach();
      unlockWriters();
      unlockReaders();
      done = true;
    } finally {
      if (!done) {
        letGo();
      }
    }
    session.participants().ringAll();
  }
}
