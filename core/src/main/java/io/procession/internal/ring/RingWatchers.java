package io.procession.internal.ring;

import io.procession.internal.arena.CellRef;
import io.procession.internal.arena.FailPoint;
import io.procession.internal.arena.Participants;
import io.procession.internal.arena.Session;
import io.procession.internal.arena.WatchBells;
import io.procession.internal.arena.Words;
import java.lang.foreign.MemorySegment;

/// The processes that watch a ring: whose watch bells are rung by the next message.
///
/// ```
/// 8 * i        slot  long  mark of the ring's reference << 32 | participant, 0 for nobody
/// 8 * OTHERS   slot  long  likewise, 1: somebody watches for whom there was no slot
/// ```
final class RingWatchers {
  /*
   * A bit of the ring's event count of readers says that somebody watches (Sleepers), and these slots
   * who. Both are good for one ring. The watcher reads its bell, then enters itself, then sets the bit,
   * each unless it is so already; then it looks at the ring, and sleeps while its bell is as it was.
   * Who publishes and finds the bit set clears it first, then empties the slots, and rings the bell of
   * whom it has found in each.
   *
   * Nobody is missed. Between look and message one sees the other, by the fence that all who sleep
   * here have in common: either the look finds the message, or the publisher finds the bit, or it finds
   * that another publisher has cleared it since the watcher saw it set. Whoever clears it does so after
   * the watcher has entered itself, so it finds the watcher in its slot, or finds that another has taken
   * it out: who has taken it out since the watcher saw it there rings its bell after the watcher has
   * read that.
   *
   * A process that is gone leaves one needless ring, or a slot that the next watcher takes over. A
   * publisher that dies in the midst is a death, which rings the doorbells of all. One that is stopped
   * is made good by the watchers' slice of time.
   */
  private static final int OTHERS = RingLayout.WATCHERS - 1;
  private static final int SOMEBODY = 1;

  private final MemorySegment memory;
  private final Participants participants;
  private final WatchBells bells;
  private final int self;
  private final long at;
  private final long mark;

  RingWatchers(Session session, CellRef ref, long control) {
    this.memory = session.memory();
    this.participants = session.participants();
    this.bells = session.watchBells();
    this.self = session.self();
    this.at = control + RingLayout.WATCHERS_AT;
    this.mark = mark(ref);
  }

  /// Makes the slots of a ring that this process has just allocated.
  static void create(Session session, CellRef ref, long control) {
    for (int slot = 0; slot < RingLayout.WATCHERS; slot++) {
      Words.setLong(session.memory(), control + RingLayout.WATCHERS_AT + 8L * slot, mark(ref));
    }
  }

  /// Has this process's bell be rung by who next empties the slots.
  void enter() {
    long mine = mark | self;
    for (int slot = 0; slot < OTHERS; slot++) {
      if (Words.getLongVolatile(memory, at(slot)) == mine) {
        return;
      }
    }
    for (int slot = 0; slot < OTHERS; slot++) {
      long present = Words.getLongVolatile(memory, at(slot));
      if (isFree(present) && change(slot, present, mine)) {
        FailPoint.RING_WATCHER_ENTERED.reach();
        return;
      }
    }
    if (Words.getLongVolatile(memory, at(OTHERS)) != (mark | SOMEBODY)
        && change(OTHERS, mark, mark | SOMEBODY)) {
      FailPoint.RING_WATCHER_ENTERED.reach();
    }
  }

  /// Rings the bells of those who have entered.
  void ring() {
    for (int slot = 0; slot < OTHERS; slot++) {
      long present = Words.getLongVolatile(memory, at(slot));
      if (isOurs(present) && (int) present != 0 && change(slot, present, mark)) {
        FailPoint.RING_WATCHER_TAKEN.reach();
        bells.ring((int) present);
      }
    }
    if (change(OTHERS, mark | SOMEBODY, mark)) {
      FailPoint.RING_WATCHER_TAKEN.reach();
      bells.ringAll();
    }
  }

  private boolean isFree(long present) {
    return isOurs(present) && ((int) present == 0 || !participants.isAlive((int) present));
  }

  private boolean isOurs(long word) {
    return word >>> 32 == mark >>> 32;
  }

  private boolean change(int slot, long from, long to) {
    return Words.compareAndSetLong(memory, at(slot), from, to);
  }

  private long at(int slot) {
    return at + (long) slot * Long.BYTES;
  }

  private static long mark(CellRef ref) {
    return (long) ref.mark() << 32;
  }
}
