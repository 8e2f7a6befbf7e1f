package io.procession.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.internal.arena.CellKind;
import io.procession.internal.arena.CellRef;
import io.procession.internal.arena.LockWord;
import io.procession.internal.arena.Session;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The lock word in all orders of two or three participants' steps, with a death at any of them: it has
/// one owner at a time, nobody waits for ever, and who died with it is told to the next.
@Tag("model")
class LockModelTest {
  /// A lock, and who is inside.
  private static final class Room {
    final Session root;
    final CellRef ref;
    final List<String> inside = new ArrayList<>();
    int entries;

    Room(Run run) {
      this.root = run.arena().root();
      this.ref = root.directory().ref(root.directory().allocate(CellKind.LOCK, "modelled"));
      LockWord.create(root, ref);
    }

    /// Takes the lock, is alone inside, and gives it up.
    void visit(Session self, String name) {
      LockWord lock = LockWord.attach(self, ref);
      int result = lock.acquireUninterruptibly();
      assertThat(result).isNotNegative();
      if (result != LockWord.ACQUIRED) {
        assertThat(root.participants().isAlive(result)).isFalse();
        inside.clear();
      }
      assertThat(inside).isEmpty();
      inside.add(name);
      assertThat(lock.isHeldByCurrentThread()).isTrue();
      entries++;
      inside.remove(name);
      lock.release();
    }

    /// Free now, or the dead one has it and the next gets it.
    void isUsable() {
      LockWord lock = LockWord.attach(root, ref);
      assertThat(lock.acquireIfPossible()).isNotNegative();
      assertThat(lock.deaths()).isLessThanOrEqualTo(1);
      lock.release();
      assertThat(lock.owner()).isZero();
    }
  }

  @Test
  void twoTakeTurns() throws Exception {
    int runs =
        Model.check(
            3,
            0,
            run -> {
              Room room = new Room(run);
              Session other = run.arena().enroll("other");
              run.actor(
                  "root",
                  () -> {
                    room.visit(room.root, "root");
                    room.visit(room.root, "root");
                  });
              run.actor("other", () -> room.visit(other, "other"));
              return () -> {
                assertThat(room.entries).isEqualTo(3);
                room.isUsable();
              };
            });
    assertThat(runs).isGreaterThan(500);
  }

  @Test
  void threeTakeTurns() throws Exception {
    int runs =
        Model.check(
            2,
            0,
            run -> {
              Room room = new Room(run);
              run.actor("root", () -> room.visit(room.root, "root"));
              for (String name : List.of("second", "third")) {
                Session self = run.arena().enroll(name);
                run.actor(name, () -> room.visit(self, name));
              }
              return () -> {
                assertThat(room.entries).isEqualTo(3);
                room.isUsable();
              };
            });
    assertThat(runs).isGreaterThan(1_000);
  }

  @Test
  void oneOfTwoDiesAnywhere() throws Exception {
    int runs =
        Model.check(
            2,
            1,
            run -> {
              Room room = new Room(run);
              Session mortal = run.arena().enroll("mortal");
              run.actor("root", () -> room.visit(room.root, "root"));
              run.mortal("mortal", mortal, () -> room.visit(mortal, "mortal"));
              return room::isUsable;
            });
    assertThat(runs).isGreaterThan(1_000);
  }

  @Test
  void oneOfThreeDiesAnywhere() throws Exception {
    int runs =
        Model.check(
            1,
            1,
            run -> {
              Room room = new Room(run);
              Session mortal = run.arena().enroll("mortal");
              Session other = run.arena().enroll("other");
              run.mortal("mortal", mortal, () -> room.visit(mortal, "mortal"));
              run.actor("root", () -> room.visit(room.root, "root"));
              run.actor("other", () -> room.visit(other, "other"));
              return room::isUsable;
            });
    assertThat(runs).isGreaterThan(1_000);
  }
}
