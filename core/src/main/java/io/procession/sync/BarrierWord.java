package io.procession.sync;

import io.procession.internal.arena.Attachment;
import io.procession.internal.arena.CellRef;
import io.procession.internal.arena.Directory;
import io.procession.internal.arena.FailPoint;
import io.procession.internal.arena.LockWord;
import io.procession.internal.arena.ParticipantLayout;
import io.procession.internal.arena.Participants;
import io.procession.internal.arena.Session;
import io.procession.internal.arena.Waiting;
import io.procession.internal.arena.Words;
import java.lang.foreign.MemorySegment;

/// The words of a barrier, in the body of its cell.
///
/// ```
/// 0   lock        24 bytes  LockWord: guards the rest
/// 24  generation  int       goes up when one ends, by a trip, a break or a reset. A futex word
/// 28  arrived     int       how many have come in this generation
/// 32  state       int       lowest 8 bits: 0 filling, 1 acting: all are there, the last runs the action,
///                           2 broken; above them why the last one broke ([Breach])
/// 36  parties     int       set by the maker
/// 40  outcomes    long      bit (g mod 64): 1 if generation g was broken; of the last 64
/// 48  unit        int       ProcessTable: number is the generation of the process's last arrival,
///                           count how many of its threads came in that one
/// 52  rows        int       of that table, that were ever used
/// 56  action      int       bytes of the action, behind the table's unit; 0: none
/// 60  breaker     int       the participant that broke the last one that broke, or whose death did
/// ```
final class BarrierWord {
  /*
   * A generation ends by the store that raises its number, the one truth; how it ended is written
   * before, and the rest is set up for the next. So who sleeps until the number changes finds what
   * became of its own generation. All changes are made with the lock held; who takes the lock from the
   * dead breaks the barrier, since the dead was a party in the midst of something, and by that sets all
   * words anew: no half of a change survives.
   *
   * Who of the parties is dead is looked for by those who wait, whenever the doorbell rings: one that
   * has come in this generation and died, or that came in the last one and was killed before it came
   * again. One that ended in order after its last arrival is missed by nobody.
   *
   * The action runs without the lock, in state `acting`: who comes meanwhile waits until it has ended,
   * and comes in the next generation. Whoever waits, for the trip or to come, does so up to its limit,
   * and breaks the barrier then: who runs the action is told when it wants to trip; and if the process that runs it dies, it is a dead party that has come.
   */
  static final int TRIPPED = 0;
  static final int BROKEN = 1;
  static final int TIMED_OUT = 2;
  static final int INTERRUPTED = 3;

  private static final long GENERATION_AT = 24;
  private static final long ARRIVED_AT = 28;
  private static final long STATE_AT = 32;
  private static final long PARTIES_AT = 36;
  private static final long OUTCOMES_AT = 40;
  private static final long UNIT_AT = 48;
  private static final long ROWS_AT = 52;
  private static final long ACTION_AT = 56;
  private static final long BREAKER_AT = 60;

  /// How long who is told of a death waits to hear how it came; as with locks.
  private static final long OBITUARY_NANOS = 1_000_000_000;

  private static final int IS_FILLING = 0;
  private static final int IS_ACTING = 1;
  private static final int IS_BROKEN = 2;
  private static final int STATE_BITS = 8;
  private static final int STATE_MASK = (1 << STATE_BITS) - 1;

  private final MemorySegment memory;
  private final Waiting waiting;
  private final Participants participants;
  private final int self;
  private final long at;
  private final int parties;
  private final LockWord lock;
  private final ProcessTable comers;

  /// What an arrival has come to.
  ///
  /// @param generation the one it belongs to
  /// @param index how many are still to come; [#NONE] if the barrier is broken, [#TOO_LATE] if the
  ///     deadline came first, and broke it
  record Arrival(int generation, int index) {
    static final int NONE = -1;
    static final int TOO_LATE = -2;
  }

  BarrierWord(Session session, CellRef ref) {
    this.memory = session.memory();
    this.waiting = session.waiting();
    this.participants = session.participants();
    this.self = session.self();
    this.at = Directory.body(ref.cell());
    this.parties = Words.getInt(memory, at + PARTIES_AT);
    this.lock = LockWord.attach(session, ref);
    this.comers = new ProcessTable(session, at + ROWS_AT, Words.getInt(memory, at + UNIT_AT));
  }

  /// Sets the first numbers of an object that this process has just allocated.
  static BarrierWord create(Session session, CellRef ref, int parties, int unit, int actionBytes) {
    long at = Directory.body(ref.cell());
    LockWord.create(session, ref);
    Words.setInt(session.memory(), at + PARTIES_AT, parties);
    Words.setInt(session.memory(), at + UNIT_AT, unit);
    Words.setInt(session.memory(), at + ACTION_AT, actionBytes);
    return new BarrierWord(session, ref);
  }

