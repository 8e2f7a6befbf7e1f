package io.procession.internal.arena;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/// The life of a cell, and references that have outlived theirs.
class DirectoryTest {
  private final Session session = Session.current();
  private final Directory directory = session.directory();

  @Test
  void cellGoesThroughItsLife() {
    int base = directory.inUse();
    int cell = directory.allocate(CellKind.LOCK, "a name that is longer than 32 bytes ü");
    CellRef ref = directory.ref(cell);
    directory.check(ref, CellKind.LOCK);
    assertThat(directory.name(cell)).isEqualTo("a name that is longer than 32 by");
    assertThat(directory.inUse()).isEqualTo(base + 1);
    assertThat(directory.wasSent(cell)).isFalse();
    directory.markSent(directory.ref(cell));
    directory.markSent(directory.ref(cell));
    assertThat(directory.wasSent(cell)).isTrue();
    assertThat(directory.freeUnlessSent(ref)).isFalse();
    assertThat(directory.isThere(ref)).isTrue();
    assertThat(directory.free(ref)).isTrue();
    assertThat(directory.free(ref)).isFalse();
    assertThat(directory.isThere(ref)).isFalse();
    assertThat(directory.inUse()).isLessThanOrEqualTo(base);
  }

  @Test
  void referenceToAFormerTenantIsRefused() {
    int cell = directory.allocate(CellKind.LOCK, "former");
    CellRef former = directory.ref(cell);
    assertThat(directory.freeUnlessSent(former)).isTrue();
    int again = directory.allocate(CellKind.LOCK, "next");
    assertThat(again).isEqualTo(cell);
    assertThat(directory.free(former)).isFalse();
    assertThat(directory.freeUnlessSent(former)).isFalse();
    assertThatThrownBy(() -> directory.check(former, CellKind.LOCK))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("destroyed: lock in cell " + cell);
    assertThat(directory.free(directory.ref(again))).isTrue();
  }

  @Test
  void whatCannotBeItIsRefusedWithTheReason() {
    int cell = directory.allocate(CellKind.LOCK, "lock");
    CellRef ref = directory.ref(cell);
    CellRef foreign = new CellRef(ref.session() + 1, cell, ref.generation());
    assertThatThrownBy(() -> directory.check(foreign, CellKind.LOCK))
        .hasMessageStartingWith("an object can be used in its own session only");
    assertThat(directory.free(foreign)).isFalse();
    assertThatThrownBy(() -> directory.check(new CellRef(ref.session(), -1, 0), CellKind.LOCK))
        .hasMessageContaining("cell=-1");
    assertThatThrownBy(() -> directory.check(ref, CellKind.QUEUE))
        .hasMessageStartingWith("the object is of another kind: expected QUEUE");
    directory.free(ref);
  }

  @Test
  void retiredCellKeepsItsUnitsUntilItIsScrapped() {
    int base = session.units().inUse();
    int cell = directory.allocate(CellKind.QUEUE, "retired");
    CellRef ref = directory.ref(cell);
    session.units().allocate(cell, 3);
    assertThat(directory.retire(ref)).isTrue();
    assertThat(directory.retire(ref)).isFalse();
    assertThat(directory.isThere(ref)).isFalse();
    assertThat(session.units().inUse()).isEqualTo(base + 3);
    directory.scrap(ref);
    assertThat(session.units().inUse()).isLessThanOrEqualTo(base);
  }

  @Test
  void aFormerReferenceMarksNobodyElsesObjectAsSent() {
    int cell = directory.allocate(CellKind.LOCK, "former");
    CellRef former = directory.ref(cell);
    directory.free(former);
    int again = directory.allocate(CellKind.LOCK, "next");
    assertThat(again).isEqualTo(cell);
    assertThat(directory.markSent(former)).isFalse();
    assertThat(directory.wasSent(cell)).isFalse();
    assertThat(directory.freeUnlessSent(directory.ref(cell))).isTrue();
  }
}
