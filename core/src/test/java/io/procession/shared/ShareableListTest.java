package io.procession.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("platforms")
class ShareableListTest {
  @Test
  void keepsWhatItIsMadeOf() throws Exception {
    byte[] bytes = {1, 0, 2};
    try (var list = ShareableList.of("Grüße", 42, -1L, 2.5, true, false, bytes, null, "")) {
      ShareableList copy = Sent.copy(list);
      assertThat(copy).hasSize(9);
      assertThat(copy.get(0)).isEqualTo("Grüße");
      assertThat(copy.subList(1, 6)).containsExactly(42L, -1L, 2.5, true, false);
      assertThat((byte[]) copy.get(6)).containsExactly(bytes);
      assertThat(copy.get(7)).isNull();
      assertThat(copy.get(8)).isEqualTo("");
      assertThat(copy.format()).isEqualTo("8sqqdxxxxxxx?xxxxxxx?8sxxxxxx?x8s");
      copy.set(1, 43);
      assertThat(list.get(1)).isEqualTo(43L);
      list.unlink();
      assertThatIllegalStateException()
          .isThrownBy(() -> copy.get(0))
          .withMessageContaining("destroyed");
    }
  }

  @Test
  void elementsChangeInPlaceAndType() {
    try (var list = ShareableList.of("1234567", 1, null)) {
      assertThat(list.set(0, null)).isEqualTo("1234567");
      assertThat(list.set(0, "12345678")).isNull();
      assertThat(list.set(0, 2.5)).isEqualTo("12345678");
      assertThat(list.set(0, "x")).isEqualTo(2.5);
      assertThat(list.set(1, "eight by")).isEqualTo(1L);
      assertThat(list.set(2, true)).isNull();
      assertThat(list).containsExactly("x", "eight by", true);
    }
  }

  @ParameterizedTest
  @CsvSource({"0, 8", "7, 8", "8, 16", "9, 16", "15, 16", "16, 24"})
  void aStringMustFitInTheRoomItHadAtFirst(int length, int room) {
    try (var list = ShareableList.of("x".repeat(length), 7)) {
      list.set(0, "y".repeat(room));
      assertThat(list.get(0)).isEqualTo("y".repeat(room));
      assertThatIllegalArgumentException()
          .isThrownBy(() -> list.set(0, "z".repeat(room + 1)))
          .withMessageContaining("room=" + room);
      assertThatIllegalArgumentException().isThrownBy(() -> list.set(0, new byte[room + 1]));
      assertThatIllegalArgumentException().isThrownBy(() -> list.set(1, "ä".repeat(5)));
      assertThat(list).containsExactly("y".repeat(room), 7L);
    }
  }

  @Test
  void nulsAtTheEndAreLostAsInPython() {
    try (var list = ShareableList.of("a\0b\0", new byte[] {1, 0})) {
      assertThat(list.get(0)).isEqualTo("a\0b");
      assertThat((byte[]) list.get(1)).containsExactly(1);
    }
  }

  @Test
  void findsElements() {
    try (var list = ShareableList.of(1, 2.0, "x", 1, null, new byte[] {5})) {
      assertThat(list.count(1)).isEqualTo(2);
      assertThat(list.count(1L)).isEqualTo(2);
      assertThat(list.count(2)).isZero();
      assertThat(list.count(2f)).isOne();
      assertThat(list.indexOf((short) 1)).isZero();
      assertThat(list.lastIndexOf(1)).isEqualTo(3);
      assertThat(list.indexOf(null)).isEqualTo(4);
      assertThat(list.indexOf(new byte[] {5})).isEqualTo(5);
      assertThat(list.contains("x")).isTrue();
      assertThat(list.contains(List.of())).isFalse();
    }
  }