  int parties() {
    return parties;
  }

  int unit() {
    return Words.getInt(memory, at + UNIT_AT);
  }

  int actionBytes() {
    return Words.getInt(memory, at + ACTION_AT);
  }

  /// Whether it is broken, also by a death that nobody has come across yet.
  boolean isBroken(Attachment attachment) {
    if (!isBroken() && hasDeadParty()) {
      lock(attachment);
      try {
        breakIfPartyIsDead();
      } finally {
        lock.release();
      }
    }
    return isBroken();
  }

  private boolean hasDeadParty() {
    int rows = comers.rows();
    for (int row = 0; row < rows; row++) {
      int comer = comers.participant(row);
      if (comer > 0 && !participants.probe(comer)) {
        return true;
      }
    }
    return false;
  }

  private boolean isBroken() {
    return (Words.getIntVolatile(memory, at + STATE_AT) & STATE_MASK) == IS_BROKEN;
  }

  /// For messages: why a generation broke, and by whom, as far as that is still known.
  ///
  /// @param generation one that ended so, or that found the barrier broken
  String breach(int generation) {
    int now = generation();
    int code = Words.getIntVolatile(memory, at + STATE_AT) >>> STATE_BITS;
    int who = Words.getIntVolatile(memory, at + BREAKER_AT);
    boolean isLast = now - generation <= 1 && generation() == now; // else of another's end
    Breach why = isLast ? Breach.of(code) : Breach.FORGOTTEN;
    return switch (why) {
      case FORGOTTEN -> why.sentence();
      case PARTY_DIED -> why.sentence() + ": " + participants.fate(who, OBITUARY_NANOS);
      default -> why.sentence() + ", by " + participants.describe(who);
    };
  }

  /// How many wait at this moment.
  int arrived() {
    return Words.getIntVolatile(memory, at + ARRIVED_AT);
  }

  /// Comes to the barrier, if need be after the action of those who were there before has ended. The
  /// last to come goes on to run the action, and to [#trip].
  ///
  /// @throws InterruptedException if that comes first; the barrier is broken then
  Arrival arrive(long deadline, Attachment attachment) throws InterruptedException {
    while (true) {
      attachment.checkThere();
      int heard = waiting.bell();
      int generation;
      lock(attachment);
      try {
        breakIfPartyIsDead();
        generation = generation();
        int state = Words.getInt(memory, at + STATE_AT) & STATE_MASK;
        if (state == IS_BROKEN) {
          return new Arrival(generation, Arrival.NONE);
        }
        if (state == IS_FILLING) {
          return come(generation);
        }
        if (deadline - System.nanoTime() <= 0) {
          breakNow(Breach.TIMED_OUT, self);
          return new Arrival(generation, Arrival.TOO_LATE);
        }
      } finally {
        lock.release();
      }
      try {
        waiting.await(at + GENERATION_AT, generation, heard, deadline);
      } catch (Error e) { // this process shall stop
        breakGeneration(generation, Breach.INTERRUPTED, attachment);
        throw e;
      } catch (InterruptedException e) {
        if (breakGeneration(generation, Breach.INTERRUPTED, attachment)) {
          throw e;
        }
        Thread.currentThread().interrupt(); // it has ended: for the wait in the next one to see
      }
      probeIfSilent(generation, heard);
    }
  }

  /// Waits until a generation ends.
  ///
  /// @return how it ended; if by this thread, [#TIMED_OUT] or [#INTERRUPTED]
  int await(int generation, long deadline, Attachment attachment) {
    while (true) {
      attachment.checkThere();
      int heard = waiting.bell();
      lock(attachment);
      try {
        breakIfPartyIsDead();
        if (generation() != generation) {
          return outcome(generation);
        }
        if (deadline - System.nanoTime() <= 0) {
          breakNow(Breach.TIMED_OUT, self);
          return TIMED_OUT;
        }
      } finally {
        lock.release();
      }
      try {
        waiting.await(at + GENERATION_AT, generation, heard, deadline);
      } catch (Error e) { // this process shall stop
        breakGeneration(generation, Breach.INTERRUPTED, attachment);
        throw e;
      } catch (InterruptedException e) {
        return breakGeneration(generation, Breach.INTERRUPTED, attachment)
            ? INTERRUPTED
            : interruptLater(generation);
      }
      probeIfSilent(generation, heard);
    }
  }

  /// Nothing was said for a time slice: has one died that nobody waits for?
  private void probeIfSilent(int generation, int heard) {
    if (waiting.bell() == heard && generation() == generation) {
      comers.probe();
    }
  }

