package io.procession.serial;

import static io.procession.serial.Copies.bytes;
import static io.procession.serial.Copies.fastCopy;
import static io.procession.serial.Copies.jdkCopy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.InvalidClassException;
import java.io.InvalidObjectException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

@SuppressWarnings("ArrayRecordComponent") // users write them
class RecordsTest {

  record Everything(
      boolean z,
      byte b,
      short s,
      char c,
      int i,
      long j,
      float f,
      double d,
      @Nullable String text,
      int[] numbers,
      List<Everything> nested)
      implements Serializable {}

  private record Empty() implements Serializable {}

  private record Box(@Nullable Object content) implements Serializable {}

  record Defensive(int[] array) implements Serializable {
    @Override
    public int[] array() {
      return array.clone();
    }
  }

  record Positive(int value) implements Serializable {
    static boolean lenient;

    Positive {
      if (value <= 0 && !lenient) {
        throw new IllegalArgumentException("must be positive: value=" + value);
      }
    }
  }

  record Replaced(int value) implements Serializable {
    private Object writeReplace() {
      return "replaced " + value;
    }
  }

  record Resolved(int value) implements Serializable {
    private Object readResolve() {
      return new Resolved(value + 1);
    }
  }

  @SuppressWarnings("serial") // that is what is tested
  record NotAll(Object content) implements Serializable {}

  record Varying(String... parts) implements Serializable {}

  record Generic<T extends Serializable>(T content) implements Serializable {}

  @Test
  void allKindsOfComponentsComeBack() throws Exception {
    var inner =
        new Everything(false, (byte) 1, (short) 2, 'c', 3, 4, 5, 6, null, new int[0], List.of());
    var value =
        new Everything(
            true,
            (byte) -1,
            (short) -2,
            'ж',
            -3,
            -4,
            1.5f,
            2.5,
            "t",
            new int[] {7},
            List.of(inner));
    Everything copy = fastCopy(value);
    assertThat(copy).usingRecursiveComparison().isEqualTo(value);
  }

  @Test
  void privateEmptyLocalVaryingAndGenericRecordsComeBack() throws Exception {
    record Local(String s) implements Serializable {}
    assertThat(fastCopy(new Empty())).isEqualTo(new Empty());
    assertThat(fastCopy(new Box("x"))).isEqualTo(new Box("x"));
    assertThat(fastCopy(new Local("x"))).isEqualTo(new Local("x"));
    assertThat(fastCopy(new Generic<>(1))).isEqualTo(new Generic<>(1));
    assertThat(fastCopy(new Varying("a", "b")).parts()).containsExactly("a", "b");
  }

  @Test
  void aClassIsNamedOnceInAMessage() throws Exception {
    var many = new ArrayList<Box>();
    for (int i = 0; i < 100; i++) {
      many.add(new Box(i));
    }
    assertThat(bytes(many)).hasSizeLessThan(100 * 8 + 60);
    assertThat(fastCopy(many)).isEqualTo(many);
  }

  @Test
  void manyClassesInAMessageAreKeptApart() throws Exception {
    record A(int a) implements Serializable {}
    record B(int b) implements Serializable {}
    record C(int c) implements Serializable {}
    record D(int d) implements Serializable {}
    record E(int e) implements Serializable {}
    List<Object> value =
        List.of(new A(1), new B(2), new C(3), new D(4), new E(5), new E(6), new A(7), new C(8));
    assertThat(fastCopy(value)).isEqualTo(value);
  }

  @Test
  void fieldsAreReadAndNotAccessors() throws Exception {
    int[] array = {1};
    Object[] copy = jdkCopy(new Object[] {array, new Defensive(array)});
    assertThat(((Defensive) copy[1]).array).isSameAs(copy[0]);
  }

  @Test
  void recordsThatReplaceThemselvesAreLeftToTheJdk() throws Exception {
    assertThat(Copies.<Object>jdkCopy(new Replaced(3))).isEqualTo("replaced 3");
    assertThat(jdkCopy(new Resolved(3))).isEqualTo(new Resolved(4));
  }

  @Test
  void theConstructorIsRunAndItsRefusalSays() throws Exception {
    Positive.lenient = true;
    byte[] bytes = bytes(new Positive(-1));
    Positive.lenient = false;
    assertThatThrownBy(() -> Copies.<Object>read(bytes))
        .isInstanceOf(InvalidObjectException.class)
        .hasMessageContaining("must be positive: value=-1")
        .hasCauseInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void anotherVersionOfTheRecordIsRefused() throws Exception {
    byte[] bytes = bytes(new Box(1));
    int fingerprint = bytes.length - 6;
    bytes[fingerprint] ^= 1;
    assertThatThrownBy(() -> Copies.<Object>read(bytes)).isInstanceOf(InvalidClassException.class);
  }

  @Test
  void aCycleThroughARecordIsLeftToTheJdk() throws Exception {
    var list = new ArrayList<Object>();
    list.add(new Box(list));
    List<Object> copy = jdkCopy(list);
    assertThat(((Box) copy.get(0)).content()).isSameAs(copy);
  }

  @Test
  void aRecordWithAnUnsendableComponentIsRefused() {
    assertThatThrownBy(() -> bytes(new NotAll(new Object())))
        .isInstanceOf(NotSendableException.class);
    record Unmarked(int i) {}
    assertThatThrownBy(() -> bytes(new Unmarked(1))).isInstanceOf(NotSendableException.class);
  }
}
