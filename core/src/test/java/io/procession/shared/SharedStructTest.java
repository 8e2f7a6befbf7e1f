package io.procession.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.procession.internal.arena.Session;
import io.procession.sync.SharedLock;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("platforms")
class SharedStructTest {
  record Point(double x, double y) {}

  record All(
      boolean z, byte b, short s, char c, int i, long j, float f, double d, Point p, byte last) {}

  record Odd(byte a, long b, byte c) {}

  record Range(int low, int high) {
    Range {
      if (low > high) {
        throw new IllegalArgumentException("low above high");
      }
    }
  }

  record Text(int length, String text) {}

  record Inner(int x) {}

  record Middle(Inner inner) {}

  record Outer(int a, Middle middle) {}

  private static final StructLayout BOX =
      MemoryLayout.structLayout(
          ValueLayout.JAVA_INT.withName("id"),
          MemoryLayout.paddingLayout(4),
          MemoryLayout.sequenceLayout(
                  2,
                  MemoryLayout.structLayout(
                      ValueLayout.JAVA_DOUBLE.withName("x"), ValueLayout.JAVA_DOUBLE.withName("y")))
              .withName("corners"));

  @Test
  void keepsRecordsWithinAndWithout() throws Exception {
    All all =
        new All(true, (byte) 1, (short) 2, 'x', 3, 4, 5, 6, new Point(7, Double.NaN), (byte) 8);
    try (SharedStruct<All> struct = SharedStruct.of(all)) {
      assertThat(struct.get()).isEqualTo(all);
      SharedStruct<All> copy = Sent.copy(struct);
      assertThat(copy.get()).isEqualTo(all);
      copy.set("p.y", 9.0);
      copy.set("c", 'ß');
      assertThat(struct.get("p.y")).isEqualTo(9.0);
      assertThat(struct.get().p()).isEqualTo(new Point(7, 9));
      assertThat(struct.get().c()).isEqualTo('ß');
      struct.destroy();
      assertThatIllegalStateException().isThrownBy(copy::get).withMessageContaining("destroyed");
    }
  }

  @Test
  void isLaidOutAsInC() {
    try (SharedStruct<Odd> struct = SharedStruct.create(Odd.class)) {
      StructLayout layout = struct.layout();
      assertThat(layout.byteSize()).isEqualTo(24);
      assertThat(layout.byteOffset(MemoryLayout.PathElement.groupElement("b"))).isEqualTo(8);
      assertThat(layout.byteOffset(MemoryLayout.PathElement.groupElement("c"))).isEqualTo(16);
      assertThat(struct.get()).isEqualTo(new Odd((byte) 0, 0, (byte) 0));
      struct.set(new Odd((byte) 1, 2, (byte) 3));
      assertThat(struct.segment().get(ValueLayout.JAVA_LONG, 8)).isEqualTo(2);
      assertThat(struct.segment().get(ValueLayout.JAVA_BYTE, 16)).isEqualTo((byte) 3);
    }
  }

  @Test
  void changesUnderItsLock() throws Exception {
    try (SharedStruct<Range> struct = SharedStruct.of(new Range(0, 0))) {
      Thread other = Thread.ofPlatform().start(() -> widen(struct));
      widen(struct);
      other.join();
      assertThat(struct.get()).isEqualTo(new Range(-4_000, 4_000));
      assertThat(struct.getAndAdd("high", 1)).isEqualTo(4_000);
      assertThat(struct.compareAndSet("high", 4_001, 5)).isTrue();
      assertThat(struct.compareAndSet("high", 4_001, 6)).isFalse();
      assertThat(struct.<Object>withLock(() -> struct.get("high"))).isEqualTo(5);
    }
  }

  private static void widen(SharedStruct<Range> struct) {
    for (int i = 0; i < 2_000; i++) {
      struct.update(old -> new Range(old.low() - 1, old.high() + 1));
    }
  }

