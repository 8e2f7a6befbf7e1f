package io.procession.process;

import io.procession.internal.arena.FailPoint;
import io.procession.internal.arena.Session;
import io.procession.internal.arena.Waiting;
import io.procession.internal.arena.Words;
import io.procession.internal.check.Property;
import io.procession.internal.posix.ProcessIdentity;
import io.procession.internal.posix.Until;
import java.lang.foreign.MemorySegment;

/// The words by which a spare is told what process it is: the body of its LAUNCH cell.
///
/// ```
/// 0  state   int   PREPARING 0, READY 1, ORDERED 2, TAKEN 3, WITHDRAWN 4; a futex word
/// 4  length  int   bytes of the launch record
/// 8  record  long  its offset in the arena
///
/// PREPARING --spare (CAS)--> READY --parent (CAS)--> ORDERED --spare (CAS)--> TAKEN
///     +-----------------------------parent (CAS)------^  |
///                                          parent (CAS)  +--> WITHDRAWN
/// ```
///
/// Length and offset are written before the order is, and by the parent alone. A spare that is given
/// its order while it still prepares finds it before its next step.
final class SpareOrder {
  static final int PREPARING = 0;
  static final int READY = 1;
  static final int ORDERED = 2;
  static final int TAKEN = 3;
  static final int WITHDRAWN = 4;

  private static final long LENGTH_AT = 4;
  private static final long RECORD_AT = 8;

  private static final long LOOK_NANOS = 5_000_000;
  private static final long PATIENCE_NANOS =
      Property.nanos("procession.spare.patience.millis", 2_000);

  private final MemorySegment memory;
  private final Waiting waiting;
  private final long at;

  /// @param at the offset of the cell's body
  SpareOrder(Session session, long at) {
    this.memory = session.memory();
    this.waiting = session.waiting();
    this.at = at;
  }

  int state() {
    return Words.getIntVolatile(memory, at);
  }

  /// In the parent: gives the order.
  ///
  /// @return whether the spare was ready for it
  boolean give(long record, int length) {
    Words.setInt(memory, at + LENGTH_AT, length);
    Words.setLong(memory, at + RECORD_AT, record);
    boolean wasReady = false;
    if (!Words.compareAndSetInt(memory, at, PREPARING, ORDERED)) {
      wasReady = Words.compareAndSetInt(memory, at, READY, ORDERED);
    }
    FailPoint.SPARE_ORDERED.reach();
    waiting.wake(at, 1);
    return wasReady;
  }

  /// In the parent: waits until a spare that was ready has taken its order.
  ///
  /// @return false if it has died before, or does not come to it; it never will then
  boolean awaitTaken(ProcessIdentity spare) {
    long deadline = Until.after(PATIENCE_NANOS);
    while (true) {
      int heard = waiting.bell();
      if (state() == TAKEN) {
        return true;
      }
      if (!spare.isAlive() || deadline - System.nanoTime() <= 0) {
        boolean withdrawn = Words.compareAndSetInt(memory, at, ORDERED, WITHDRAWN);
        FailPoint.SPARE_WITHDRAWN.reach();
        return !withdrawn;
      }
      waiting.awaitUninterruptibly(at, ORDERED, heard, Until.after(LOOK_NANOS));
    }
  }

  /// In the spare: says that all has been prepared, unless there is an order already.
  void ready() {
    if (Words.compareAndSetInt(memory, at, PREPARING, READY)) {
      FailPoint.SPARE_READY.reach();
    }
  }

  /// In the spare: waits for the order and takes it.
  void await() {
    while (true) {
      int heard = waiting.bell();
      int state = state();
      if (state == ORDERED && Words.compareAndSetInt(memory, at, ORDERED, TAKEN)) {
        FailPoint.SPARE_TAKEN.reach();
        waiting.wake(at, 1);
        return;
      }
      waiting.awaitUninterruptibly(at, state, heard, Waiting.forever());
    }
  }

  /// Where the launch record is. Only after [#await].
  long record() {
    return Words.getLong(memory, at + RECORD_AT);
  }

  /// How long the launch record is. Only after [#await].
  int length() {
    return Words.getInt(memory, at + LENGTH_AT);
  }
}
