package io.procession.internal.ring;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.internal.arena.CellKind;
import io.procession.internal.arena.Directory;
import io.procession.internal.arena.Session;
import io.procession.internal.arena.Units;
import io.procession.internal.arena.Words;
import io.procession.internal.posix.Until;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Segments of several units, for messages that do not fit into one: used again, up to a limit, and
/// kept whole by the sweep.
class LongSegmentsTest {
  private static final RingLimits LIMITS =
      new RingLimits(RingLimits.UNBOUNDED, 1L << 30, RingLimits.AtLimit.WAIT);
  private static final int LENGTH = 1 << 20;
  private static final int MOST_SPARE_UNITS = 48;
  private static final int UNITS_OF_ONE = 17;

  private final Session session = Session.current();
  private final MemorySegment memory = session.memory();
  private final MessageRing ring =
      MessageRing.create(session, CellKind.QUEUE, "ring", LIMITS, false);

  @AfterEach
  void free() {
    ring.destroy();
  }

  @Test
  void areUsedAgain() throws Exception {
    passOn(4);
    int inUse = session.units().inUse();
    for (int i = 0; i < 20; i++) {
      int[] spares = spares();
      passOn(1);
      int used = RingLayout.unit(Words.getLong(memory, control() + RingLayout.HEAD_AT));
      assertThat(spares).contains(used + 1);
    }
    assertThat(session.units().inUse()).isLessThanOrEqualTo(inUse);
  }

  private int[] spares() {
    int[] slots = new int[RingLayout.SPARES];
    for (int i = 0; i < slots.length; i++) {
      slots[i] = Words.getIntVolatile(memory, control() + RingLayout.SPARES_AT + 4L * i);
    }
    return slots;
  }

  @Test
  void areKeptUpToALimit() throws Exception {
    int before = session.units().inUse();
    for (int i = 0; i < 10; i++) {
      put(new byte[LENGTH]);
    }
    for (int i = 0; i < 10; i++) {
      assertThat(ring.take(Until.NOW)).hasSize(LENGTH);
    }
    int kept = session.units().inUse() - before;
    assertThat(kept).isBetween(UNITS_OF_ONE, MOST_SPARE_UNITS + UNITS_OF_ONE);
  }

  @Test
  void areNotWastedOnMuchShorterMessages() throws Exception {
    passOn(4);
    put(new byte[100_000]);
    put(new byte[LENGTH]);
    assertThat(ring.take(Until.NOW)).hasSize(100_000);
    assertThat(ring.take(Until.NOW)).hasSize(LENGTH);
    passOn(3);
  }

  @Test
  void areKeptWholeByTheSweep() throws Exception {
    put(new byte[LENGTH]);
    put(new byte[LENGTH]);
    put(new byte[LENGTH]);
    assertThat(ring.take(Until.NOW)).hasSize(LENGTH);
    assertThat(ring.take(Until.NOW)).hasSize(LENGTH);
    int inUse = session.units().inUse();
    int cell = ring.ref().cell();
    int controlUnit = controlUnit();
    long control = control();
    int lost = session.units().allocate(cell, 3);
    assertThat(session.units().inUse()).isEqualTo(inUse + 3);
    Sweep.run(session, new SpareSegments(session, cell, control), cell, controlUnit, control);
    assertThat(session.units().bears(lost, cell)).isFalse();
    assertThat(session.units().inUse()).isLessThanOrEqualTo(inUse);
    assertThat(ring.take(Until.NOW)).hasSize(LENGTH);
    passOn(5);
    assertThat(session.units().inUse()).isLessThanOrEqualTo(inUse);
  }

  private int controlUnit() {
    long body = Directory.body(ring.ref().cell());
    return Words.getInt(memory, body + RingLayout.CELL_CONTROL_AT) - 1;
  }

  private long control() {
    return Units.offset(controlUnit());
  }

  /// A message of a length of its own, of bytes of its own, at a time.
  private void passOn(int count) throws InterruptedException {
    for (int i = 0; i < count; i++) {
      byte[] message = new byte[LENGTH - i];
      Arrays.fill(message, (byte) i);
      put(message);
      assertThat(Arrays.equals(ring.take(Until.NOW), message)).isTrue();
    }
  }

  private void put(byte[] message) throws InterruptedException {
    assertThat(ring.put(MemorySegment.ofArray(message), Until.NOW))
        .isEqualTo(MessageRing.Outcome.DONE);
  }
}