  /// Ends a generation well, by the last who came.
  ///
  /// @return false if it was broken or reset meanwhile
  boolean trip(int generation, Attachment attachment) {
    lock(attachment);
    try {
      if (generation() != generation) {
        return false;
      }
      end(TRIPPED, IS_FILLING);
      return true;
    } finally {
      lock.release();
    }
  }

  /// Breaks the barrier if a generation has not ended.
  ///
  /// @return whether it was this call that broke it
  boolean breakGeneration(int generation, Breach why, Attachment attachment) {
    lock(attachment);
    try {
      boolean lasts = generation() == generation;
      if (lasts) {
        breakNow(why, self);
      }
      return lasts;
    } finally {
      lock.release();
    }
  }

  /// Breaks the barrier, if it is not broken.
  void abort(Breach why, Attachment attachment) {
    lock(attachment);
    try {
      if (!isBroken()) {
        breakNow(why, self);
      }
    } finally {
      lock.release();
    }
  }

  /// Breaks the generation for those who wait, and makes the barrier whole.
  void reset(Attachment attachment) {
    lock(attachment);
    try {
      for (int row = 0; row < comers.rows(); row++) {
        comers.clear(row);
      }
      Words.setInt(memory, at + BREAKER_AT, self);
      end(BROKEN, IS_FILLING | Breach.RESET.code() << STATE_BITS);
    } finally {
      lock.release();
    }
  }

  /// Lets all who wait look again.
  void wakeAll() {
    lock.wakeAll();
    waiting.wake(at + GENERATION_AT, Integer.MAX_VALUE);
  }

  private int interruptLater(int generation) {
    Thread.currentThread().interrupt(); // it had ended: for the caller to see
    return outcome(generation);
  }

  private void lock(Attachment attachment) {
    int result = lock.acquireUninterruptibly();
    if (result == LockWord.GONE) {
      attachment.checkThere();
    }
    if (result != LockWord.ACQUIRED) {
      breakNow(Breach.PARTY_DIED, result);
    }
  }

  private Arrival come(int generation) {
    int row = ParticipantLayout.row(self);
    if (comers.participant(row) == self && comers.number(row) == generation) {
      comers.setCount(row, comers.count(row) + 1);
    } else {
      comers.claim(self, generation, 1);
    }
    int arrived = Words.getInt(memory, at + ARRIVED_AT) + 1;
    Words.setIntVolatile(memory, at + ARRIVED_AT, arrived);
    FailPoint.BARRIER_ENTERED.reach();
    int missing = parties - arrived;
    if (missing <= 0) {
      Words.setIntVolatile(memory, at + STATE_AT, IS_ACTING);
      FailPoint.BARRIER_FILLED.reach();
    }
    return new Arrival(generation, Math.max(missing, 0));
  }

  private void breakIfPartyIsDead() {
    if (isBroken()) {
      return;
    }
    int generation = generation();
    int rows = comers.rows();
    for (int row = 0; row < rows; row++) {
      int comer = comers.participant(row);
      if (comer <= 0 || participants.isAlive(comer)) {
        continue;
      }
      int since = generation - comers.number(row);
      comers.clear(row);
      if (since == 0 || (since == 1 && wasKilled(comer))) {
        breakNow(Breach.PARTY_DIED, comer);
        return;
      }
    }
  }

  /// True if it is known of a dead process that it did not end in order.
  private boolean wasKilled(int dead) {
    int phase = participants.phase(dead);
    boolean isItsPhase = participants.pid(dead) != 0; // and not that of the row's next tenant
    return isItsPhase && phase != ParticipantLayout.PHASE_EXITING;
  }

  private void breakNow(Breach why, int who) {
    Words.setInt(memory, at + BREAKER_AT, who);
    end(BROKEN, IS_BROKEN | why.code() << STATE_BITS);
  }

  /// Ends the generation.
  private void end(int outcome, int nextState) {
    int generation = generation();
    long bit = 1L << (generation & 63);
    long outcomes = Words.getLong(memory, at + OUTCOMES_AT);
    Words.setLong(memory, at + OUTCOMES_AT, outcome == BROKEN ? outcomes | bit : outcomes & ~bit);
    Words.setIntVolatile(memory, at + STATE_AT, nextState);
    Words.setIntVolatile(memory, at + ARRIVED_AT, 0);
    Words.setIntVolatile(memory, at + GENERATION_AT, generation + 1);
    FailPoint.BARRIER_ENDED.reach();
    waiting.wake(at + GENERATION_AT, Integer.MAX_VALUE);
  }

  private int generation() {
    return Words.getIntVolatile(memory, at + GENERATION_AT);
  }

  private int outcome(int generation) {
    return (Words.getLong(memory, at + OUTCOMES_AT) >>> (generation & 63) & 1) == 1
        ? BROKEN
        : TRIPPED;
  }
}
