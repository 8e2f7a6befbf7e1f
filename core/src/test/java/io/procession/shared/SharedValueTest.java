package io.procession.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.procession.internal.arena.Session;
import io.procession.sync.SharedLock;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("platforms")
class SharedValueTest {
  static Stream<Object> firstAndSecond() {
    return Stream.of(
        new Object[] {false, true},
        new Object[] {(byte) -1, Byte.MIN_VALUE},
        new Object[] {(short) -1, Short.MAX_VALUE},
        new Object[] {'a', '\uFFFF'},
        new Object[] {-1, Integer.MIN_VALUE},
        new Object[] {-1L, Long.MAX_VALUE},
        new Object[] {-0f, Float.NaN},
        new Object[] {Double.MIN_VALUE, Double.NEGATIVE_INFINITY});
  }

  @ParameterizedTest
  @MethodSource("firstAndSecond")
  void keepsValuesOfAllTypes(Object first, Object second) throws Exception {
    try (SharedValue<Object> value = SharedValue.of(first)) {
      assertThat(value.get()).isEqualTo(first);
      assertThat(value.type().carrier().isPrimitive()).isTrue();
      value.set(second);
      assertThat(value.get()).isEqualTo(second);
      SharedValue<Object> copy = Sent.copy(value);
      copy.set(first);
      assertThat(value.get()).isEqualTo(first);
      assertThat(value.compareAndSet(second, first)).isFalse();
      assertThat(value.compareAndSet(first, second)).isTrue();
      assertThat(copy.get()).isEqualTo(second);
      value.destroy();
    }
  }

  @Test
  void goesWithItsLock() throws Exception {
    int cells = Session.current().directory().inUse();
    SharedValue.of(1).close();
    assertThat(Session.current().directory().inUse()).isLessThanOrEqualTo(cells);
    SharedValue<Integer> sent = SharedValue.of(1);
    SharedValue<Integer> copy = Sent.copy(sent);
    sent.close();
    assertThatIllegalStateException()
        .isThrownBy(sent::get)
        .withMessageContaining("closed in this process: memory=");
    assertThat(copy.get()).isOne();
    copy.destroy();
    assertThat(Session.current().directory().inUse()).isLessThanOrEqualTo(cells);
    assertThatIllegalStateException()
        .isThrownBy(() -> copy.set(2))
        .withMessageContaining("destroyed");
  }

  @Test
  void changesUnderItsLock() throws Exception {
    try (SharedValue<Long> value = SharedValue.of(0L)) {
      int threads = 4;
      CountDownLatch done = new CountDownLatch(threads);
      for (int i = 0; i < threads; i++) {
        Thread.ofPlatform()
            .start(() -> {
              for (int n = 0; n < 2_000; n++) {
                value.update(old -> old + 1);
                value.withLock(() -> value.set(value.get() + 1));
                value.getAndAdd(1L);
              }
              done.countDown();
            });
      }
      done.await();
      assertThat(value.get()).isEqualTo(threads * 6_000L);
      assertThat(value.<Long>withLock(() -> value.get() + 1)).isEqualTo(threads * 6_000L + 1);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"int", "long", "float", "double"})
  void rawValuesAddInOneStep(String type) throws Exception {
    switch (type) {
      case "int" -> addFromThreads(SharedValue.raw(ElementType.INT, 0), 1);
      case "long" -> addFromThreads(SharedValue.raw(ElementType.LONG, 0L), 1L);
      case "float" -> addFromThreads(SharedValue.raw(ElementType.FLOAT, 0f), 1f);
      default -> addFromThreads(SharedValue.raw(ElementType.DOUBLE, 0d), 1d);
    }
  }

  private static <T> void addFromThreads(SharedValue<T> value, T one) throws Exception {
    Thread other =
        Thread.ofPlatform()
            .start(() -> {
              for (int i = 0; i < 10_000; i++) {
                value.getAndAdd(one);
              }
            });
    for (int i = 0; i < 10_000; i++) {
      value.getAndAdd(one);
    }
    other.join();
    assertThat(((Number) value.get()).intValue()).isEqualTo(20_000);
    value.close();
  }

  @Test
  void smallTypesAddUnderALockOnlyAndWrapAround() {
    try (SharedValue<Byte> value = SharedValue.of((byte) 127)) {
      assertThat(value.getAndAdd((byte) 1)).isEqualTo((byte) 127);
      assertThat(value.get()).isEqualTo((byte) -128);
      SharedValue<Byte> raw = value.raw();
      assertThatExceptionOfType(UnsupportedOperationException.class)
          .isThrownBy(() -> raw.getAndAdd((byte) 1))
          .withMessageContaining("byte");
      assertThatExceptionOfType(UnsupportedOperationException.class)
          .isThrownBy(() -> raw.compareAndSet((byte) 1, (byte) 2));
      assertThat(raw.get()).isEqualTo((byte) -128);
    }
    try (SharedValue<Boolean> flag = SharedValue.of(true)) {
      assertThatExceptionOfType(UnsupportedOperationException.class)
          .isThrownBy(() -> flag.getAndAdd(true));
    }
  }

