package io.procession.internal.ring;

import io.procession.internal.arena.CellRef;
import io.procession.internal.arena.FailPoint;
import io.procession.internal.arena.Session;
import io.procession.internal.arena.Waiting;
import io.procession.internal.arena.Words;
import io.procession.internal.posix.AsymmetricFence;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/// Those who sleep until something of a ring changes: its readers, or its writers; and the processes
/// that watch it among many others.
///
/// The pattern: look; [#announce]; look again; only then [#sleep]. Who makes a change calls [#wake]
/// after it.
final class Sleepers {
  /*
   * An event count in one int, the lower half of a long and the futex word: its lowest bit says that
   * somebody may sleep, the next that some process watches, the others count how often the first was
   * cleared. The upper half has the mark
   * of the ring's reference: who was stopped on its way, and finds the ring's memory to be another
   * object's by then, changes nothing. Who wants to sleep sets the bit, looks again,
   * and sleeps while the word is as it was then. Who makes a change looks at the word afterwards.
   * One of the two sees the other: the fence between store and look that this takes on both sides is
   * asymmetric, and its price the sleeper's.
   *
   * The waker clears the bit, by which it also raises the count: whoever is on the way to sleep with
   * the former word does not fall asleep. It wakes as many as it has made reason for. If it woke as
   * many as it wanted, more may sleep: it sets the bit again. While the bit was clear, others who
   * made a change woke nobody: so the waker looks at the progress once more after setting the bit,
   * and wakes for what was added. If it woke fewer, nobody is left asleep, and all look again.
   *
   * There is no count of sleepers that a death could leave wrong. A waker that dies with the bit
   * clear is a death: it rings all doorbells, every sleeper looks again and announces itself again.
   * A sleeper that was woken and then leaves (interrupt) passes the wake on.
   *
   * Those who watch (RingWatchers) are called apart from the sleepers, since they take nothing.
   *
   * Where one thread sleeps at most, and so often that the price of its fence tells (the processors of all
   * others are interrupted), both sides say a full fence; and the waker wakes all, so nobody is left who
   * would have to be looked for.
   */
  private static final int SLEEPS = 1;
  private static final int WATCHED = 2;
  private static final int COUNT = 4;

  private final MemorySegment memory;
  private final Waiting waiting;
  private final long at;
  private final long mark;
  private final long progressAt;
  private final FailPoint cleared;
  private final FailPoint marked;
  private final @Nullable RingWatchers watchers;
  private final boolean isAlone;

  /// For any number of sleepers.
  Sleepers(
      Session session,
      CellRef ref,
      long at,
      long progressAt,
      FailPoint cleared,
      FailPoint marked,
      @Nullable RingWatchers watchers) {
    this(session, ref, at, progressAt, cleared, marked, watchers, false);
  }

  /// @param at the event count, in memory that belongs to `ref`
  /// @param progressAt a long that goes up by one with every change that is reason for one wake
  /// @param watchers who watches, where anybody can
  /// @param isAlone whether at most one thread sleeps; all processes must say the same
  Sleepers(
      Session session,
      CellRef ref,
      long at,
      long progressAt,
      FailPoint cleared,
      FailPoint marked,
      @Nullable RingWatchers watchers,
      boolean isAlone) {
    this.memory = session.memory();
    this.waiting = session.waiting();
    this.at = at;
    this.mark = mark(ref);
    this.progressAt = progressAt;
    this.cleared = cleared;
    this.marked = marked;
    this.watchers = watchers;
    this.isAlone = isAlone;
  }

  /// Makes the event count of a ring that this process has just allocated.
  static void create(Session session, CellRef ref, long at) {
    Words.setLong(session.memory(), at, mark(ref));
  }

  /// Says that the caller is about to sleep unless it now finds what it waits for.
  ///
  /// @return what to hand to [#sleep], never 0; anything if the ring has been destroyed
  int announce() {
    long word = announced();
    if (isAlone) {
      VarHandle.fullFence();
    } else {
      AsymmetricFence.heavy();
    }
    return (int) word | SLEEPS;
  }

