package io.procession.internal.ring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.procession.internal.arena.CellKind;
import io.procession.internal.arena.Directory;
import io.procession.internal.arena.Session;
import io.procession.internal.arena.Units;
import io.procession.internal.arena.Words;
import io.procession.internal.posix.Until;
import io.procession.serial.ByteSink;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Words of a ring that somebody has overwritten: an operation says so, and writes nowhere else.
class CorruptRingTest {
  private static final RingLimits UNBOUNDED =
      new RingLimits(RingLimits.UNBOUNDED, 1L << 30, RingLimits.AtLimit.THROW);
  private static final byte[] LARGE = new byte[40_000];

  private final Session session = Session.current();
  private final MemorySegment memory = session.memory();
  private final MessageRing ring = ring();
  private final MessageRing other = ring();

  private MessageRing ring() {
    return MessageRing.create(session, CellKind.QUEUE, "ring", UNBOUNDED, false);
  }

  @AfterEach
  void free() {
    ring.destroy();
    other.destroy();
  }

  private static long control(MessageRing ring) {
    long body = Directory.body(ring.ref().cell());
    int unit = Words.getInt(Session.current().memory(), body + RingLayout.CELL_CONTROL_AT) - 1;
    return Units.offset(unit);
  }

  private static boolean offer(MessageRing ring, byte[] message) throws InterruptedException {
    ByteSink sink = new ByteSink();
    sink.putBytes(message);
    return ring.offer(sink, Until.NOW) == MessageRing.Outcome.DONE;
  }

  @Test
  void aSpareOfAnotherRingIsNotUsed() throws Exception {
    assertThat(offer(other, new byte[] {1, 2, 3})).isTrue();
    int stranger = RingLayout.unit(Words.getLong(memory, control(other) + RingLayout.HEAD_AT));
    Words.setIntVolatile(memory, control(ring) + RingLayout.SPARES_AT, stranger + 1);
    assertThat(offer(ring, LARGE)).isTrue();
    assertThatIllegalStateException()
        .isThrownBy(() -> offer(ring, LARGE))
        .withMessageContaining("corrupt")
        .withMessageContaining("spare");
    assertThat(other.take(Until.NOW)).containsExactly(1, 2, 3);
  }

  @Test
  void aTailOutsideOfTheRingIsNotWrittenTo() {
    long tailAt = control(ring) + RingLayout.TAIL_AT;
    long tail = Words.getLong(memory, tailAt);
    int unit = RingLayout.unit(tail);
    int stranger = RingLayout.unit(Words.getLong(memory, control(other) + RingLayout.TAIL_AT));
    long[] wrong = {
      (long) unit << 32 | (-4096 & 0xFFFF_FFFFL),
      RingLayout.position(unit, 4),
      RingLayout.position(unit, SegmentLayout.RECORDS_AT + 1),
      RingLayout.position(unit, 1 << 30),
      RingLayout.position(stranger, SegmentLayout.RECORDS_AT),
      RingLayout.position(-1, SegmentLayout.RECORDS_AT),
      RingLayout.position(1 << 28, SegmentLayout.RECORDS_AT)
    };
    for (long position : wrong) {
      Words.setLong(memory, tailAt, position);
      assertThatIllegalStateException()
          .as("position %x", position)
          .isThrownBy(() -> offer(ring, new byte[] {1}))
          .withMessageContaining("corrupt");
    }
    assertThat(other.size()).isZero();
    Words.setLong(memory, tailAt, tail);
  }

  @Test
  void aChainThatBitesItsTailEndsTheSweep() throws Exception {
    assertThat(offer(ring, LARGE)).isTrue();
    assertThat(offer(ring, LARGE)).isTrue();
    int first = RingLayout.unit(Words.getLong(memory, control(ring) + RingLayout.HEAD_AT));
    int second = Segment.next(memory, first);
    Segment.link(memory, second, first);
    Words.setIntVolatile(memory, control(ring) + RingLayout.DAMAGE_AT, 1);
    assertThatIllegalStateException()
        .isThrownBy(() -> ring.take(Until.NOW))
        .withMessageContaining("corrupt");
    Segment.unlink(memory, second);
  }
}
