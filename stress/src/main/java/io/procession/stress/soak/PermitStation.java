package io.procession.stress.soak;

import static io.procession.stress.soak.Roster.DONE;
import static io.procession.stress.soak.Roster.OWN;
import static io.procession.stress.soak.Roster.THREADS;
import static io.procession.stress.soak.Rules.require;

import io.procession.testing.Deadlines;
import java.util.Arrays;
import org.awaitility.Awaitility;

/// A few permits that more want than there are. Never do those who live have more than there were.
///
/// Each actor notes how many it wants before it asks, and clears that after it has released them; and
/// what it has, after it got them and until it releases them. So of the dead it is known whether
/// they had some, or may have had, and the permits that nobody owns are released for those who did.
record PermitStation(int index, String name, Permits permits, int total) implements Station {
  private static final int WANTED = OWN;
  private static final int HELD = OWN + 1;
  private static final int BITS = 4;
  private static final int MASK = (1 << BITS) - 1;
  private static final int MOST = 3;

  @Override
  public void step(Turn turn) throws Exception {
    int count = 1 + turn.upTo(MOST);
    turn.set(index, WANTED, count);
    if (permits.acquire(turn, count)) {
      note(turn, count);
      requireNoMoreThanThereAre(turn.roster());
      turn.dwell();
      permits.requireHeld(count);
      int available = permits.available();
      require(
          available >= 0 && available <= total - (permits.areOwned() ? count : 0),
          "there are never more than at first",
          "available",
          available,
          "total",
          total,
          "held",
          count);
      requireNoMoreThanThereAre(turn.roster());
      note(turn, 0);
      permits.release(count);
      turn.count(index, DONE);
    }
    turn.set(index, WANTED, 0);
  }

  /// Each note differs from the one before, so that two looks that agree have seen one moment.
  private void note(Turn turn, int count) {
    int turns = turn.get(index, HELD) >>> BITS;
    turn.set(index, HELD, (turns + 1) << BITS | count);
  }

  private void requireNoMoreThanThereAre(Roster roster) {
    int[] first = look(roster);
    int[] second = look(roster);
    if (!Arrays.equals(first, second)) {
      return; // no picture of one moment
    }
    int held = 0;
    for (int place = 0; place < roster.places(); place++) {
      int at = place * (THREADS + 1);
      if (!roster.isDoomed(first[at])) { // asked last: what the dead had, others may have by now
        for (int thread = 1; thread <= THREADS; thread++) {
          held += first[at + thread] & MASK;
        }
      }
    }
    require(held <= total, "the living hold no more than there are", "held", held, "total", total);
  }

  private int[] look(Roster roster) {
    int[] seen = new int[roster.places() * (THREADS + 1)];
    int i = 0;
    for (int place = 0; place < roster.places(); place++) {
      int process = roster.at(place);
      seen[i++] = process;
      for (int thread = 0; thread < THREADS; thread++) {
        seen[i++] = roster.get(process * THREADS + thread, index, HELD);
      }
    }
    return seen;
  }

  @Override
  public void mourn(Roster roster, int process) {
    if (permits.areOwned()) {
      return;
    }
    for (int actor = process * THREADS; actor < (process + 1) * THREADS; actor++) {
      int held = roster.get(actor, index, HELD) & MASK;
      if (held > 0) {
        roster.set(actor, index, WANTED, 0);
        permits.release(held);
      }
    }
  }

  @Override
  public void verify(Turn turn, int processes) {
    if (permits.areOwned()) {
      Awaitility.await()
          .atMost(Deadlines.LONG)
          .untilAsserted(() ->
              require(
                  permits.available() == total,
                  "all come back",
                  "available",
                  permits.available(),
                  "total",
                  total));
      return;
    }
    int lost = total - permits.available();
    long mayBeLost = turn.roster().sumOfDoomed(processes, index, WANTED);
    require(
        0 <= lost && lost <= mayBeLost,
        "nothing is lost but what the dead may have had",
        "lost",
        lost,
        "may be lost",
        mayBeLost);
    if (lost > 0) {
      permits.release(lost);
    }
    permits.requireFull();
  }

  @Override
  public void destroy() {
    permits.destroy();
  }
}
