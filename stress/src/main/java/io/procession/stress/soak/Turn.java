package io.procession.stress.soak;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/// One actor at work: who it is, its dice, and what it remembers.
///
/// @param roster where it notes what it does
/// @param actor its number
/// @param random its dice
/// @param lastTaken by station and sender, the number of the last message it took
record Turn(Roster roster, int actor, Random random, Map<Long, Integer> lastTaken) {
  /// Longer than it takes until a process that was asked to linger is killed.
  private static final int LINGER_MILLIS = 100;

  static Turn of(Roster roster, int actor, long seed) {
    return new Turn(roster, actor, new Random(seed * 31 + actor), new HashMap<>());
  }

  int upTo(int bound) {
    return random.nextInt(bound);
  }

  boolean oneIn(int bound) {
    return random.nextInt(bound) == 0;
  }

  /// What it writes where it is alone; never 0.
  long signature() {
    return actor + 1L;
  }

  int get(int station, int counter) {
    return roster.get(actor, station, counter);
  }

  void set(int station, int counter, int value) {
    roster.set(actor, station, counter, value);
  }

  void count(int station, int counter) {
    roster.increment(actor, station, counter);
  }

  /// Stays for a moment where others want to be; long enough, now and then, to be killed there.
  void dwell() throws InterruptedException {
    int choice = upTo(100);
    if (roster.isWanted(actor / Roster.THREADS)) {
      Thread.sleep(LINGER_MILLIS);
    } else if (choice < 20) {
      Thread.sleep(1 + choice % 4);
    } else if (choice < 30) {
      LockSupport.parkNanos(20_000);
    } else if (choice < 50) {
      for (int i = 0; i < 200; i++) {
        Thread.onSpinWait();
      }
    }
  }
}
