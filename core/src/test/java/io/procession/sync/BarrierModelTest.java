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
import java.util.concurrent.BrokenBarrierException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// A barrier in all orders of a few participants' steps, with a death at any of them: all go on, or all
/// are told that it is broken; nobody waits for ever.
@SuppressWarnings("LockNotBeforeTry") // whoever fails or dies here gives nothing back
@Tag("model")
class BarrierModelTest {
  private static final class Gate {
    final Session root;
    final CellRef ref;
    final List<Integer> indexes = new ArrayList<>();
    int broken;

    Gate(Run run, int parties) {
      this.root = run.arena().root();
      Directory directory = root.directory();
      this.ref = directory.ref(directory.allocate(CellKind.BARRIER, "gate"));
      int unit = root.units().allocate(ref.cell(), ProcessTable.UNITS);
      BarrierWord.create(root, ref, parties, unit, 0);
    }

    void pass(Session self, int times) throws InterruptedException {
      SharedBarrier barrier = SharedBarrier.attach(self, ref);
      for (int i = 0; i < times; i++) {
        try {
          indexes.add(barrier.await());
        } catch (BrokenBarrierException e) {
          broken++;
          return;
        }
      }
    }
  }

  @Test
  void twoPassTwice() throws Exception {
    int runs =
        Model.check(
            1,
            0,
            run -> {
              Gate gate = new Gate(run, 2);
              Session other = run.arena().enroll("other");
              run.actor("root", () -> gate.pass(gate.root, 2));
              run.actor("other", () -> gate.pass(other, 2));
              return () -> assertThat(gate.indexes).containsExactlyInAnyOrder(0, 1, 0, 1);
            });
    assertThat(runs).isGreaterThan(100);
  }

  @Test
  void whenOneDiesTheOtherGoesOnOrIsTold() throws Exception {
    int runs =
        Model.check(
            0,
            1,
            run -> {
              Gate gate = new Gate(run, 2);
              Directory directory = gate.root.directory();
              CellRef alive = directory.ref(directory.allocate(CellKind.LOCK, "alive"));
              LockWord.create(gate.root, alive);
              Session mortal = run.arena().enroll("mortal");
              boolean[] passed = {false};
              run.mortal(
                  "mortal",
                  mortal,
                  () -> {
                    SharedLock lock = SharedLock.attach(mortal, alive);
                    lock.lock();
                    try {
                      assertThat(SharedBarrier.attach(mortal, gate.ref).await()).isBetween(0, 1);
                      passed[0] = true;
                    } catch (BrokenBarrierException e) {
                      assertThat(gate.indexes).isEmpty();
                    }
                    lock.unlock();
                  });
              run.actor("root", () -> gate.pass(gate.root, 1));
              // for one that dies before it has come: it is no party yet, and the other would wait
              Session aborter = run.arena().enroll("aborter");
              run.actor(
                  "aborter",
                  () -> {
                    SharedLock lock = SharedLock.attach(aborter, alive);
                    lock.lock();
                    SharedBarrier.attach(aborter, gate.ref).abort();
                    lock.unlock();
                  });
              return () -> {
                assertThat(gate.indexes.size() + gate.broken).isOne();
                if (passed[0]) {
                  assertThat(gate.indexes).hasSize(1);
                }
                SharedBarrier barrier = SharedBarrier.attach(gate.root, gate.ref);
                assertThat(barrier.isBroken()).isTrue();
                barrier.reset();
                assertThat(barrier.waiting()).isZero();
                assertThat(barrier.isBroken()).isFalse();
              };
            });
    assertThat(runs).isGreaterThan(50);
  }
}
