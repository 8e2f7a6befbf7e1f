package io.procession.internal.arena;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.model.Model;
import io.procession.model.Run;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Memory that is destroyed while others have it, in all orders of two or three participants' steps,
/// with a death at any of them: it is nobody else's as long as one may write to it, and free then.
@Tag("model")
class HoldingsModelTest {
  private static final int STRANGER = 4711;

  /// Memory that its maker, the root, has sent.
  private static final class Shared {
    final Session root;
    final CellRef ref;
    final int unit;

    Shared(Run run) {
      this.root = run.arena().root();
      Directory directory = root.directory();
      this.ref = directory.ref(directory.allocate(CellKind.MEMORY, "held"));
      this.unit = root.units().allocate(ref.cell(), 1);
      root.holdings().send(ref, CellKind.MEMORY);
    }

    /// Attaches it and writes to it without asking, as those do who have its address.
    void use(Session self) {
      if (self.holdings().hold(ref, CellKind.MEMORY)) {
        for (int i = 0; i < 2; i++) {
          assertThat(self.units().bears(unit, ref.cell())).as("still that memory").isTrue();
          word(self, unit).set(ValueLayout.JAVA_INT, 0, i);
        }
        self.holdings().letGo(ref);
      }
    }

    /// Destroys it and makes other memory, of which nothing may change.
    void replace() {
      assertThat(root.holdings().destroy(ref, CellKind.MEMORY)).isTrue();
      assertThat(root.directory().isThere(ref)).isFalse();
      root.holdings().letGo(ref);
      useAnother(root);
    }
  }

  private static MemorySegment word(Session self, int unit) {
    return self.memory().asSlice(Units.offset(unit), Integer.BYTES);
  }

  /// Makes memory as an object of its own, sent or not, and finds in it what was written there.
  private static void useAnother(Session self) {
    Directory directory = self.directory();
    CellRef ref = directory.ref(directory.allocate(CellKind.MEMORY, "another"));
    int unit = self.units().allocate(ref.cell(), 1);
    MemorySegment word = word(self, unit);
    assertThat(word.get(ValueLayout.JAVA_INT, 0)).as("free units read as zero").isZero();
    word.set(ValueLayout.JAVA_INT, 0, STRANGER);
    self.holdings().send(ref, CellKind.MEMORY);
    assertThat(self.units().bears(unit, ref.cell())).isTrue();
    assertThat(word.get(ValueLayout.JAVA_INT, 0)).isEqualTo(STRANGER);
    assertThat(self.holdings().destroy(ref, CellKind.MEMORY)).isTrue();
    self.holdings().letGo(ref);
    assertThat(directory.isThere(ref)).isFalse();
  }

  private static void nothingIsLeft(Session root) {
    assertThat(root.directory().inUse()).isZero();
    assertThat(root.directory().userSetsInUse()).isZero();
    assertThat(root.units().inUse()).isZero();
    assertThat(root.holdings().size()).isZero();
  }

  @Test
  void whoHasItIsAloneWithItUntilItLetsGo() throws Exception {
    int runs =
        Model.check(
            2,
            0,
            run -> {
              Shared shared = new Shared(run);
              Session user = run.arena().enroll("user");
              run.actor("user", () -> shared.use(user));
              run.actor("root", shared::replace);
              return () -> nothingIsLeft(shared.root);
            });
    assertThat(runs).isGreaterThan(1_000);
  }

  @Test
  void theLastOfSeveralFreesIt() throws Exception {
    int runs =
        Model.check(
            1,
            0,
            run -> {
              Shared shared = new Shared(run);
              for (String name : List.of("first", "second")) {
                Session user = run.arena().enroll(name);
                run.actor(name, () -> shared.use(user));
              }
              run.actor("root", shared::replace);
              return () -> nothingIsLeft(shared.root);
            });
    assertThat(runs).isGreaterThan(100);
  }

  @Test
  void aDeadUserLetsGoByItsBurial() throws Exception {
    int runs =
        Model.check(
            1,
            1,
            run -> {
              Shared shared = new Shared(run);
              Session mortal = run.arena().enroll("mortal");
              run.mortal("mortal", mortal, () -> shared.use(mortal));
              run.actor("root", shared::replace);
              return () -> nothingIsLeft(shared.root);
            });
    assertThat(runs).isGreaterThan(1_000);
  }

  @Test
  void whoDiesWhileItDestroysOrFreesLeavesThatToItsBurial() throws Exception {
    int runs =
        Model.check(
            1,
            1,
            run -> {
              Shared shared = new Shared(run);
              Session mortal = run.arena().enroll("mortal");
              run.mortal(
                  "mortal",
                  mortal,
                  () -> {
                    if (mortal.holdings().hold(shared.ref, CellKind.MEMORY)) {
                      mortal.holdings().destroy(shared.ref, CellKind.MEMORY);
                      mortal.holdings().letGo(shared.ref);
                    }
                  });
              run.actor(
                  "root",
                  () -> {
                    assertThat(shared.root.units().bears(shared.unit, shared.ref.cell())).isTrue();
                    shared.root.holdings().letGo(shared.ref);
                  });
              return () -> {
                if (run.isSomeoneDead()) {
                  shared.root.holdings().destroy(shared.ref, CellKind.MEMORY);
                }
                nothingIsLeft(shared.root);
              };
            });
    assertThat(runs).isGreaterThan(100);
  }
}
