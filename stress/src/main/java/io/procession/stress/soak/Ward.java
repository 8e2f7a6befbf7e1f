package io.procession.stress.soak;

import static io.procession.stress.soak.Rules.require;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Numbers in shared memory that one actor at a time may touch. They are read and written as plainly as
/// memory can be, so only what guards them keeps them in order. The first says who is there: so the next
/// one sees when somebody else still is, unless that one is dead.
///
/// @param memory the numbers
record Ward(MemorySegment memory) {
  private static final int WHO = 0;

  long get(int index) {
    return memory.getAtIndex(ValueLayout.JAVA_LONG, index);
  }

  void set(int index, long value) {
    memory.setAtIndex(ValueLayout.JAVA_LONG, index, value);
  }

  /// Begins to be there. If the last one died there, the repair is run first.
  void enter(Turn turn, Runnable repair) {
    mend(turn, repair);
    set(WHO, turn.signature());
  }

  /// Runs the repair if the last one died there.
  void mend(Turn turn, Runnable repair) {
    long other = get(WHO);
    if (other != 0) {
      requireDead(turn, other);
      repair.run();
      set(WHO, 0);
    }
  }

  /// Fails if somebody else has been there meanwhile.
  void requireAlone(Turn turn) {
    require(
        get(WHO) == turn.signature(),
        "nobody enters while another is there",
        "self",
        turn.signature(),
        "other",
        get(WHO));
  }

  /// Ceases to be there.
  void leave(Turn turn) {
    requireAlone(turn);
    set(WHO, 0);
  }

  private static void requireDead(Turn turn, long other) {
    boolean known = other > 0 && other <= Roster.ACTORS;
    require(
        known && turn.roster().isDoomed((int) (other - 1) / Roster.THREADS),
        "who is met where one should be alone is dead",
        "self",
        turn.signature(),
        "other",
        other);
  }
}
