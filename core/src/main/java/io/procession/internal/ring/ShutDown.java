package io.procession.internal.ring;

import io.procession.internal.arena.FailPoint;
import io.procession.internal.arena.Words;
import java.lang.foreign.MemorySegment;

/// Whether a ring takes no more messages, for all processes and for good. One word, the truth:
///
/// ```
/// OPEN --> ENDING: nothing is appended, the rest may be taken --> DROPPED: there is no rest
///   |                                                                ^
///   +----------------------------------------------------------------+
/// ```
///
/// It is set under the writers' lock; so who has read ENDING and then finds the ring empty knows that
/// nothing will come.
final class ShutDown {
  static final int OPEN = 0;
  static final int ENDING = 1;
  static final int DROPPED = 2;

  private final MemorySegment memory;
  private final long at;

  ShutDown(MemorySegment memory, long control) {
    this.memory = memory;
    this.at = control + RingLayout.SHUT_DOWN_AT;
  }

  boolean isShut() {
    return Words.getIntVolatile(memory, at) != OPEN;
  }

  boolean isDropped() {
    return Words.getIntVolatile(memory, at) == DROPPED;
  }

  /// Called with the writers' lock held.
  void set(int state) {
    if (Words.getIntVolatile(memory, at) < state) {
      Words.setIntVolatile(memory, at, state);
      FailPoint.RING_SHUT_DOWN.reach();
    }
  }
}
