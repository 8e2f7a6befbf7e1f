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
import io.procession.serial.ByteSource;
import io.procession.serial.Codec;
import io.procession.serial.LargeArrays;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Messages with long arrays in a ring: whoever takes them apart gets the arrays, whoever does not gets
/// the same bytes as ever.
class LargeArraysInRingTest {
  private static final RingLimits LIMITS =
      new RingLimits(RingLimits.UNBOUNDED, 1L << 30, RingLimits.AtLimit.THROW);
  private static final int LENGTH = 300_000;

  private final Session session = Session.current();
  private final MemorySegment memory = session.memory();
  private final MessageRing ring =
      MessageRing.create(session, CellKind.QUEUE, "ring", LIMITS, false);
  private final Object value = value();
  private final byte[] flat = sink(new ByteSink()).toByteArray();

  private static Object value() {
    byte[] first = new byte[LENGTH];
    new Random(1).nextBytes(first);
    double[] second = new Random(2).doubles(LENGTH / 8).toArray();
    return List.of("before", first, "between", second);
  }

  private ByteSink sink(ByteSink sink) {
    Codec.standard().encode(value, sink);
    return sink;
  }

  private void put() throws InterruptedException {
    ByteSink kept = sink(new ByteSink().keepingArrays());
    assertThat(ring.put(kept, Until.NOW)).isEqualTo(MessageRing.Outcome.DONE);
  }

  private static @Nullable Object decoded(byte @Nullable [] bytes, @Nullable LargeArrays arrays)
      throws Exception {
    return Codec.standard().decode(new ByteSource(Objects.requireNonNull(bytes), 0, arrays));
  }

  private void assertIsValue(@Nullable Object taken) {
    Object[] elements = ((List<?>) Objects.requireNonNull(taken)).toArray();
    assertThat(Arrays.deepEquals(elements, ((List<?>) value).toArray())).isTrue();
  }

  @AfterEach
  void free() {
    ring.destroy();
  }

  @Test
  void areTakenApart() throws Exception {
    var arrays = new LargeArrays();
    for (int i = 0; i < 5; i++) {
      put();
      byte[] rest = ring.take(Until.NOW, arrays);
      assertThat(rest).hasSizeLessThan(100);
      assertThat(arrays.bytes()).isEqualTo(2 * LENGTH);
      assertIsValue(decoded(rest, arrays));
      boolean _ = ring.putBy(new byte[] {1, 2}, Until.FOREVER);
      assertThat(ring.take(Until.NOW, arrays)).containsExactly(1, 2);
      assertThat(arrays.isEmpty()).isTrue();
    }
  }

  @Test
  void areBytesForOthers() throws Exception {
    for (int i = 0; i < 6; i++) {
      put();
    }
    assertThat(ring.nextLength()).isEqualTo(flat.length);
    assertThat(ring.scan().next()).extracting(RingScan.Found::bytes).isEqualTo(flat);
    assertThat(ring.take(Until.NOW, flat.length - 1)).isSameAs(MessageRing.TOO_LONG);
    assertThat(ring.take(Until.NOW, flat.length - 1, new LargeArrays()))
        .isSameAs(MessageRing.TOO_LONG);
    assertThat(ring.take(Until.NOW, flat.length)).isEqualTo(flat);
    assertThat(ring.takeBy(Until.FOREVER)).isEqualTo(flat);
    assertThat(ring.takeHead(10)).isEqualTo(flat);
    MemorySegment shorter = MemorySegment.ofArray(new byte[flat.length - 1]);
    assertThat(ring.takeInto(shorter)).isEqualTo(MessageRing.NOT_TAKEN);
    byte[] target = new byte[flat.length];
    assertThat(ring.takeInto(MemorySegment.ofArray(target))).isEqualTo(flat.length);
    assertThat(target).isEqualTo(flat);
    List<byte[]> all = new ArrayList<>();
    ring.takeAll(all, 1, ring.appended());
    assertThat(all).containsExactly(flat);
    put();
    ring.clear();
    assertThat(ring.size()).isZero();
  }

  @Test
  void batchHasThemAsBytes() throws Exception {
    MessageBatch batch = new MessageBatch();
    batch.add(sink(new ByteSink().keepingArrays()));
    assertThat(ring.putAll(batch, Until.NOW)).isEqualTo(MessageRing.Outcome.DONE);
    var arrays = new LargeArrays();
    assertIsValue(decoded(ring.take(Until.NOW, arrays), arrays));
  }

  @Test
  void memoryIsUsedAgain() throws Exception {
    var arrays = new LargeArrays();
    int inUse = 0;
    for (int i = 0; i < 30; i++) {
      put();
      assertIsValue(decoded(ring.take(Until.NOW, arrays), arrays));
      inUse = i == 3 ? session.units().inUse() : inUse;
    }
    assertThat(session.units().inUse()).isLessThanOrEqualTo(inUse);
  }

  @Test
  void tableThatSomebodyHasOverwrittenIsRefused() throws Exception {
    long body = Directory.body(ring.ref().cell());
    int control = Words.getInt(memory, body + RingLayout.CELL_CONTROL_AT) - 1;
    for (int wrong : new int[] {1 << 8, 13 << 8, 120 << 8, -1 << 8}) {
      put();
      long head = Words.getLong(memory, Units.offset(control) + RingLayout.HEAD_AT);
      int unit = RingLayout.unit(head);
      int offset = RingLayout.offset(head);
      if (Words.getInt(memory, Units.offset(unit) + offset) == SegmentLayout.END_OF_SEGMENT) {
        unit = Segment.next(memory, unit);
        offset = SegmentLayout.RECORDS_AT;
      }
      int flags = Segment.flags(memory, unit, offset);
      Segment.setFlags(memory, unit, offset, wrong);
      assertThatIllegalStateException()
          .as("flags %x", wrong)
          .isThrownBy(() -> ring.take(Until.NOW, new LargeArrays()))
          .withMessageContaining("corrupt");
      Segment.setFlags(memory, unit, offset, flags);
      assertThat(ring.take(Until.NOW)).isEqualTo(flat);
    }
  }
}
