package io.procession.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.procession.internal.arena.Session;
import io.procession.internal.posix.Platform;
import io.procession.sync.SharedLock;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.IntBuffer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("platforms")
class SharedArrayTest {
  @Test
  void hasElementsOfAllTypes() {
    try (var booleans = SharedArray.create(ElementType.BOOLEAN, 3);
        var bytes = SharedArray.create(ElementType.BYTE, 3);
        var shorts = SharedArray.create(ElementType.SHORT, 3);
        var chars = SharedArray.create(ElementType.CHAR, 3);
        var ints = SharedArray.create(ElementType.INT, 3);
        var longs = SharedArray.create(ElementType.LONG, 3);
        var floats = SharedArray.create(ElementType.FLOAT, 3);
        var doubles = SharedArray.create(ElementType.DOUBLE, 3)) {
      booleans.setBoolean(2, true);
      bytes.setByte(2, (byte) -3);
      shorts.setShort(2, (short) -300);
      chars.setChar(2, 'ü');
      ints.setInt(2, -70_000);
      longs.setLong(2, 1L << 40);
      floats.setFloat(2, 0.5f);
      doubles.setDouble(2, 0.1);
      assertThat(booleans).containsExactly(false, false, true);
      assertThat(bytes).containsExactly((byte) 0, (byte) 0, (byte) -3);
      assertThat(shorts).containsExactly((short) 0, (short) 0, (short) -300);
      assertThat(chars).containsExactly('\0', '\0', 'ü');
      assertThat(ints).containsExactly(0, 0, -70_000);
      assertThat(longs).containsExactly(0L, 0L, 1L << 40);
      assertThat(floats).containsExactly(0f, 0f, 0.5f);
      assertThat(doubles).containsExactly(0d, 0d, 0.1);
      assertThat(booleans.getBoolean(2)).isTrue();
      assertThat(bytes.getByte(2)).isEqualTo((byte) -3);
      assertThat(shorts.getShort(2)).isEqualTo((short) -300);
      assertThat(chars.getChar(2)).isEqualTo('ü');
      assertThat(ints.getInt(2)).isEqualTo(-70_000);
      assertThat(longs.getLong(2)).isEqualTo(1L << 40);
      assertThat(floats.getFloat(2)).isEqualTo(0.5f);
      assertThat(doubles.getDouble(2)).isEqualTo(0.1);
    }
  }

