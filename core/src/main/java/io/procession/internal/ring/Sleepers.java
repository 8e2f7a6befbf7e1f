package io.procession.internal.ring;

import io.procession.internal.arena.CrashPoint;
import io.procession.internal.arena.Session;
import io.procession.internal.arena.Waiting;
import io.procession.internal.arena.Words;
import java.lang.foreign.MemorySegment;

/// Those who sleep on one word of a ring until it changes: its readers, or its writers.
final class Sleepers {
  /*
   * A flag beside the word says that somebody may sleep. Who wants to sleep sets the flag, looks at
   * the word again, and sleeps while the word has that value. Who changes the word (under the lock
   * of its side) looks at the flag afterwards; both are volatile, so one of the two sees the other.
   *
   * The waker clears the flag, wakes as many as it has made reason for, and sets the flag again if
   * it woke any, since more may sleep. While it is clear, another changer skips its wake-up: so the
   * waker looks at the word once more after it has set the flag, and wakes for what was added.
   *
   * There is no count that a death could leave wrong. A waker that dies with the flag clear, or
   * before it woke anybody, is a death: it rings all doorbells, every sleeper looks again and sets
   * the flag again. A sleeper that was woken and then leaves (time, interrupt) passes the wake on.
   */
  private final MemorySegment memory;
  private final Waiting waiting;
  private final long flagAt;
  private final long wordAt;
  private final CrashPoint cleared;
  private final CrashPoint marked;

  Sleepers(Session session, long flagAt, long wordAt, CrashPoint cleared, CrashPoint marked) {
    this.memory = session.memory();
    this.waiting = session.waiting();
    this.flagAt = flagAt;
    this.wordAt = wordAt;
    this.cleared = cleared;
    this.marked = marked;
  }

  /// Sleeps unless the word has changed from `seen`; returns also for no reason.
  ///
  /// @param heard the doorbell before the word was read
  void sleep(long seen, int heard, long deadline) throws InterruptedException {
    if (Words.getIntVolatile(memory, flagAt) == 0) {
      Words.setIntVolatile(memory, flagAt, 1);
      marked.reach();
    }
    if (Words.getLongVolatile(memory, wordAt) == seen) {
      waiting.await(wordAt, (int) seen, heard, deadline);
    }
  }

  /// Wakes sleepers after the word went up, if any sleep.
  ///
  /// @param now the word's value after the caller's change
  /// @param reasons how many sleepers have reason to look
  void wake(long now, int reasons) {
    if (Words.getIntVolatile(memory, flagAt) == 0) {
      return;
    }
    long seen = now;
    int count = reasons;
    while (true) {
      Words.setIntVolatile(memory, flagAt, 0);
      cleared.reach();
      int woken = waiting.wake(wordAt, count);
      if (woken == 0) {
        return;
      }
      Words.setIntVolatile(memory, flagAt, 1);
      marked.reach();
      long later = Words.getLongVolatile(memory, wordAt);
      if (later == seen) {
        return;
      }
      count = (int) Math.min(later - seen, Integer.MAX_VALUE);
      seen = later;
    }
  }

  /// Hands a wake-up on that the caller will not use.
  void passOn() {
    waiting.wake(wordAt, 1);
  }
}