  @Test
  void aRawValueHasNoLock() {
    try (SharedValue<Integer> raw = SharedValue.raw(ElementType.INT, 3)) {
      assertThat(raw.isRaw()).isTrue();
      assertThatIllegalStateException()
          .isThrownBy(raw::lock)
          .withMessageContaining("synchronizedOn(lock)");
      assertThat(raw.update(n -> n + 1)).isEqualTo(4);
      assertThat(raw.update(n -> n - 1)).isEqualTo(3);
      var letter = SharedValue.raw('a');
      assertThatExceptionOfType(UnsupportedOperationException.class)
          .isThrownBy(() -> letter.update(c -> 'b'));
      letter.close();
      assertThatIllegalStateException().isThrownBy(() -> raw.withLock(() -> {}));
      assertThat(raw.get()).isEqualTo(3);
    }
  }

  @Test
  @SuppressWarnings("LockNotBeforeTry") // a test that fails may leave its lock taken
  void aGivenLockGuardsItAndTravelsAlong() throws Exception {
    try (SharedLock lock = SharedLock.create();
        SharedValue<Integer> raw = SharedValue.raw(ElementType.INT, 3)) {
      SharedValue<Integer> guarded = raw.synchronizedOn(lock);
      assertThat(guarded.lock()).isSameAs(lock);
      SharedValue<Integer> copy = Sent.copy(guarded);
      lock.lock();
      Thread other = Thread.ofPlatform().start(() -> copy.update(n -> n + 1));
      assertThat(guarded.get()).as("by who holds the lock already").isEqualTo(3);
      guarded.set(5);
      lock.unlock();
      other.join();
      assertThat(raw.get()).isEqualTo(6);
      guarded.destroy();
      assertThat(lock.tryLock()).as("its own life").isTrue();
      lock.unlock();
      lock.destroy();
    }
  }

  @Test
  @SuppressWarnings("LockNotBeforeTry") // a test that fails may leave its lock taken
  void itsOwnLockIsReentrant() throws Exception {
    try (SharedValue<Integer> value = SharedValue.of(1)) {
      value.lock().lock();
      value.lock().lock();
      assertThat(value.update(n -> n + value.get())).isEqualTo(2);
      assertThat(value.<Integer>withLock(() -> value.update(n -> n + 1))).isEqualTo(3);
      Thread other = Thread.ofPlatform().start(() -> value.set(10));
      value.lock().unlock();
      assertThat(value.get()).as("still held").isEqualTo(3);
      value.lock().unlock();
      other.join();
      assertThat(value.get()).isEqualTo(10);
    }
  }

  @Test
  void aLockOfThisJvmServesAsLongAsItIsNotSent() {
    var lock = new ReentrantLock();
    try (SharedValue<Integer> value = SharedValue.of(ElementType.INT, 1, lock)) {
      assertThat(value.<Boolean>withLock(lock::isHeldByCurrentThread)).isTrue();
      assertThat(value.update(n -> value.get() + n)).isEqualTo(2);
    }
  }

  @Test
  void readOnlyCannotBeChanged() throws Exception {
    try (SharedValue<Integer> value = SharedValue.of(1)) {
      SharedValue<Integer> reader = Sent.copy(value.asReadOnly());
      assertThat(reader.isReadOnly()).isTrue();
      assertThatExceptionOfType(UnsupportedOperationException.class)
          .isThrownBy(() -> reader.set(2))
          .withMessageContaining("read only");
      assertThatExceptionOfType(UnsupportedOperationException.class)
          .isThrownBy(() -> reader.getAndAdd(2));
      assertThatExceptionOfType(UnsupportedOperationException.class)
          .isThrownBy(() -> reader.update(n -> n + 1));
      value.set(7);
      assertThat(reader.get()).isEqualTo(7);
      value.destroy();
    }
  }

  @Test
  void aCopyIsAnother() {
    try (SharedValue<Integer> value = SharedValue.of(1);
        SharedValue<Integer> copy = value.copy();
        SharedValue<Integer> raw = value.raw().copy()) {
      copy.set(2);
      raw.set(3);
      assertThat(value.get()).isOne();
      assertThat(copy.isRaw()).isFalse();
      assertThat(copy.lock()).isNotSameAs(value.lock());
      assertThat(raw.isRaw()).isTrue();
    }
  }

  @Test
  @SuppressWarnings({"unchecked", "rawtypes"}) // the mistake that is tested
  void anotherTypeIsRefused() {
    try (SharedValue value = SharedValue.of(1)) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> value.set(1L))
          .withMessageContaining("expected int")
          .withMessageContaining("java.lang.Long");
      assertThat(value.get()).isEqualTo(1);
    }
    assertThatIllegalArgumentException().isThrownBy(() -> SharedValue.of("text"));
  }

  @ParameterizedTest
  @CsvSource({
    "?, boolean", "b, byte", "B, short", "h, short", "c, char", "u, char", "w, char", "H, int",
    "i, int", "I, long", "l, long", "L, long", "q, long", "Q, long", "f, float", "d, double"
  })
  void pythonsTypeCodes(char code, String type) {
    try (SharedValue<?> value = SharedValue.ofCode(code);
        SharedValue<?> raw = SharedValue.rawOfCode(code)) {
      assertThat(value.type()).hasToString(type);
      assertThat(value.get()).isEqualTo(raw.get());
      assertThat(raw.isRaw()).isTrue();
    }
  }

  @Test
  void anUnknownTypeCodeIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SharedValue.ofCode('x'))
        .withMessageContaining("code=x");
  }

  @Test
  void printsWithoutReading() {
    var value = SharedValue.of(1.5);
    assertThat(value.toString()).matches("SharedValue\\[value-\\d+, double]");
    value.close();
    assertThat(value.toString()).contains("double");
  }
}
