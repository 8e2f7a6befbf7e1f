package io.procession.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.internal.arena.CellKind;
import io.procession.internal.arena.CellRef;
import io.procession.internal.arena.Directory;
import io.procession.internal.arena.Session;
import io.procession.model.Model;
import io.procession.model.Run;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The reentrant lock in all orders of two participants' steps, with a death at any of them: one has
/// it at a time, its holds are its own, and who takes it from the dead holds it once.
@SuppressWarnings("LockNotBeforeTry") // whoever fails or dies here gives nothing back
@Tag("model")
class ReentrantLockModelTest {
  private static final class Room {
    final Session root;
    final CellRef lock;
    final CellRef condition;
    final List<String> inside = new ArrayList<>();
    boolean open;

    Room(Run run) {
      this.root = run.arena().root();
      Directory directory = root.directory();
      this.lock = directory.ref(directory.allocate(CellKind.REENTRANT_LOCK, "room"));
      ReentrantLockWord.create(root, lock);
      this.condition = directory.ref(directory.allocate(CellKind.CONDITION, "room"));
      new ConditionWord(root, condition.cell()).setLock(lock, SharedReentrantLock.KIND);
    }

    void visit(Session self, String name) {
      SharedReentrantLock mine = SharedReentrantLock.attach(self, lock);
      mine.lock();
      assertThat(mine.holdCount()).isOne();
      enter(mine, name);
      mine.lock();
      assertThat(mine.holdCount()).isEqualTo(2);
      mine.unlock();
      assertThat(mine.isHeldByCurrentThread()).isTrue();
      inside.remove(name);
      mine.unlock();
    }

    void waitWithTwoHolds(Session self, String name) {
      SharedCondition opened = SharedCondition.attach(self, condition);
      SharedReentrantLock mine = (SharedReentrantLock) opened.lock();
      mine.lock();
      mine.lock();
      while (!open) {
        opened.awaitUninterruptibly();
      }
      assertThat(mine.holdCount()).isEqualTo(2);
      enter(mine, name);
      inside.remove(name);
      mine.unlock();
      mine.unlock();
    }

    void open(Session self) {
      SharedCondition opened = SharedCondition.attach(self, condition);
      opened.lock().lock();
      opened.lock().lock();
      open = true;
      opened.signalAll();
      opened.lock().unlock();
      opened.lock().unlock();
    }

    void isUsable() {
      SharedReentrantLock mine = SharedReentrantLock.attach(root, lock);
      assertThat(mine.tryLock()).isTrue();
      assertThat(mine.holdCount()).isOne();
      assertThat(mine.ownerDeaths()).isLessThanOrEqualTo(1);
      mine.unlock();
      assertThat(mine.isLocked()).isFalse();
    }

    private void enter(SharedReentrantLock mine, String name) {
      if (mine.ownerDeaths() > 0) {
        inside.clear();
      }
      assertThat(inside).isEmpty();
      inside.add(name);
    }
  }

  @Test
  void twoTakeTurns() throws Exception {
    int runs =
        Model.check(
            2,
            0,
            run -> {
              Room room = new Room(run);
              Session other = run.arena().enroll("other");
              run.actor("root", () -> room.visit(room.root, "root"));
              run.actor("other", () -> room.visit(other, "other"));
              return room::isUsable;
            });
    assertThat(runs).isGreaterThan(100);
  }

  @Test
  void oneOfTwoDiesAnywhere() throws Exception {
    int runs =
        Model.check(
            1,
            1,
            run -> {
              Room room = new Room(run);
              Session mortal = run.arena().enroll("mortal");
              run.mortal("mortal", mortal, () -> room.visit(mortal, "mortal"));
              run.actor("root", () -> room.visit(room.root, "root"));
              return room::isUsable;
            });
    assertThat(runs).isGreaterThan(100);
  }

  @Test
  void aWaiterHasAllItsHoldsAgain() throws Exception {
    int runs =
        Model.check(
            1,
            0,
            run -> {
              Room room = new Room(run);
              Session waiter = run.arena().enroll("waiter");
              run.actor("waiter", () -> room.waitWithTwoHolds(waiter, "waiter"));
              run.actor("opener", () -> room.open(room.root));
              return room::isUsable;
            });
    assertThat(runs).isGreaterThan(50);
  }

  @Test
  void aWaiterOrAnOpenerDiesAnywhere() throws Exception {
    int runs =
        Model.check(
            0,
            1,
            run -> {
              Room room = new Room(run);
              Session mortal = run.arena().enroll("mortal");
              Session waiter = run.arena().enroll("waiter");
              run.mortal(
                  "mortal",
                  mortal,
                  () -> {
                    room.waitWithTwoHolds(mortal, "mortal");
                    room.open(mortal);
                  });
              run.actor("waiter", () -> room.waitWithTwoHolds(waiter, "waiter"));
              run.actor("opener", () -> room.open(room.root));
              return room::isUsable;
            });
    assertThat(runs).isGreaterThan(100);
  }
}
