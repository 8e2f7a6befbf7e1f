package io.procession.internal.ring;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.internal.arena.CellKind;
import io.procession.internal.arena.CellRef;
import io.procession.internal.arena.FailPoint;
import io.procession.internal.arena.Session;
import io.procession.internal.arena.Units;
import io.procession.internal.arena.Waiting;
import io.procession.internal.arena.Words;
import io.procession.internal.posix.AsymmetricFence;
import io.procession.model.Model;
import io.procession.model.Run;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Those who watch a ring and those who publish there, in all orders of their steps, with a death at any
/// of them: no watcher sleeps while there is what it waits for.
@Tag("model")
class RingWatchersModelTest {
  private static final long PROGRESS_AT = 8;

  /// A ring's words, and no more of it: what is published is counted.
  private record Board(CellRef ref, long control) {
    static Board of(Run run) {
      Session root = run.arena().root();
      CellRef ref = root.directory().ref(root.directory().allocate(CellKind.QUEUE, "modelled"));
      long control = Units.offset(root.units().allocate(ref.cell(), 1));
      Sleepers.create(root, ref, control + RingLayout.READERS_WAIT_AT);
      RingWatchers.create(root, ref, control);
      return new Board(ref, control);
    }

    Sleepers sleepers(Session self) {
      return new Sleepers(
          self,
          ref,
          control + RingLayout.READERS_WAIT_AT,
          control + PROGRESS_AT,
          FailPoint.RING_READERS_CLEARED,
          FailPoint.RING_READERS_MARKED,
          new RingWatchers(self, ref, control));
    }

    /// One writer at a time: this is what the writers' lock is for.
    void publish(Session self) {
      long next = Words.getLongVolatile(self.memory(), control + PROGRESS_AT) + 1;
      Words.setLongRelease(self.memory(), control + PROGRESS_AT, next);
      sleepers(self).wake(next, 1);
    }

    /// Has the session's first process publish so many times.
    void publishAsRoot(Run run, int times) {
      Session root = run.arena().root();
      run.actor(
          "root",
          () -> {
            for (int i = 0; i < times; i++) {
              publish(root);
            }
          });
    }

    /// Publishes if nobody has: so there is something in the end, though the other one has died.
    void publishFirst(Session self) {
      if (Words.getLongVolatile(self.memory(), control + PROGRESS_AT) == 0) {
        publish(self);
      }
    }

    void watchFor(Session self, long wanted) throws InterruptedException {
      Sleepers sleepers = sleepers(self);
      while (true) {
        int heard = self.waiting().bell();
        int seen = self.watchBells().rings();
        sleepers.watch();
        AsymmetricFence.heavy();
        if (Words.getLongVolatile(self.memory(), control + PROGRESS_AT) >= wanted) {
          return;
        }
        self.watchBells().await(seen, heard, Waiting.forever());
      }
    }

    void sleepFor(Session self, long wanted) throws InterruptedException {
      Sleepers sleepers = sleepers(self);
      while (true) {
        int heard = self.waiting().bell();
        int announced = sleepers.announce();
        if (Words.getLongVolatile(self.memory(), control + PROGRESS_AT) >= wanted) {
          return;
        }
        sleepers.sleep(announced, heard, Waiting.forever());
      }
    }
  }

  private static void nothingToSee() {}

  @Test
  void watcherSeesEachOfTwoChanges() throws Exception {
    int runs =
        Model.check(
            2,
            0,
            run -> {
              Board board = Board.of(run);
              Session watcher = run.arena().enroll("watcher");
              run.actor(
                  "watcher",
                  () -> {
                    board.watchFor(watcher, 1);
                    board.watchFor(watcher, 2);
                  });
              board.publishAsRoot(run, 2);
              return RingWatchersModelTest::nothingToSee;
            });
    assertThat(runs).isGreaterThan(1_000);
  }

  /// The first change takes the watcher's call away while it is being made, and is not what it wants.
  @Test
  void watcherOfTheSecondChangeOutlivesTheFirst() throws Exception {
    int runs =
        Model.check(
            2,
            0,
            run -> {
              Board board = Board.of(run);
              Session watcher = run.arena().enroll("watcher");
              run.actor("watcher", () -> board.watchFor(watcher, 2));
              board.publishAsRoot(run, 2);
              return RingWatchersModelTest::nothingToSee;
            });
    assertThat(runs).isGreaterThan(500);
  }

