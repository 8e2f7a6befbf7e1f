package io.procession.sync;

import io.procession.internal.arena.CellRef;
import io.procession.internal.arena.Directory;
import io.procession.internal.arena.FailPoint;
import io.procession.internal.arena.Participants;
import io.procession.internal.arena.Session;
import io.procession.internal.arena.Steps;
import io.procession.internal.arena.ThisArena;
import io.procession.internal.arena.Words;
import io.procession.internal.posix.AsymmetricFence;
import java.lang.foreign.MemorySegment;

/// The permits of a semaphore that nobody owns, in the body of its cell.
///
/// ```
/// 4   most       int   how many there can be; set by the maker
/// 8   brought    long  mark of the reference << 32 | permits there were at first and those that
///                      were released by anybody but the regular
/// 16  regular    long  the thread that releases by plain stores: its number << 32 | participant;
///                      0: none yet
/// 24  regularly  int   permits that regulars have released
/// 32  taken      long  mark of the reference << 32 | permits that were taken
/// ```
///
/// There are `brought + regularly - taken`. The three count modulo 2^32.
final class Permits {
  /*
   * One number that everybody changes would take two locked instructions for a pair of acquire and
   * release. Here permits are taken by compare-and-set, but one thread, the regular, brings them by
   * plain stores to a counter that nobody else writes: where a thread uses a semaphore much by
   * itself, a pair is one locked instruction. A thread that has released often in a row becomes the
   * regular if nobody is, or if the last one's process is dead; it stays so for good. Only speed
   * depends on who it is, and all else on that at most one thread that runs has its name: so no thread
   * of a process of this JVM is, which it may outlive.
   *
   * The counters only go up; what counts is their difference. Who takes reads taken first: what it
   * computes is not more than there is if taken is still the same when it is changed, and if it is
   * too little, so it was when the others were read. Who brings reads taken last, and is refused only
   * if the others are still the same: then there was too much when taken was read.
   *
   * A strict semaphore never has more than the most, not even for a moment: there nobody is regular,
   * and who brings has read taken after the word that it changes. Elsewhere two who bring permits at
   * once may each be within the limit and beyond it together, by less than 2^31: so the difference,
   * taken without a sign, still tells the number.
   *
   * The mark in taken makes a reference to a semaphore that was destroyed fail, whoever has the cell by
   * now: so nobody needs to ask the directory.
   *
   * Each step is one store: a death leaves the permits as they were before or after it.
   */
  private static final long MOST_AT = 4;
  private static final long BROUGHT_AT = 8;
  private static final long REGULAR_AT = 16;
  private static final long REGULARLY_AT = 24;
  private static final long TAKEN_AT = 32;

  private static final long NOBODY = 0;
  private static final long MARK = 0xFFFF_FFFF_0000_0000L;

  /// So many releases in a row make a thread the regular. A model is to see it at once.
  private static final int REGULARLY = Steps.ARE_WATCHED ? 1 : 64;

  private final MemorySegment memory;
  private final boolean constant;
  private final Participants participants;
  private final int self;
  private final long mark;
  private final boolean strict;
  private final boolean hasRegular;
  private final long at;

  /// Who released last through this object, and how often in a row. Races on these do no harm.
  private long last;

  private int inRow;

  /// @param strict whether there are never more than the most, not even for a moment
  Permits(Session session, CellRef ref, boolean strict) {
    this.memory = session.memory();
    this.constant = ThisArena.isOf(session);
    this.participants = session.participants();
    this.self = session.self();
    this.mark = (long) ref.mark() << 32;
    this.strict = strict;
    this.hasRegular = !strict && !session.isLocal();
    this.at = Directory.body(ref.cell());
  }

  /// Sets the first numbers, before anybody else knows of the semaphore.
  void setUp(int permits, int most) {
    Words.setInt(memory(), at + MOST_AT, most);
    Words.setLong(memory(), at + TAKEN_AT, word(0));
    Words.setLong(memory(), at + BROUGHT_AT, word(permits));
  }

  /// How many permits there are.
  int available() {
    while (true) {
      long taken = takenWord();
      long brought = brought();
      int regularly = regularly();
      if (taken == takenWord() && brought == brought()) {
        return clamped(difference(brought, regularly, taken));
      }
    }
  }