  @Test
  void theRecordHasTheLastWord() {
    try (SharedStruct<Range> struct = SharedStruct.raw(new Range(1, 2))) {
      struct.set("low", 3);
      assertThatIllegalStateException()
          .isThrownBy(struct::get)
          .withMessageContaining("low above high");
    }
  }

  @Test
  @SuppressWarnings("NullAway") // what is refused
  void whatIsRefusedChangesNothing() {
    Outer outer = new Outer(1, new Middle(new Inner(2)));
    Outer hollow = new Outer(3, new Middle(null));
    try (var struct = SharedStruct.of(outer);
        var structs = SharedStructArray.create(Outer.class, 1)) {
      assertThatNullPointerException()
          .isThrownBy(() -> struct.set(hollow))
          .withMessageContaining("Middle.inner");
      assertThatNullPointerException().isThrownBy(() -> structs.set(0, hollow));
      assertThat(struct.get()).isEqualTo(outer);
      assertThat(structs.get(0).a()).isZero();
    }
  }

  @Test
  void aLayoutHasFieldsByPath() throws Exception {
    try (SharedStruct<MemorySegment> box = SharedStruct.create(BOX)) {
      SharedStruct<MemorySegment> copy = Sent.copy(box);
      assertThat(copy.layout()).isEqualTo(BOX);
      copy.set("corners[1].y", 2.5);
      copy.set("id", 7);
      assertThat(box.get("corners[1].y")).isEqualTo(2.5);
      MemorySegment whole = box.get();
      assertThat(whole.get(ValueLayout.JAVA_DOUBLE, 32)).isEqualTo(2.5);
      whole.set(ValueLayout.JAVA_INT, 0, 8);
      assertThat(box.get("id")).as("a copy on the heap").isEqualTo(7);
      box.set(whole);
      assertThat(copy.get("id")).isEqualTo(8);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> box.set(MemorySegment.ofArray(new byte[39])))
          .withMessageContaining("segment=39, struct=40");
      box.destroy();
    }
  }

  @Test
  void unknownFieldsAndOtherTypesAreRefused() {
    try (SharedStruct<MemorySegment> box = SharedStruct.raw(BOX)) {
      for (String bad :
          new String[] {
            "",
            "x",
            "corners",
            "corners[0]",
            "corners[2].x",
            "corners[-1].x",
            "corners[a].x",
            "corners[0.x",
            "id.x",
            "id[0]"
          }) {
        assertThatIllegalArgumentException()
            .isThrownBy(() -> box.get(bad))
            .withMessageContaining("field=" + bad);
      }
      assertThatIllegalArgumentException()
          .isThrownBy(() -> box.set("id", 1L))
          .withMessageContaining("expected int");
      assertThatIllegalArgumentException().isThrownBy(() -> box.getAndAdd("id", 1.0));
      assertThat(box.get("id")).isEqualTo(0);
    }
  }

  @Test
  void whatCannotBeSharedIsRefused() {
    int cells = Session.current().directory().inUse();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SharedStruct.of(new Text(1, "x")))
        .withMessageContaining("Text.text, type=java.lang.String");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SharedStruct.create(MemoryLayout.structLayout(ValueLayout.ADDRESS)))
        .withMessageContaining("address");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> SharedStruct.create(MemoryLayout.structLayout(ValueLayout.JAVA_INT_UNALIGNED)))
        .withMessageContaining("aligned");
    assertThatIllegalArgumentException()
        .isThrownBy(() ->
            SharedStruct.create(
                MemoryLayout.structLayout(ValueLayout.JAVA_INT.withOrder(ByteOrder.BIG_ENDIAN))))
        .withMessageContaining("byte order");
    assertThatIllegalArgumentException()
        .isThrownBy(() ->
            SharedStruct.create(
                MemoryLayout.structLayout(ValueLayout.JAVA_INT, ValueLayout.JAVA_BYTE)))
        .withMessageContaining("padding");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SharedStruct.create(MemoryLayout.structLayout()));
    assertThat(Session.current().directory().inUse()).isLessThanOrEqualTo(cells);
  }

  @Test
  void alignmentIsKept() {
    StructLayout line =
        MemoryLayout.structLayout(ValueLayout.JAVA_LONG, MemoryLayout.paddingLayout(24))
            .withByteAlignment(32);
    try (SharedStruct<MemorySegment> struct = SharedStruct.raw(line)) {
      assertThat(struct.segment().address() % 32).isZero();
    }
  }

  @Test
  void wrapsCopiesAndReads() throws Exception {
    try (SharedLock lock = SharedLock.create();
        SharedStruct<Range> raw = SharedStruct.raw(new Range(1, 2));
        SharedStruct<Range> copy = raw.copy()) {
      SharedStruct<Range> guarded = Sent.copy(raw.synchronizedOn(lock));
      guarded.update(old -> new Range(old.low(), 9));
      assertThat(raw.get()).isEqualTo(new Range(1, 9));
      assertThat(copy.get()).isEqualTo(new Range(1, 2));
      SharedStruct<Range> reader = guarded.asReadOnly();
      assertThatExceptionOfType(UnsupportedOperationException.class)
          .isThrownBy(() -> reader.set(new Range(0, 0)));
      assertThatExceptionOfType(UnsupportedOperationException.class)
          .isThrownBy(() -> reader.set("low", 0));
      assertThat(reader.raw().get("high")).isEqualTo(9);
      assertThatExceptionOfType(UnsupportedOperationException.class)
          .isThrownBy(() -> raw.update(old -> old));
      assertThatExceptionOfType(UnsupportedOperationException.class)
          .isThrownBy(() -> raw.compareAndSet(raw.get(), raw.get()));
      raw.destroy();
      lock.destroy();
    }
  }

  @Test
  void arraysHaveElements() throws Exception {
    try (SharedStructArray<Point> array = SharedStructArray.create(Point.class, 1_000)) {
      array.set(999, new Point(1, 2));
      SharedStructArray<Point> copy = Sent.copy(array.slice(998, 2));
      assertThat(copy).containsExactly(new Point(0, 0), new Point(1, 2));
      copy.element(0).set("x", 5.0);
      SharedStruct<Point> element = Sent.copy(copy.element(0));
      assertThat(element.get()).isEqualTo(new Point(5, 0));
      assertThat(array.get(998)).isEqualTo(new Point(5, 0));
      assertThat(array.stream().mapToDouble(Point::x).sum()).isEqualTo(6);
      assertThat(array.element(1).lock()).isSameAs(array.lock());
      for (long bad : new long[] {-1, 1_000, Long.MIN_VALUE, 1L << 60}) {
        assertThatExceptionOfType(IndexOutOfBoundsException.class)
            .isThrownBy(() -> array.set(bad, new Point(3, 3)))
            .withMessageContaining("index=" + bad);
        assertThatExceptionOfType(IndexOutOfBoundsException.class)
            .isThrownBy(() -> array.element(bad));
      }
      try (SharedStructArray<Point> other = copy.raw().copy()) {
        other.set(0, new Point(8, 8));
        assertThat(array.get(998)).isEqualTo(new Point(5, 0));
        assertThat(other.isRaw()).isTrue();
      }
      assertThatExceptionOfType(UnsupportedOperationException.class)
          .isThrownBy(() -> array.asReadOnly().set(0, new Point(1, 1)));
      array.destroy();
    }
    try (SharedStructArray<MemorySegment> boxes = SharedStructArray.raw(BOX, 3)) {
      boxes.element(2).set("corners[0].x", 4.0);
      assertThat(boxes.segment().get(ValueLayout.JAVA_DOUBLE, 88)).isEqualTo(4.0);
    }
    assertThatIllegalArgumentException().isThrownBy(() -> SharedStructArray.raw(BOX, 0));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SharedStructArray.raw(BOX, Long.MAX_VALUE / 2));
  }

  @Test
  void printsNameAndLayout() {
    try (SharedStruct<Range> struct = SharedStruct.create(Range.class)) {
      assertThat(struct.toString()).contains("struct-", "low", "high");
    }
  }
}
