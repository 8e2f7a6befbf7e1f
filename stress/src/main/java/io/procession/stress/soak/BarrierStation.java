package io.procession.stress.soak;

import static io.procession.stress.soak.Roster.DONE;
import static io.procession.stress.soak.Roster.OWN;
import static io.procession.stress.soak.Rules.require;

import io.procession.shared.ElementType;
import io.procession.shared.SharedValue;
import io.procession.sync.SharedBarrier;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Three meet; the last to come counts the meeting. If one dies or does not come in time, it breaks, and
/// anybody makes it whole again.
record BarrierStation(int index, String name, SharedBarrier barrier, SharedValue<Long> meetings)
    implements Station {
  private static final int PARTIES = 3;
  private static final int INSIDE = OWN;
  private static final int ARRIVED = OWN + 1; // and one for each index of arrival

  static BarrierStation of(int index, String name) {
    SharedValue<Long> meetings = SharedValue.raw(ElementType.LONG, 0L);
    SharedBarrier barrier =
        SharedBarrier.create(
            PARTIES,
            () -> {
              long _ = meetings.getAndAdd(1L);
            });
    return new BarrierStation(index, name, barrier, meetings);
  }

  @Override
  public void step(Turn turn) throws Exception {
    long before = meetings.get();
    turn.set(index, INSIDE, 1);
    try {
      int arrival = barrier.await(turn.upTo(100), TimeUnit.MILLISECONDS);
      turn.count(index, ARRIVED + arrival);
      require(
          meetings.get() > before,
          "the action is run before any goes on",
          "before",
          before,
          "meetings",
          meetings.get());
      turn.count(index, DONE);
    } catch (BrokenBarrierException | TimeoutException e) {
      if (turn.oneIn(2)) {
        barrier.reset();
      }
    }
    turn.set(index, INSIDE, 0);
    if (turn.oneIn(100)) {
      barrier.abort();
    }
  }

  @Override
  public void verify(Turn turn, int processes) {
    Roster roster = turn.roster();
    long killedInside = roster.sumOfDoomed(processes, index, INSIDE);
    long most = 0;
    long least = Long.MAX_VALUE;
    for (int arrival = 0; arrival < PARTIES; arrival++) {
      long count = roster.sum(processes, index, ARRIVED + arrival);
      most = Math.max(most, count);
      least = Math.min(least, count);
    }
    require(
        most - least <= killedInside && most <= meetings.get(),
        "each meeting has one of each index of arrival, but for the dead",
        "least",
        least,
        "most",
        most,
        "killed there",
        killedInside,
        "meetings",
        meetings.get());
  }

  @Override
  public void destroy() {
    barrier.destroy();
    meetings.destroy();
  }
}
