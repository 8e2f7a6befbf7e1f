package io.procession.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.internal.arena.CellKind;
import io.procession.internal.arena.CellRef;
import io.procession.internal.arena.Directory;
import io.procession.internal.arena.LockWord;
import io.procession.internal.arena.Session;
import io.procession.model.Model;
import io.procession.model.Run;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// A condition in all orders of a few participants' steps, with a death at any of them: no signal is
/// lost, none wakes two, and the dead swallow none.
@Tag("model")
class ConditionModelTest {
  /// A box for one thing, with a lock and a condition for those who want it.
  private static final class Box {
    final Session root;
    final CellRef condition;
    final List<String> takers = new ArrayList<>();
    int things;

    Box(Run run) {
      this.root = run.arena().root();
      Directory directory = root.directory();
      CellRef lock = directory.ref(directory.allocate(CellKind.LOCK, "box"));
      LockWord.create(root, lock);
      this.condition = directory.ref(directory.allocate(CellKind.CONDITION, "box"));
      new ConditionWord(root, condition.cell()).setLock(lock, SharedLock.KIND);
    }

    void take(Session self, String name) {
      SharedCondition filled = SharedCondition.attach(self, condition);
      filled.lock().lock();
      try {
        while (things == 0) {
          filled.awaitUninterruptibly();
        }
        things--;
        takers.add(name);
      } finally {
        filled.lock().unlock();
      }
    }

    void put(Session self, int count) {
      SharedCondition filled = SharedCondition.attach(self, condition);
      filled.lock().lock();
      try {
        things += count;
        if (count == 1) {
          filled.signal();
        } else {
          filled.signalAll();
        }
      } finally {
        filled.lock().unlock();
      }
    }
  }

  @Test
  void aSignalReachesTheOneWhoWaits() throws Exception {
    int runs =
        Model.check(
            2,
            0,
            run -> {
              Box box = new Box(run);
              Session taker = run.arena().enroll("taker");
              run.actor("taker", () -> box.take(taker, "taker"));
              run.actor("putter", () -> box.put(box.root, 1));
              return () -> assertThat(box.takers).containsExactly("taker");
            });
    assertThat(runs).isGreaterThan(1_000);
  }

  @Test
  void twoSignalsReachTwo() throws Exception {
    int runs =
        Model.check(
            1,
            0,
            run -> {
              Box box = new Box(run);
              for (String name : List.of("first", "second")) {
                Session taker = run.arena().enroll(name);
                run.actor(name, () -> box.take(taker, name));
              }
              run.actor(
                  "putter",
                  () -> {
                    box.put(box.root, 1);
                    box.put(box.root, 1);
                  });
              return () -> assertThat(box.takers).containsExactlyInAnyOrder("first", "second");
            });
    assertThat(runs).isGreaterThan(100);
  }

  @Test
  void aSignalToAllReachesAll() throws Exception {
    int runs =
        Model.check(
            1,
            0,
            run -> {
              Box box = new Box(run);
              for (String name : List.of("first", "second")) {
                Session taker = run.arena().enroll(name);
                run.actor(name, () -> box.take(taker, name));
              }
              run.actor("putter", () -> box.put(box.root, 2));
              return () -> assertThat(box.takers).containsExactlyInAnyOrder("first", "second");
            });
    assertThat(runs).isGreaterThan(100);
  }

  @Test
  void aWaiterThatDiesSwallowsNoSignal() throws Exception {
    int runs =
        Model.check(
            0,
            1,
            run -> {
              Box box = new Box(run);
              Session mortal = run.arena().enroll("mortal");
              Session taker = run.arena().enroll("taker");
              run.mortal("mortal", mortal, () -> box.take(mortal, "mortal"));
              run.actor("taker", () -> box.take(taker, "taker"));
              run.actor(
                  "putter",
                  () -> {
                    box.put(box.root, 1);
                    box.put(box.root, 1);
                  });
              return () -> assertThat(box.takers).contains("taker");
            });
    assertThat(runs).isGreaterThan(50);
  }

  @Test
  void aSignallerThatDiesLeavesNobodyStuckWhoIsSignalledAgain() throws Exception {
    int runs =
        Model.check(
            0,
            1,
            run -> {
              Box box = new Box(run);
              Session mortal = run.arena().enroll("mortal");
              Session taker = run.arena().enroll("taker");
              run.mortal("mortal", mortal, () -> box.put(mortal, 1));
              run.actor("taker", () -> box.take(taker, "taker"));
              run.actor("putter", () -> box.put(box.root, 1));
              return () -> assertThat(box.takers).containsExactly("taker");
            });
    assertThat(runs).isGreaterThan(50);
  }
}
