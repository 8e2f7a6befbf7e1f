package io.procession.internal.arena;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;

/// Runs of units: whoever has one has it alone, it reads as zero, and all of it comes back.
@NullUnmarked // jqwik does not say where null may be
class UnitsTest {
  private final Session session = Session.current();
  private final Units units = session.units();
  private final Directory directory = session.directory();

  private record Run(int first, int length) {}

  @Property(tries = 50)
  void runsDoNotOverlapAndReadAsZero(
      @ForAll @Size(min = 1, max = 40) List<@IntRange(max = 99) Integer> steps) {
    int base = units.inUse();
    int cell = directory.allocate(CellKind.QUEUE, "model");
    BitSet taken = new BitSet();
    List<Run> runs = new ArrayList<>();
    for (int step : steps) {
      if (step % 3 != 0 || runs.isEmpty()) {
        Run run = new Run(units.allocate(cell, 1 + step / 10), 1 + step / 10);
        assertThat(taken.get(run.first, run.first + run.length).isEmpty()).isTrue();
        taken.set(run.first, run.first + run.length);
        useForTheFirstTime(run);
        runs.add(run);
      } else {
        Run run = runs.remove(step % runs.size());
        units.free(cell, run.first, run.length);
        taken.clear(run.first, run.first + run.length);
      }
      assertThat(units.inUse()).isEqualTo(base + taken.cardinality());
    }
    assertThat(directory.free(directory.ref(cell))).isTrue();
    assertThat(units.inUse()).isLessThanOrEqualTo(base);
  }

  @Test
  void runThatCannotBeHadLeavesNothing() {
    int base = units.inUse();
    int cell = directory.allocate(CellKind.QUEUE, "greedy");
    assertThatThrownBy(() -> units.allocate(cell, Integer.MAX_VALUE >> 1))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("-Dprocession.arena.capacity");
    assertThatThrownBy(() -> units.allocate(cell, 0)).isInstanceOf(IllegalArgumentException.class);
    assertThat(units.inUse()).isLessThanOrEqualTo(base);
    directory.free(directory.ref(cell));
  }

  @Test
  void onlyUnitsWithTheCellsMarkAreFreed() {
    int mine = directory.allocate(CellKind.QUEUE, "mine");
    int other = directory.allocate(CellKind.QUEUE, "other");
    int first = units.allocate(mine, 2);
    assertThat(units.bears(first, mine)).isTrue();
    assertThat(units.bears(first, other)).isFalse();
    assertThat(units.bears(-1, mine)).isFalse();
    directory.free(directory.ref(other));
    assertThat(units.bears(first + 1, mine)).isTrue();
    directory.free(directory.ref(mine));
    assertThat(units.bears(first, mine)).isFalse();
  }

  @Test
  void staleFreeLeavesTheNextOwnersBytes() {
    int former = directory.allocate(CellKind.QUEUE, "former");
    int first = units.allocate(former, 2);
    directory.free(directory.ref(former));
    int other = directory.allocate(CellKind.LOCK, "has the cell now");
    int next = directory.allocate(CellKind.QUEUE, "next");
    assertThat(units.allocate(next, 2)).isEqualTo(first);
    session.memory().set(ValueLayout.JAVA_LONG, Units.offset(first + 1), 42);
    units.free(former, first, 2);
    assertThat(session.memory().get(ValueLayout.JAVA_LONG, Units.offset(first + 1))).isEqualTo(42);
    assertThat(units.bears(first, next)).isTrue();
    directory.free(directory.ref(next));
    directory.free(directory.ref(other));
  }

  private void useForTheFirstTime(Run run) {
    for (int unit = run.first; unit < run.first + run.length; unit++) {
      for (long at : new long[] {0, HeaderLayout.UNIT_BYTES / 2, HeaderLayout.UNIT_BYTES - 8}) {
        long word = Units.offset(unit) + at;
        assertThat(session.memory().get(ValueLayout.JAVA_LONG, word)).isZero();
        session.memory().set(ValueLayout.JAVA_LONG, word, -1);
      }
    }
  }
}