  @Test
  @SuppressWarnings("ImmutableAdd") // what is tested
  void itsLengthIsFixedAndItsTypesAreFew() {
    try (var list = ShareableList.of(1)) {
      assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(() -> list.add(2));
      assertThatExceptionOfType(UnsupportedOperationException.class)
          .isThrownBy(() -> list.remove(0));
      assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> list.get(1));
      assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> list.set(-1, 2));
      assertThatIllegalArgumentException()
          .isThrownBy(() -> list.set(0, List.of()))
          .withMessageContaining("java.util.ImmutableCollections");
      assertThat(list).containsExactly(1L);
    }
    assertThatIllegalArgumentException().isThrownBy(() -> ShareableList.of('c'));
    try (var empty = ShareableList.of()) {
      assertThat(empty).isEmpty();
    }
  }

  @Test
  void aNameLeadsToIt() {
    String name = "list-" + ProcessHandle.current().pid() + "-" + System.nanoTime();
    try (var list = ShareableList.create(name, List.of("a", 1));
        var other = ShareableList.attach(name)) {
      other.set(1, "b");
      assertThat(list).containsExactly("a", "b");
      assertThat(list.memory().name()).isEqualTo(name);
      assertThat(list.unlink()).isTrue();
    }
  }

  @Test
  void whatIsNoListIsRefused() {
    String name = "none-" + ProcessHandle.current().pid() + "-" + System.nanoTime();
    try (var memory = SharedMemory.create(name, 100)) {
      for (long length : new long[] {-1, 6, Long.MAX_VALUE, 1L << 60}) {
        memory.segment().set(ValueLayout.JAVA_LONG, 0, length);
        assertThatIllegalStateException()
            .isThrownBy(() -> ShareableList.attach(name))
            .withMessageContaining("no list");
      }
      memory.segment().set(ValueLayout.JAVA_LONG, 0, 1);
      for (long offset : new long[] {0, -8, 7, 12, 1L << 40, Long.MAX_VALUE - 7}) {
        memory.segment().set(ValueLayout.JAVA_LONG, 16, offset);
        assertThatIllegalStateException().isThrownBy(() -> ShareableList.attach(name));
      }
      memory.segment().set(ValueLayout.JAVA_LONG, 16, 8);
      try (var list = ShareableList.attach(name)) {
        for (String format : new String[] {"", "s", "9s", "-1s", "q8", "99999999", "s8s"}) {
          memory.segment().asSlice(32, 8).fill((byte) 0);
          byte[] bytes = format.getBytes(StandardCharsets.US_ASCII);
          for (int i = 0; i < bytes.length; i++) {
            memory.segment().set(ValueLayout.JAVA_BYTE, 32 + i, bytes[i]);
          }
          assertThatIllegalStateException()
              .as(format)
              .isThrownBy(() -> list.get(0))
              .withMessageContaining("no element");
        }
      }
      memory.unlink();
    }
  }

  @Property(tries = 300)
  void anyListComesBack(@ForAll("elements") List<@Nullable Object> elements) throws Exception {
    try (var list = ShareableList.create(elements)) {
      ShareableList copy = Sent.copy(list);
      assertThat(new ArrayList<>(copy)).isEqualTo(elements);
      for (int i = elements.size() - 1; i >= 0; i--) {
        copy.set(i, i);
        assertThat(list.subList(0, i)).isEqualTo(elements.subList(0, i));
        assertThat(list.get(i)).isEqualTo((long) i);
      }
      list.unlink();
    }
  }

  @Provide
  Arbitrary<List<@Nullable Object>> elements() {
    return Arbitraries.oneOf(
            Arbitraries.longs().map(n -> (Object) n),
            Arbitraries.doubles().map(n -> (Object) n),
            Arbitraries.of(true, false).map(b -> (Object) b),
            Arbitraries.strings()
                .withCharRange('\u0001', '\uD7FF')
                .ofMaxLength(40)
                .map(s -> (Object) s))
        .injectNull(0.1)
        .list()
        .ofMaxSize(20)
        .map(list -> new ArrayList<@Nullable Object>(list));
  }

  @Test
  void isAsLongAsPythonsWouldBe() {
    try (var list = ShareableList.create(Arrays.asList("abc", 1, null))) {
      // length, 4 offsets, 3 elements of 8 bytes, 3 formats, 3 codes
      assertThat(list.memory().size()).isEqualTo(8 + 32 + 24 + 24 + 3);
    }
  }
}
