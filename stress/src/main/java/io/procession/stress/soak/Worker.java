package io.procession.stress.soak;

import io.procession.serial.SerializableRunnable;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/// A process of a soak: its threads go from station to station until all are told to stop, or the
/// process is killed.
///
/// @param grounds where
/// @param process its number
/// @param seed where its dice begin
record Worker(Grounds grounds, int process, long seed) implements SerializableRunnable {
  /// Kept, or its level would go with it.
  private static final Logger LOGGER = Logger.getLogger("io.procession");

  private static final int MOST_STEPS_AT_ONE = 30;
  private static final int STATIONS_IN_FASHION = 2;

  @Override
  public void run() throws Exception {
    silenceWarnings();
    var failure = new AtomicReference<@Nullable Throwable>();
    var over = new CountDownLatch(Roster.THREADS);
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < Roster.THREADS; i++) {
      int actor = process * Roster.THREADS + i;
      Runnable work =
          () -> {
            try {
              work(Turn.of(grounds.roster(), actor, seed), failure);
            } catch (Throwable e) {
              failure.compareAndSet(null, e);
            } finally {
              over.countDown();
            }
          };
      boolean isLast = i == Roster.THREADS - 1;
      threads.add(
          isLast ? Thread.ofVirtual().unstarted(work) : Thread.ofPlatform().unstarted(work));
    }
    threads.forEach(Thread::start);
    over.await();
    Throwable first = failure.get();
    if (first != null) {
      throw new AssertionError("a rule is broken: process=" + process, first);
    }
  }

  private void work(Turn turn, AtomicReference<@Nullable Throwable> failure) throws Exception {
    while (!turn.roster().isStopping() && failure.get() == null) {
      Station station = choose(turn);
      for (int i = turn.upTo(MOST_STEPS_AT_ONE); i >= 0 && !turn.roster().isStopping(); i--) {
        turn.roster().arrive(turn.actor(), station.index());
        station.step(turn);
        turn.count(station.index(), Roster.VISITS);
      }
    }
  }

  /// Mostly one of the few where others go, too.
  private Station choose(Turn turn) {
    int count = grounds.stations().size();
    int chosen =
        turn.oneIn(3)
            ? turn.upTo(count)
            : (turn.roster().fashion() + turn.upTo(STATIONS_IN_FASHION)) % count;
    return grounds.stations().get(chosen);
  }

  /// Every death of an owner is a warning, and here they are what is asked for.
  static void silenceWarnings() {
    LOGGER.setLevel(Level.SEVERE);
  }
}