  @Test
  void twoThreadsOfOneProcessAndOneOfAnotherSeeTheChange() throws Exception {
    int runs =
        Model.check(
            1,
            0,
            run -> {
              Board board = Board.of(run);
              Session one = run.arena().enroll("one");
              Session other = run.arena().enroll("other");
              board
                  .sleepers(other)
                  .watch(); // it sleeps already, so its steps are none of the orders
              int before = other.watchBells().rings();
              run.actor("one", () -> board.watchFor(one, 1));
              run.actor("one too", () -> board.watchFor(one, 1));
              board.publishAsRoot(run, 1);
              return () -> assertThat(other.watchBells().rings()).isGreaterThan(before);
            });
    assertThat(runs).isGreaterThan(500);
  }

  @Test
  void twoProcessesThatEnterAtTheSameTimeSeeTheChange() throws Exception {
    int runs =
        Model.check(
            1,
            0,
            run -> {
              Board board = Board.of(run);
              Session one = run.arena().enroll("one");
              Session other = run.arena().enroll("other");
              run.actor("one", () -> board.watchFor(one, 1));
              run.actor("other", () -> board.watchFor(other, 1));
              board.publishAsRoot(run, 1);
              return RingWatchersModelTest::nothingToSee;
            });
    assertThat(runs).isGreaterThan(500);
  }

  @Test
  void watcherAndSleeperDoNotTakeEachOthersCall() throws Exception {
    int runs =
        Model.check(
            1,
            0,
            run -> {
              Board board = Board.of(run);
              Session watcher = run.arena().enroll("watcher");
              Session sleeper = run.arena().enroll("sleeper");
              run.actor("watcher", () -> board.watchFor(watcher, 1));
              run.actor("sleeper", () -> board.sleepFor(sleeper, 1));
              board.publishAsRoot(run, 1);
              return RingWatchersModelTest::nothingToSee;
            });
    assertThat(runs).isGreaterThan(500);
  }

  @Test
  void watcherSeesWhatOneLeftWhoDiedBeforeItsCall() throws Exception {
    int runs =
        Model.check(
            1,
            1,
            run -> {
              Board board = Board.of(run);
              Session mortal = run.arena().enroll("mortal");
              Session watcher = run.arena().enroll("watcher");
              run.mortal("mortal", mortal, () -> board.publish(mortal));
              run.actor("watcher", () -> board.watchFor(watcher, 1));
              run.actor("root", () -> board.publishFirst(run.arena().root()));
              return RingWatchersModelTest::nothingToSee;
            });
    assertThat(runs).isGreaterThan(100);
  }

  @Test
  void watcherThatDiesTakesNoOthersCall() throws Exception {
    int runs =
        Model.check(
            1,
            1,
            run -> {
              Board board = Board.of(run);
              Session mortal = run.arena().enroll("mortal");
              Session watcher = run.arena().enroll("watcher");
              run.mortal("mortal", mortal, () -> board.watchFor(mortal, 1));
              run.actor("watcher", () -> board.watchFor(watcher, 2));
              board.publishAsRoot(run, 2);
              return RingWatchersModelTest::nothingToSee;
            });
    assertThat(runs).isGreaterThan(1_000);
  }

  @Test
  void slotsOfTheDeadAreTakenOver() throws Exception {
    int runs =
        Model.check(
            0,
            0,
            run -> {
              Board board = Board.of(run);
              Session root = run.arena().root();
              for (int i = 0; i < RingLayout.WATCHERS; i++) {
                Session early = run.arena().enroll("early " + i);
                board.sleepers(early).watch();
                root.participants().declareDead(early.self());
              }
              run.actor("root", () -> isAlone(board, root));
              return RingWatchersModelTest::nothingToSee;
            });
    assertThat(runs).isOne();
  }

  private static void isAlone(Board board, Session root) {
    board.sleepers(root).watch();
    long others = board.control + RingLayout.WATCHERS_AT + 8L * (RingLayout.WATCHERS - 1);
    assertThat((int) Words.getLongVolatile(root.memory(), others)).isZero();
    int before = root.watchBells().rings();
    board.publish(root);
    assertThat(root.watchBells().rings()).isEqualTo(before + 1);
    board.publish(root);
    assertThat(root.watchBells().rings()).as("one ring a watch").isEqualTo(before + 1);
  }

  @Test
  void whoFindsNoSlotIsCalledWithAll() throws Exception {
    int runs =
        Model.check(
            1,
            0,
            run -> {
              Board board = Board.of(run);
              for (int i = 0; i < RingLayout.WATCHERS; i++) {
                board.sleepers(run.arena().enroll("early " + i)).watch();
              }
              Session watcher = run.arena().enroll("watcher");
              run.actor("watcher", () -> board.watchFor(watcher, 1));
              board.publishAsRoot(run, 1);
              return RingWatchersModelTest::nothingToSee;
            });
    assertThat(runs).isGreaterThan(50);
  }
}
