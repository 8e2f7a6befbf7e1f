package io.procession.sync;

import io.procession.internal.arena.CellRef;
import io.procession.internal.arena.Directory;
import io.procession.internal.arena.FailPoint;
import io.procession.internal.arena.Session;
import io.procession.internal.arena.Words;
import java.lang.foreign.MemorySegment;

/// What a lock of either kind knows about the death of an owner, behind its other words in the body of
/// its cell.
///
/// ```
/// 28  options  int  1: the lock fails after the death of an owner; else 0
/// 32  damaged  int  the last owner that died, if nobody has recovered what the lock protects since; else 0
/// ```
final class Damage {
  /*
   * `damaged` is read and written by the lock's holder only. Who takes the lock over from the dead
   * writes its number before it does anything else; it alone knows of the death. If it dies before
   * that, it is a dead owner itself, and the next to take over writes its number. So the lock is never released by the
   * living with a death that is not noted. The one who has recovered writes 0 and then releases; if it
   * dies in between, the lock counts as damaged once more: the word errs towards damage only.
   */
  private static final long OPTIONS_AT = 28;
  private static final long DAMAGED_AT = 32;
  private static final int FAILS = 1;

  private final MemorySegment memory;
  private final long damagedAt;

  private Damage(Session session, CellRef ref) {
    this.memory = session.memory();
    this.damagedAt = Directory.body(ref.cell()) + DAMAGED_AT;
  }

  /// Notes how a lock that this process has just allocated is to be.
  static void setOptions(Session session, CellRef ref, LockOptions options) {
    if (options.failOnOwnerDeath()) {
      Words.setInt(session.memory(), Directory.body(ref.cell()) + OPTIONS_AT, FAILS);
    }
  }

  /// True if the lock is one that fails.
  static boolean isNoted(Session session, CellRef ref) {
    return Words.getInt(session.memory(), Directory.body(ref.cell()) + OPTIONS_AT) == FAILS;
  }

  static Damage of(Session session, CellRef ref) {
    return new Damage(session, ref);
  }

  /// The participant that died with the lock, 0 if it is not damaged.
  int owner() {
    return Words.getIntOpaque(memory, damagedAt);
  }

  void mark(int dead) {
    Words.setIntVolatile(memory, damagedAt, dead);
    FailPoint.LOCK_DAMAGE_MARKED.reach();
  }

  void clear() {
    Words.setIntVolatile(memory, damagedAt, 0);
    FailPoint.LOCK_DAMAGE_CLEARED.reach();
  }
}