  /// How many permits were ever taken, modulo 2^32.
  int taken() {
    return (int) takenWord();
  }

  /// How many permits there can be.
  int most() {
    return strict ? Words.getInt(memory(), at + MOST_AT) : Integer.MAX_VALUE;
  }

  /// Takes permits if so many are there.
  ///
  /// @return false if not, or if the semaphore is destroyed
  boolean take(int count) {
    while (true) {
      long taken = takenWord();
      if (difference(brought(), regularly(), taken) < count || !isOurs(taken)) {
        return false;
      }
      if (change(TAKEN_AT, taken, count)) {
        FailPoint.PERMITS_TAKEN.reach();
        return true;
      }
    }
  }

  /// Takes all permits that are there.
  ///
  /// @return how many; 0 if the semaphore is destroyed
  int takeAll() {
    while (true) {
      long taken = takenWord();
      int there = clamped(difference(brought(), regularly(), taken));
      if (there == 0 || !isOurs(taken)) {
        return 0;
      }
      if (change(TAKEN_AT, taken, there)) {
        FailPoint.PERMITS_TAKEN.reach();
        return there;
      }
    }
  }

  /// Brings permits. One who does this and then looks whether somebody waits, and one who announces
  /// that it waits, says [AsymmetricFence#heavy] and then looks for permits: one of them sees the other.
  ///
  /// @return false if there would be more than there can be, or if the semaphore is destroyed
  boolean bring(int count) {
    long thread = Thread.currentThread().threadId();
    boolean regular = isRegular(thread);
    while (true) {
      long brought = brought();
      int regularly = regularly();
      long taken = takenWord();
      if (!isOurs(taken)) {
        return false;
      }
      if (difference(brought, regularly, taken) > most() - count) {
        if (brought == brought() && regularly == regularly()) {
          return false;
        }
      } else if (regular) {
        Words.setIntRelease(memory(), at + REGULARLY_AT, regularly + count);
        FailPoint.PERMITS_RELEASED.reach();
        AsymmetricFence.light();
        return true;
      } else if (change(BROUGHT_AT, brought, count)) {
        FailPoint.PERMITS_RELEASED.reach();
        becomeRegular(thread);
        return true;
      }
    }
  }

  private boolean isRegular(long thread) {
    return Words.getLongOpaque(memory(), at + REGULAR_AT) == name(thread) && hasName(thread);
  }

  private void becomeRegular(long thread) {
    if (thread != last) {
      last = thread;
      inRow = 0;
    }
    if (++inRow < REGULARLY || !hasRegular) {
      return;
    }
    inRow = 0;
    long regular = Words.getLongVolatile(memory(), at + REGULAR_AT);
    if ((regular == NOBODY || !participants.isAlive((int) regular))
        && hasName(thread)
        && Words.compareAndSetLong(memory(), at + REGULAR_AT, regular, name(thread))) {
      FailPoint.PERMITS_REGULAR.reach();
    }
  }

  private long name(long thread) {
    return thread << 32 | self;
  }

  /// True but for those who come after four thousand million threads of their process.
  private static boolean hasName(long thread) {
    return thread >>> 32 == 0;
  }

  private boolean change(long counterAt, long from, int count) {
    return Words.compareAndSetLong(memory(), at + counterAt, from, word((int) from + count));
  }

  private long word(int counter) {
    return mark | Integer.toUnsignedLong(counter);
  }

  private boolean isOurs(long word) {
    return (word & MARK) == mark;
  }

  private long takenWord() {
    return Words.getLongVolatile(memory(), at + TAKEN_AT);
  }

  private long brought() {
    return Words.getLongVolatile(memory(), at + BROUGHT_AT);
  }

  private int regularly() {
    return Words.getIntVolatile(memory(), at + REGULARLY_AT);
  }

  private static long difference(long brought, int regularly, long taken) {
    return Integer.toUnsignedLong((int) brought + regularly - (int) taken);
  }

  private static int clamped(long permits) {
    return (int) Math.min(permits, Integer.MAX_VALUE);
  }

  private MemorySegment memory() {
    return constant ? ThisArena.memory() : memory;
  }
}
