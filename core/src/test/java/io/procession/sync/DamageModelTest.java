package io.procession.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.internal.arena.CellKind;
import io.procession.internal.arena.CellRef;
import io.procession.internal.arena.Directory;
import io.procession.internal.arena.LockWord;
import io.procession.internal.arena.Session;
import io.procession.internal.arena.Words;
import io.procession.model.Model;
import io.procession.model.Run;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// A lock that fails after the death of an owner, in all orders of a few participants' steps, with a
/// death at any of them: nobody gets it while what it protects is half changed, and whoever dies in
/// the repair leaves it to the next.
@SuppressWarnings("LockNotBeforeTry") // whoever fails or dies here gives nothing back
@Tag("model")
class DamageModelTest {
  /// Two words that are equal whenever the lock is free, and the lock.
  private static final class Pair {
    final Session root;
    final CellRef ref;
    final long at;
    int repairs;

    Pair(Run run) {
      this.root = run.arena().root();
      Directory directory = root.directory();
      this.ref = directory.ref(directory.allocate(CellKind.LOCK, "careful"));
      LockWord.create(root, ref);
      Damage.setOptions(root, ref, LockOptions.defaults().withFailOnOwnerDeath(true));
      this.at = Directory.body(directory.allocate(CellKind.LAUNCH, "protected"));
    }

    /// Changes both, if the lock is to be had.
    void change(Session self, SharedLock lock) {
      lock.lock();
      requireEqual(self);
      int next = Words.getInt(self.memory(), at) + 1;
      Words.setInt(self.memory(), at, next);
      Words.setInt(self.memory(), at + Integer.BYTES, next);
      lock.unlock();
    }

    /// Changes both, after it has made them equal if need be.
    void changeSooner(Session self) {
      SharedLock lock = SharedLock.attach(self, ref);
      while (true) {
        try {
          change(self, lock);
          return;
        } catch (OwnerDiedException e) {
          assertThat(lock.isHeldByCurrentThread()).isFalse();
          repair(self, lock);
        }
      }
    }

    boolean repair(Session self, SharedLock lock) {
      return lock.recover(() -> {
        assertThat(lock.isHeldByCurrentThread()).isTrue();
        int first = Words.getInt(self.memory(), at);
        Words.setInt(self.memory(), at + Integer.BYTES, first);
        repairs++;
      });
    }

    /// As one whose process died between the two words has left it.
    void damage(int dead) {
      Words.setInt(root.memory(), at, 1);
      Damage.of(root, ref).mark(dead);
    }

    void isSound() {
      changeSooner(root);
      requireEqual(root);
      assertThat(SharedLock.attach(root, ref).tryLock()).isTrue();
    }

    private void requireEqual(Session self) {
      assertThat(Words.getInt(self.memory(), at))
          .isEqualTo(Words.getInt(self.memory(), at + Integer.BYTES));
    }
  }

  @Test
  void nobodyGetsItWithWhatTheDeadLeftHalfChanged() throws Exception {
    int runs =
        Model.check(
            1,
            1,
            run -> {
              Pair pair = new Pair(run);
              Session mortal = run.arena().enroll("mortal");
              run.mortal("mortal", mortal, () -> pair.changeSooner(mortal));
              run.actor("root", () -> pair.changeSooner(pair.root));
              return () -> {
                pair.isSound();
                assertThat(pair.repairs).isLessThanOrEqualTo(run.isSomeoneDead() ? 1 : 0);
              };
            });
    assertThat(runs).isGreaterThan(100);
  }

  @Test
  void whoDiesInTheRepairLeavesItToTheNext() throws Exception {
    int runs =
        Model.check(
            1,
            1,
            run -> {
              Pair pair = new Pair(run);
              Session former = run.arena().enroll("former");
              Session mortal = run.arena().enroll("mortal");
              pair.damage(former.self());
              run.mortal(
                  "mortal", mortal, () -> pair.repair(mortal, SharedLock.attach(mortal, pair.ref)));
              run.actor("root", () -> pair.changeSooner(pair.root));
              return () -> {
                pair.isSound();
                assertThat(pair.repairs).isBetween(1, run.isSomeoneDead() ? 2 : 1);
              };
            });
    assertThat(runs).isGreaterThan(100);
  }
}