  /// Sleeps unless somebody was woken since the announcement; returns also for no reason.
  ///
  /// @param heard the doorbell before the last look
  void sleep(int announced, int heard, long deadline) throws InterruptedException {
    waiting.await(at, announced, heard, deadline);
  }

  /// Wakes sleepers after a change, if any sleep.
  ///
  /// @param progress the progress word after the caller's change
  /// @param reasons how many sleepers have reason to look
  void wake(long progress, int reasons) {
    if (isAlone) {
      VarHandle.fullFence();
    } else {
      AsymmetricFence.light();
    }
    long word = Words.getLongVolatile(memory, at);
    if ((word & (SLEEPS | WATCHED)) != 0) {
      if ((word & SLEEPS) != 0) {
        wakeFrom(word, progress, reasons);
      }
      if ((word & WATCHED) != 0) {
        ringWatchers(word);
      }
    }
  }

  /// Has this process's watch bell be rung by the next change, once.
  void watch() {
    RingWatchers entered = watchers;
    if (entered == null) {
      throw new IllegalStateException("this side of a ring is not watched");
    }
    entered.enter();
    long word = Words.getLongVolatile(memory, at);
    while ((word & WATCHED) == 0 && isOurs(word)) {
      if (Words.compareAndSetLong(memory, at, word, word | WATCHED)) {
        FailPoint.RING_WATCH_MARKED.reach();
        return;
      }
      word = Words.getLongVolatile(memory, at);
    }
  }

  private void ringWatchers(long found) {
    long word = found;
    while ((word & WATCHED) != 0 && isOurs(word)) {
      if (Words.compareAndSetLong(memory, at, word, word & ~WATCHED)) {
        FailPoint.RING_WATCH_CLEARED.reach();
        if (watchers != null) {
          watchers.ring();
        }
        return;
      }
      word = Words.getLongVolatile(memory, at);
    }
  }

  /// Wakes all sleepers after a change that concerns each of them.
  void wakeAll() {
    wake(Words.getLongVolatile(memory, progressAt), Integer.MAX_VALUE);
  }

  /// Hands a wake-up on that the caller will not use.
  void passOn() {
    waiting.wake(at, 1);
  }

  private void wakeFrom(long found, long progress, int reasons) {
    long word = found;
    long seen = progress;
    int count = isAlone ? Integer.MAX_VALUE : reasons;
    while ((word & SLEEPS) != 0 && isOurs(word)) {
      if (!Words.compareAndSetLong(memory, at, word, next(word))) {
        word = Words.getLongVolatile(memory, at);
        continue;
      }
      cleared.reach();
      if (waiting.wake(at, count) < count) {
        return;
      }
      word = announced();
      AsymmetricFence.heavy();
      long later = Words.getLongVolatile(memory, progressAt);
      if (later == seen) {
        return;
      }
      count = (int) Math.min(later - seen, Integer.MAX_VALUE);
      seen = later;
    }
  }

  /// Sets the bit, and says what the word is then.
  private long announced() {
    long word = Words.getLongVolatile(memory, at);
    while ((word & SLEEPS) == 0 && isOurs(word)) {
      if (Words.compareAndSetLong(memory, at, word, word | SLEEPS)) {
        marked.reach();
        return word | SLEEPS;
      }
      word = Words.getLongVolatile(memory, at);
    }
    return word;
  }

  /// The word with the bit cleared and the count raised.
  private long next(long word) {
    return mark | Integer.toUnsignedLong(((int) word & ~SLEEPS) + COUNT);
  }

  private boolean isOurs(long word) {
    return word >>> 32 == mark >>> 32;
  }

  private static long mark(CellRef ref) {
    return (long) ref.mark() << 32;
  }
}