  @Test
  void isMadeOfWhatIsThere() {
    try (var ints = SharedArray.of(1, 2, 3);
        var longs = SharedArray.of(1L, 2L);
        var bytes = SharedArray.of((byte) 1);
        var chars = SharedArray.of('a', 'b');
        var doubles = SharedArray.of(1.5, 2.5);
        var floats = SharedArray.of(ElementType.FLOAT, new float[] {0.5f});
        var flags = SharedArray.of(ElementType.BOOLEAN, new boolean[] {true, false})) {
      assertThat(ints.toArray(int[].class)).containsExactly(1, 2, 3);
      assertThat(longs.toArray(long[].class)).containsExactly(1, 2);
      assertThat(bytes.toArray(byte[].class)).containsExactly(1);
      assertThat(chars.toArray(char[].class)).containsExactly('a', 'b');
      assertThat(doubles.toArray(double[].class)).containsExactly(1.5, 2.5);
      assertThat(floats.toArray(float[].class)).containsExactly(0.5f);
      assertThat(flags.toArray(boolean[].class)).containsExactly(true, false);
    }
    assertThatIllegalArgumentException().isThrownBy(() -> SharedArray.of(new int[0]));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SharedArray.of(ElementType.INT, new long[1]))
        .withMessageContaining("expected int[], array=long[]");
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, 10, Long.MIN_VALUE, Long.MAX_VALUE, 1L << 61, 1L << 62, 3L << 61})
  void outOfRangeIsRefusedAndNothingWritten(long index) {
    try (var array = SharedArray.raw(ElementType.LONG, 10)) {
      assertThatExceptionOfType(IndexOutOfBoundsException.class)
          .isThrownBy(() -> array.setLong(index, 1))
          .withMessageContaining(index + " out of bounds for length 10");
      assertThatExceptionOfType(IndexOutOfBoundsException.class)
          .isThrownBy(() -> array.getLong(index));
      assertThatExceptionOfType(IndexOutOfBoundsException.class)
          .isThrownBy(() -> array.set(index, 1L));
      assertThatExceptionOfType(IndexOutOfBoundsException.class)
          .isThrownBy(() -> array.getAndAdd(index, 1L));
      assertThatExceptionOfType(IndexOutOfBoundsException.class)
          .isThrownBy(() -> array.copyFrom(index, new long[] {1, 1}, 0, 2));
      assertThatExceptionOfType(IndexOutOfBoundsException.class)
          .isThrownBy(() -> array.slice(index, 1));
      assertThat(array.longs().sum()).isZero();
    }
  }

  @Test
  void copiesAreCheckedAsAWhole() {
    try (var array = SharedArray.raw(ElementType.INT, 4)) {
      int[] two = {1, 2};
      assertThatExceptionOfType(IndexOutOfBoundsException.class)
          .isThrownBy(() -> array.copyFrom(3, two, 0, 2));
      assertThatExceptionOfType(IndexOutOfBoundsException.class)
          .isThrownBy(() -> array.copyFrom(0, two, 1, 2));
      assertThatExceptionOfType(IndexOutOfBoundsException.class)
          .isThrownBy(() -> array.copyFrom(0, two, 0, -1));
      assertThatIllegalArgumentException().isThrownBy(() -> array.copyFrom(0, new long[2], 0, 2));
      assertThat(array.ints().sum()).isZero();
      array.copyFrom(2, two, 0, 2);
      int[] target = new int[3];
      array.copyTo(2, target, 1, 2);
      assertThat(target).containsExactly(0, 1, 2);
    }
  }

  @Test
  void anotherTypeIsRefused() {
    try (var array = SharedArray.of(1, 2)) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> array.setLong(0, 5))
          .withMessageContaining("asked for long")
          .withMessageContaining("int[2]");
      assertThatIllegalArgumentException().isThrownBy(() -> array.getFloat(0));
      assertThatIllegalArgumentException().isThrownBy(array::text);
      assertThatIllegalArgumentException().isThrownBy(array::longs);
      assertThatIllegalArgumentException().isThrownBy(array::doubleBuffer);
      assertThatIllegalArgumentException().isThrownBy(() -> array.toArray(byte[].class));
      assertThat(array).containsExactly(1, 2);
    }
  }

  @Test
  void anUnknownTypeCodeIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SharedArray.ofCode('x', 1))
        .withMessageContaining("code=x");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SharedArray.rawOfCode('x', 1))
        .withMessageContaining("code=x");
  }

  @Test
  void readsAndWritesText() {
    try (var array = SharedArray.ofCode('c', 8)) {
      array.setText("grüße");
      assertThat(array.text()).isEqualTo("grüße");
      array.setText("ab");
      assertThat(array.text()).isEqualTo("ab");
      assertThat(new String(array.toArray(char[].class))).isEqualTo("ab\0ße\0\0\0");
      array.setText("12345678");
      assertThat(array.text()).isEqualTo("12345678");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> array.setText("123456789"))
          .withMessageContaining("length=8");
      assertThat(array.text()).isEqualTo("12345678");
    }
    try (var array = SharedArray.of("whole")) {
      assertThat(array.text()).isEqualTo("whole");
    }
  }

  /// Small ones lie in their cell, which is a lock's next.
  @ParameterizedTest
  @ValueSource(ints = {2, 100_000})
  void endsWithAnotherObjectOfThisProcess(int length) throws Exception {
    var array = SharedArray.raw(ElementType.LONG, length);
    SharedArray<Long> slice = array.slice(1, 1);
    SharedArray<Long> copy = Sent.copy(array);
    copy.destroy();
    try (var lock = SharedLock.create();
        var next = SharedArray.raw(ElementType.LONG, length)) {
      assertThatIllegalStateException()
          .isThrownBy(() -> array.setLong(0, 42))
          .withMessageContaining("destroyed");
      assertThatIllegalStateException().isThrownBy(() -> slice.setLong(0, 42));
      assertThatIllegalStateException().isThrownBy(() -> array.slice(0, 1));
      assertThat(next).containsOnly(0L);
      assertThat(lock.tryLock()).isTrue();
      lock.unlock();
    }
    array.close();
  }

  @Test
  void givesViewsOfItsMemory() {
    var array = SharedArray.raw(ElementType.INT, 4);
    IntBuffer buffer = array.intBuffer();
    MemorySegment segment = array.segment();
    buffer.put(1, 5);
    segment.setAtIndex(ValueLayout.JAVA_INT, 2, 6);
    array.buffer().putInt(12, 7);
    assertThat(array).containsExactly(0, 5, 6, 7);
    array.close();
    assertThatIllegalStateException().isThrownBy(() -> buffer.put(0, 1));
    assertThatIllegalStateException().isThrownBy(() -> segment.set(ValueLayout.JAVA_INT, 0, 1));
    assertThatIllegalStateException().isThrownBy(array::segment);
    assertThatIllegalStateException()
        .isThrownBy(() -> array.getInt(0))
        .withMessageContaining("closed in this process: memory=");
  }

  @Test
  void theOtherBuffersFit() {
    try (var shorts = SharedArray.raw(ElementType.SHORT, 2);
        var chars = SharedArray.raw(ElementType.CHAR, 2);
        var longs = SharedArray.raw(ElementType.LONG, 2);
        var floats = SharedArray.raw(ElementType.FLOAT, 2);
        var doubles = SharedArray.raw(ElementType.DOUBLE, 2)) {
      shorts.shortBuffer().put(1, (short) 3);
      chars.charBuffer().put(1, 'x');
      longs.longBuffer().put(1, 4);
      floats.floatBuffer().put(1, 5);
      doubles.doubleBuffer().put(1, 6);
      assertThat(shorts.getShort(1)).isEqualTo((short) 3);
      assertThat(chars.getChar(1)).isEqualTo('x');
      assertThat(longs.getLong(1)).isEqualTo(4);
      assertThat(floats.getFloat(1)).isEqualTo(5);
      assertThat(doubles.getDouble(1)).isEqualTo(6);
    }
  }

  @Test
  void aSliceIsAPart() throws Exception {
    try (var array = SharedArray.of(0, 1, 2, 3, 4, 5)) {
      SharedArray<Integer> slice = array.slice(2, 3);
      assertThat(slice).containsExactly(2, 3, 4);
      slice.setInt(0, 20);
      SharedArray<Integer> within = Sent.copy(slice.slice(1, 1));
      within.setInt(0, 30);
      assertThat(array).containsExactly(0, 1, 20, 30, 4, 5);
      slice.fill(9);
      slice.intBuffer().put(0, 8);
      assertThat(array).containsExactly(0, 1, 8, 9, 9, 5);
      assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> slice.getInt(3));
      assertThatExceptionOfType(IndexOutOfBoundsException.class)
          .isThrownBy(() -> slice.slice(2, 2));
      assertThat(slice.lock()).isSameAs(array.lock());
      array.destroy();
    }
  }

  @Test
  void streamsItsElements() {
    try (var bytes = SharedArray.of((byte) -1, (byte) 2);
        var floats = SharedArray.of(ElementType.FLOAT, new float[] {1, 2});
        var ints = SharedArray.of(3, 4);
        var longs = SharedArray.of(5L, 6L);
        var doubles = SharedArray.of(7.0, 8.0)) {
      assertThat(bytes.ints().sum()).isOne();
      assertThat(ints.ints().sum()).isEqualTo(7);
      assertThat(longs.longs().sum()).isEqualTo(11);
      assertThat(floats.doubles().sum()).isEqualTo(3);
      assertThat(doubles.doubles().sum()).isEqualTo(15);
      assertThat(ints.stream().map(n -> n + 1)).containsExactly(4, 5);
    }
  }

  @ParameterizedTest
  @CsvSource({"1", "2", "3", "7", "8", "100", "100000"})
  void isFilled(int length) {
    try (var array = SharedArray.create(ElementType.SHORT, length + 1)) {
      array.slice(0, length).fill((short) -2);
      assertThat(array.slice(0, length)).containsOnly((short) -2);
      assertThat(array.getShort(length)).isZero();
    }
  }

  @Test
  void hasAtomicOperations() {
    try (var raw = SharedArray.raw(ElementType.INT, 2);
        var locked = SharedArray.create(ElementType.SHORT, 2)) {
      assertThat(raw.getAndAdd(1, 5)).isZero();
      assertThat(raw.compareAndSet(1, 4, 6)).isFalse();
      assertThat(raw.compareAndSet(1, 5, 6)).isTrue();
      assertThat(raw.getVolatile(1)).isEqualTo(6);
      raw.setVolatile(0, 1);
      assertThat(raw).containsExactly(1, 6);
      assertThat(locked.getAndAdd(0, (short) 3)).isZero();
      assertThat(locked.compareAndSet(0, (short) 3, (short) 4)).isTrue();
      assertThat(locked).containsExactly((short) 4, (short) 0);
      assertThatExceptionOfType(UnsupportedOperationException.class)
          .isThrownBy(() -> locked.raw().getAndAdd(0, (short) 3));
    }
  }

  @Test
  void aCopyIsAnother() {
    try (var array = SharedArray.of(1, 2, 3);
        var copy = array.slice(1, 2).copy()) {
      copy.setInt(0, 9);
      assertThat(copy).containsExactly(9, 3);
      assertThat(array).containsExactly(1, 2, 3);
      assertThat(copy.lock()).isNotSameAs(array.lock());
    }
  }

  @Test
  void readOnlyCannotBeChanged() throws Exception {
    try (var array = SharedArray.of(1, 2)) {
      SharedArray<Integer> reader = Sent.copy(array.asReadOnly().slice(1, 1));
      assertThat(reader.getInt(0)).isEqualTo(2);
      assertThatExceptionOfType(UnsupportedOperationException.class)
          .isThrownBy(() -> reader.setInt(0, 3))
          .withMessageContaining("read only");
      assertThatExceptionOfType(UnsupportedOperationException.class)
          .isThrownBy(() -> reader.fill(3));
      assertThat(reader.segment().isReadOnly()).isTrue();
      assertThat(reader.intBuffer().isReadOnly()).isTrue();
      assertThat(array).containsExactly(1, 2);
      array.destroy();
      assertThatIllegalStateException()
          .isThrownBy(() -> reader.getInt(0))
          .withMessageContaining("destroyed");
    }
  }

  @Test
  void reachesBeyondTwoGibibytes() throws Exception {
    assumeThat(Platform.current())
        .as("the stand-in zeroes by hand what is freed")
        .isEqualTo(Platform.NATIVE);
    long length = (1L << 31) + 10;
    try (var array = SharedArray.raw(ElementType.SHORT, length)) {
      array.setShort(length - 1, (short) 7);
      assertThat(array.getShort(length - 1)).isEqualTo((short) 7);
      assertThat(array.getShort(0)).isZero();
      SharedArray<Short> end = Sent.copy(array.slice(length - 2, 2));
      assertThat(end.toArray(short[].class)).containsExactly((short) 0, (short) 7);
      assertThatIllegalStateException()
          .isThrownBy(array::shortBuffer)
          .withMessageContaining("use a slice");
      assertThatIllegalStateException().isThrownBy(array::buffer);
      assertThatIllegalStateException().isThrownBy(() -> array.toArray(short[].class));
      assertThatExceptionOfType(IndexOutOfBoundsException.class)
          .isThrownBy(() -> array.getShort(length));
      array.destroy();
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {0, -1, Long.MAX_VALUE, Long.MIN_VALUE})
  void someLengthsCannotBe(long length) {
    int cells = Session.current().directory().inUse();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SharedArray.raw(ElementType.INT, length))
        .withMessageContaining("length=" + length);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SharedArray.create(ElementType.INT, length));
    assertThat(Session.current().directory().inUse()).isLessThanOrEqualTo(cells);
  }

  @Test
  void givesItsMemoryBack() {
    Session session = Session.current();
    int cells = session.directory().inUse();
    int units = session.units().inUse();
    for (int i = 0; i < 2_000; i++) {
      SharedArray.create(ElementType.INT, 100).close();
    }
    assertThat(session.directory().inUse()).isLessThanOrEqualTo(cells);
    assertThat(session.units().inUse()).isLessThanOrEqualTo(units);
  }

  @Test
  void aDestroyedLockIsAnErrorNotACrash() {
    SharedLock lock = SharedLock.create();
    try (var array = SharedArray.create(ElementType.INT, 1, lock)) {
      lock.destroy();
      assertThatIllegalStateException().isThrownBy(() -> array.setInt(0, 1));
      assertThat(array.raw().getInt(0)).isZero();
    }
  }
}
