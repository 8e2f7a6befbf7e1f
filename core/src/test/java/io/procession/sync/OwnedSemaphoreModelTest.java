package io.procession.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.internal.arena.CellKind;
import io.procession.internal.arena.CellRef;
import io.procession.internal.arena.Directory;
import io.procession.internal.arena.Session;
import io.procession.model.Model;
import io.procession.model.Run;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The semaphore with owners in all orders of a few participants' steps, with a death at any of them:
/// all permits of the dead come back, and nobody waits while there are enough.
@Tag("model")
class OwnedSemaphoreModelTest {
  private static final class Slots {
    final Session root;
    final CellRef ref;

    Slots(Run run, int permits) {
      this.root = run.arena().root();
      Directory directory = root.directory();
      this.ref = directory.ref(directory.allocate(CellKind.OWNED_SEMAPHORE, "slots"));
      OwnedSemaphoreWord.create(root, ref, permits);
    }

    OwnedSemaphore by(Session self) {
      return OwnedSemaphore.attach(self, ref);
    }

    void use(Session self, int permits) {
      OwnedSemaphore semaphore = by(self);
      semaphore.acquireUninterruptibly(permits);
      assertThat(semaphore.heldPermits()).isEqualTo(permits);
      semaphore.release(permits);
    }
  }

  @Test
  void twoTakeTurns() throws Exception {
    int runs =
        Model.check(
            1,
            0,
            run -> {
              Slots slots = new Slots(run, 2);
              Session other = run.arena().enroll("other");
              run.actor("root", () -> slots.use(slots.root, 1));
              run.actor("other", () -> slots.use(other, 2));
              return () -> assertThat(slots.by(slots.root).availablePermits()).isEqualTo(2);
            });
    assertThat(runs).isGreaterThan(50);
  }

  @Test
  void allPermitsOfTheDeadComeBack() throws Exception {
    int runs =
        Model.check(
            1,
            1,
            run -> {
              Slots slots = new Slots(run, 2);
              Session mortal = run.arena().enroll("mortal");
              run.mortal("mortal", mortal, () -> slots.use(mortal, 2));
              run.actor("root", () -> slots.use(slots.root, 1));
              return () -> assertThat(slots.by(slots.root).availablePermits()).isEqualTo(2);
            });
    assertThat(runs).isGreaterThan(100);
  }

  @Test
  void aThirdGoesOnWhenOneDies() throws Exception {
    int runs =
        Model.check(
            0,
            1,
            run -> {
              Slots slots = new Slots(run, 1);
              Session mortal = run.arena().enroll("mortal");
              Session other = run.arena().enroll("other");
              run.mortal("mortal", mortal, () -> slots.use(mortal, 1));
              run.actor("other", () -> slots.use(other, 1));
              run.actor("root", () -> slots.use(slots.root, 1));
              return () -> assertThat(slots.by(slots.root).availablePermits()).isOne();
            });
    assertThat(runs).isGreaterThan(50);
  }
}
