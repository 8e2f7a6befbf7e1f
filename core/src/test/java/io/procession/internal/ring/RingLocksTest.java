package io.procession.internal.ring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.procession.internal.arena.CellKind;
import io.procession.internal.arena.CellRef;
import io.procession.internal.arena.Directory;
import io.procession.internal.arena.Session;
import io.procession.internal.arena.Units;
import io.procession.internal.arena.Words;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

/// What the locks of a ring do for those who come when it is gone.
class RingLocksTest {
  private static final RingLimits UNBOUNDED =
      new RingLimits(RingLimits.UNBOUNDED, 1L << 30, RingLimits.AtLimit.THROW);

  private final Session session = Session.current();
  private final MemorySegment memory = session.memory();

  @Test
  void whoIsDoneKeepsItsResultThoughTheRingIsDestroyedBeforeItIsMended() {
    MessageRing ring = MessageRing.create(session, CellKind.QUEUE, "ring", UNBOUNDED, false);
    CellRef ref = ring.ref();
    int unit = Words.getInt(memory, Directory.body(ref.cell()) + RingLayout.CELL_CONTROL_AT) - 1;
    long control = Units.offset(unit);
    SpareSegments spares = new SpareSegments(session, ref.cell(), control);
    RingLocks locks =
        new RingLocks(
            session,
            ref,
            unit,
            control,
            spares,
            new RingWriter(session, spares, ref.cell(), control, RingLimits.UNBOUNDED),
            new RingReader(session, spares, ref.cell(), control));
    ring.destroy();
    long damage = control + RingLayout.DAMAGE_AT;
    int before = Words.getIntVolatile(memory, damage);
    Words.setIntVolatile(memory, damage, 7); // as the next tenant of that memory may

    assertThatCode(locks::mendIfDamaged).doesNotThrowAnyException();
    assertThat(Words.getIntVolatile(memory, damage)).isEqualTo(7);
    assertThatIllegalStateException()
        .as("who still wants something of it")
        .isThrownBy(locks::lockReaders)
        .withMessageContaining("destroyed");

    Words.setIntVolatile(memory, damage, before);
  }
}
