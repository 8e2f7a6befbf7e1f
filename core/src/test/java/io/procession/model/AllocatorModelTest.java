package io.procession.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.internal.arena.CellKind;
import io.procession.internal.arena.CellRef;
import io.procession.internal.arena.Directory;
import io.procession.internal.arena.Session;
import io.procession.internal.arena.Units;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The directory and the allocator in all orders of two participants' steps, with a death at any of
/// them: nothing has two owners, nothing of the living is touched, nothing of the dead is left.
@Tag("model")
class AllocatorModelTest {
  private static final int RUN = 2;

  /// Makes an object, writes to all its memory, finds it as it was left, and frees it.
  private static void useObject(Session self, long pattern) {
    Directory directory = self.directory();
    CellRef ref = directory.ref(directory.allocate(CellKind.QUEUE, "modelled"));
    int first = self.units().allocate(ref.cell(), RUN);
    MemorySegment memory = self.memory().asSlice(Units.offset(first), (long) RUN * (64 << 10));
    assertThat(memory.get(ValueLayout.JAVA_LONG, 0)).as("free units read as zero").isZero();
    assertThat(memory.get(ValueLayout.JAVA_LONG, 64 << 10)).isZero();
    memory.set(ValueLayout.JAVA_LONG, 0, pattern);
    memory.set(ValueLayout.JAVA_LONG, 64 << 10, pattern);
    assertThat(directory.isThere(ref)).isTrue();
    assertThat(self.units().bears(first, ref.cell())).isTrue();
    assertThat(memory.get(ValueLayout.JAVA_LONG, 0)).isEqualTo(pattern);
    assertThat(memory.get(ValueLayout.JAVA_LONG, 64 << 10)).isEqualTo(pattern);
    assertThat(directory.free(ref)).isTrue();
    assertThat(directory.isThere(ref)).isFalse();
  }

  private static void nothingIsLeft(Run run) {
    Session root = run.arena().root();
    assertThat(root.directory().inUse()).isZero();
    assertThat(root.directory().userSetsInUse()).isZero();
    assertThat(root.units().inUse()).isZero();
  }

  @Test
  void twoMakeAndFreeObjects() throws Exception {
    int runs =
        Model.check(
            1,
            0,
            run -> {
              Session other = run.arena().enroll("other");
              run.actor("root", () -> useObject(run.arena().root(), 1));
              run.actor("other", () -> useObject(other, 2));
              return () -> nothingIsLeft(run);
            });
    assertThat(runs).isGreaterThan(50);
  }

  @Test
  void whatTheDeadHadIsGivenBack() throws Exception {
    int runs =
        Model.check(
            1,
            1,
            run -> {
              Session mortal = run.arena().enroll("mortal");
              run.mortal("mortal", mortal, () -> useObject(mortal, 1));
              run.actor("root", () -> useObject(run.arena().root(), 2));
              return () -> nothingIsLeft(run);
            });
    assertThat(runs).isGreaterThan(1_000);
  }

  @Test
  void whatWasSentOutlivesItsMaker() throws Exception {
    int runs =
        Model.check(
            1,
            1,
            run -> {
              Session root = run.arena().root();
              Session mortal = run.arena().enroll("mortal");
              AtomicReference<CellRef> sent = new AtomicReference<>();
              run.mortal(
                  "mortal",
                  mortal,
                  () -> {
                    Directory directory = mortal.directory();
                    CellRef ref = directory.ref(directory.allocate(CellKind.QUEUE, "sent"));
                    mortal.units().allocate(ref.cell(), 1);
                    directory.markSent(ref);
                    sent.set(ref);
                  });
              run.actor("root", () -> useObject(root, 2));
              return () -> {
                CellRef ref = sent.get();
                if (ref != null) {
                  assertThat(root.directory().isThere(ref)).isTrue();
                  assertThat(root.units().inUse()).isEqualTo(1);
                  assertThat(root.directory().free(ref)).isTrue();
                  nothingIsLeft(run);
                }
              };
            });
    assertThat(runs).isGreaterThan(100);
  }

  @Test
  void oneOfTwoThatDestroyAnObjectDoesIt() throws Exception {
    int runs =
        Model.check(
            1,
            1,
            run -> {
              Session root = run.arena().root();
              Session mortal = run.arena().enroll("mortal");
              Directory directory = root.directory();
              CellRef ref = directory.ref(directory.allocate(CellKind.QUEUE, "shared"));
              root.units().allocate(ref.cell(), 1);
              directory.markSent(ref);
              boolean[] freed = new boolean[2];
              run.mortal("mortal", mortal, () -> freed[0] = mortal.directory().free(ref));
              run.actor(
                  "root",
                  () -> {
                    freed[1] = directory.free(ref);
                    useObject(root, 2);
                  });
              return () -> {
                assertThat(freed[0] && freed[1]).isFalse();
                assertThat(freed[0] || freed[1] || run.isSomeoneDead()).isTrue();
                nothingIsLeft(run);
              };
            });
    assertThat(runs).isGreaterThan(100);
  }

  @Test
  void aDeadUserIsTakenOutOfItsSetAndOfNoOther() throws Exception {
    int runs =
        Model.check(
            1,
            1,
            run -> {
              Session root = run.arena().root();
              Session mortal = run.arena().enroll("mortal");
              Directory directory = root.directory();
              int cell = directory.allocate(CellKind.PIPE, "pipe");
              directory.addUserSets(cell);
              CellRef ref = directory.ref(cell);
              directory.markSent(directory.ref(cell));
              run.mortal(
                  "mortal", mortal, () -> mortal.directory().userSet(cell, 0).add(mortal.self()));
              run.actor("root", () -> directory.userSet(cell, 0).add(root.self()));
              return () -> {
                assertThat(directory.userSet(cell, 0).isEmpty()).isFalse();
                assertThat(directory.userSet(cell, 0).remove(root.self())).isTrue();
                if (run.isSomeoneDead()) {
                  assertThat(directory.userSet(cell, 0).isEmpty()).isTrue();
                }
                assertThat(directory.free(ref)).isTrue();
                nothingIsLeft(run);
              };
            });
    assertThat(runs).isGreaterThan(20);
  }
}
