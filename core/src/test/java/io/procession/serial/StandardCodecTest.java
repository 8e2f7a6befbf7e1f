package io.procession.serial;

import static io.procession.serial.Copies.copy;
import static io.procession.serial.Copies.fastCopy;
import static io.procession.serial.Copies.jdkCopy;
import static io.procession.serial.Copies.reference;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.LIST;

import java.io.InvalidClassException;
import java.io.Serializable;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class StandardCodecTest {

  enum Plain {
    RED,
    GREEN
  }

  enum WithBodies {
    ADD {
      @Override
      int apply(int a, int b) {
        return a + b;
      }
    };

    abstract int apply(int a, int b);
  }

  static Stream<Object> everydayValues() {
    return Stream.of(
        true,
        false,
        (byte) -7,
        (short) 300,
        'x',
        42,
        -1L,
        1.5f,
        Double.NaN,
        "",
        "plain",
        "Grüße",
        "русский 日本",
        "\uD800 alone",
        "x".repeat(1000),
        "é".repeat(33),
        BigInteger.TEN.pow(40).negate(),
        new BigDecimal("-12345.678900"),
        UUID.fromString("8f14e45f-ceea-467f-ab2f-0123456789ab"),
        Duration.ofNanos(-5),
        Instant.parse("2026-02-03T04:05:06.789Z"),
        Plain.GREEN,
        WithBodies.ADD,
        TimeUnit.DAYS,
        String.class,
        int.class,
        int[][].class,
        Map.Entry.class,
        new ArrayList<>(List.of(1, 2, 3)),
        new ArrayList<>(List.of(1L, 2L, 3L)),
        new ArrayList<>(List.of(1.0, Double.NaN, 3.0)),
        new ArrayList<>(List.of("a", "ж", "")),
        new ArrayList<>(Arrays.asList(1, 2L, null, "s")),
        new ArrayList<>(),
        List.of(),
        List.of(1),
        List.of(1, 2),
        List.of(1, 2, 3),
        List.of("a", 1),
        Stream.of().toList(),
        Stream.of(1).toList(),
        Stream.of(1, null, 3).toList(),
        Arrays.asList(1, "a", null),
        Arrays.asList(1, 2, 3),
        Arrays.asList(),
        new HashSet<>(List.of("a", "b")),
        new LinkedHashSet<>(List.of(3, 1, 2)),
        Set.of(),
        Set.of(1),
        Set.of(1, 2, 3),
        new HashMap<>(Map.of("a", 1, "b", 2)),
        new LinkedHashMap<>(Map.of("a", List.of(1))),
        Map.of(),
        Map.of("k", "v"),
        Map.of("k", "v", "l", Map.of(1, 2)));
  }

  @ParameterizedTest
  @MethodSource("everydayValues")
  void everydayValuesTakeTheFastWayAndKeepTheirClass(Object value) throws Exception {
    Object copy = fastCopy(value);
    assertThat(copy).isEqualTo(value).isEqualTo(reference(value)).hasSameClassAs(value);
  }

  @Test
  void nullIsAValue() throws Exception {
    assertThat(Copies.<@Nullable Object>fastCopy(null)).isNull();
  }

  @Test
  void primitiveArraysComeBack() throws Exception {
    assertThat(fastCopy(new boolean[] {true, false})).containsExactly(true, false);
    assertThat(fastCopy(new byte[] {1, -2})).containsExactly(1, -2);
    assertThat(fastCopy(new short[] {1, -2})).containsExactly((short) 1, (short) -2);
    assertThat(fastCopy(new char[] {'a', 'ж'})).containsExactly('a', 'ж');
    assertThat(fastCopy(new int[] {1, -2})).containsExactly(1, -2);
    assertThat(fastCopy(new long[] {1, -2})).containsExactly(1, -2);
    assertThat(fastCopy(new float[] {1, Float.NaN})).containsExactly(1, Float.NaN);
    assertThat(fastCopy(new double[] {1, Double.NaN})).containsExactly(1, Double.NaN);
    assertThat(fastCopy(new int[0])).isEmpty();
  }

  @Test
  void arraysOfObjectsKeepTheirType() throws Exception {
    assertThat(fastCopy(new String[] {"a", "b"})).isExactlyInstanceOf(String[].class);
    assertThat(fastCopy(new @Nullable String[] {"a", null})).containsExactly("a", null);
    assertThat(fastCopy(new Number[] {1, 2})).isExactlyInstanceOf(Number[].class);
    assertThat(fastCopy(new int[][] {{1}, {}, {2, 3}}))
        .isDeepEqualTo(new int[][] {{1}, {}, {2, 3}});
    assertThat(fastCopy(new Object[] {new Object[] {1}, "x"}))
        .isEqualTo(new Object[] {new Object[] {1}, "x"});
  }

  @Test
  void immutableListsStayImmutableAndKeepTheirMindAboutNull() throws Exception {
    List<Integer> of = fastCopy(List.of(1, 2, 3));
    assertThatThrownBy(() -> of.add(1)).isInstanceOf(UnsupportedOperationException.class);
    assertThatThrownBy(() -> of.contains(null)).isInstanceOf(NullPointerException.class);
    List<Integer> streamed = fastCopy(Stream.of(1, 2, 3).toList());
    assertThatThrownBy(() -> streamed.add(1)).isInstanceOf(UnsupportedOperationException.class);
    assertThat(streamed.contains(null)).isFalse();
  }

  @Test
  void linkedMapsKeepTheirOrderAndItsKind() throws Exception {
    var byAccess = new LinkedHashMap<String, Integer>(16, 0.75f, true);
    byAccess.put("a", 1);
    byAccess.put("b", 2);
    byAccess.get("a");
    LinkedHashMap<String, Integer> copy = fastCopy(byAccess);
    assertThat(byAccess.keySet()).containsExactly("b", "a");
    assertThat(copy.keySet()).containsExactly("b", "a");
    copy.get("b");
    assertThat(copy.keySet()).containsExactly("a", "b");

    var byInsertion = new LinkedHashMap<>(Map.of("z", 1));
    byInsertion.put("a", 2);
    LinkedHashMap<String, Integer> other = fastCopy(byInsertion);
    other.get("z");
    assertThat(other.keySet()).containsExactly("z", "a");
  }

  @Test
  void aSharedContainerStaysShared() throws Exception {
    var shared = new ArrayList<>(List.of(1));
    List<List<Integer>> copy = jdkCopy(new ArrayList<>(List.of(shared, shared)));
    assertThat(copy.get(0)).isSameAs(copy.get(1));
    int[] array = {1};
    Object[] arrays = jdkCopy(new Object[] {array, array});
    assertThat(arrays[0]).isSameAs(arrays[1]);
  }

  @Test
  void sharedImmutableValuesAndEmptyArraysAreNoReasonToLeaveTheFastWay() throws Exception {
    List<Integer> shared = List.of(1, 2);
    int[] empty = {};
    fastCopy(List.of(shared, shared, empty, empty, "a", "a"));
  }

  @Test
  void cyclesStayCycles() throws Exception {
    var list = new ArrayList<Object>();
    list.add(list);
    List<Object> copy = jdkCopy(list);
    assertThat(copy.get(0)).isSameAs(copy);
    var map = new HashMap<String, Object>();
    map.put("self", List.of(map));
    Map<String, Object> mapCopy = jdkCopy(map);
    assertThat(mapCopy.get("self")).asInstanceOf(LIST).first().isSameAs(mapCopy);
  }

  @Test
  void manySharedContainersAreFound() throws Exception {
    var lists = new ArrayList<List<Integer>>();
    for (int i = 0; i < 1000; i++) {
      lists.add(new ArrayList<>(List.of(i)));
    }
    assertThat(fastCopy(lists)).isEqualTo(lists);
    lists.add(lists.get(500));
    List<List<Integer>> copy = jdkCopy(lists);
    assertThat(copy.get(1000)).isSameAs(copy.get(500));
  }

  @Test
  void aListBackedByAnArrayInsideAnotherValueIsLeftToTheJdk() throws Exception {
    assertThat(jdkCopy(new ArrayList<>(List.of(Arrays.asList(1, 2)))))
        .isEqualTo(List.of(List.of(1, 2)));
    assertThat(jdkCopy(Arrays.asList(new int[0], 2))).hasSize(2);
  }

  @Test
  void deepNestsAreLeftToTheJdk() throws Exception {
    Object nest = "core";
    for (int i = 0; i < 63; i++) {
      nest = new ArrayList<>(List.of(nest));
    }
    assertThat(fastCopy(nest)).isEqualTo(nest);
    for (int i = 0; i < 40; i++) {
      nest = new ArrayList<>(List.of(nest));
    }
    assertThat(jdkCopy(nest)).isEqualTo(nest);
  }

  @Test
  void aTreeOfSharedImmutablesDoesNotBlowUp() throws Exception {
    List<?> doubled = List.of("leaf");
    for (int i = 0; i < 40; i++) {
      doubled = List.of(doubled, doubled);
    }
    List<?> one = doubled;
    // The JDK writes List.of twice as well: what must hold is that the fast way gives up in time.
    var encoder = new Encoder(new ByteSink(), false);
    assertThat(encoder.write(one, 0)).isFalse();
    assertThat(encoder.isOverflown()).isTrue();
    assertThat(new Encoder(new ByteSink(), true).write(one, 0)).isFalse();
  }

  @Test
  void manyImmutablesAreNoReasonToLeaveTheFastWay() throws Exception {
    List<List<Integer>> many = IntStream.range(0, 120_000).mapToObj(List::of).toList();
    assertThat(fastCopy(many)).isEqualTo(many);
  }

  static final class Person implements Serializable {
    private static final long serialVersionUID = 1L;
    final String name;
    transient int cache = 7;

    Person(String name) {
      this.name = name;
    }
  }

  @Test
  void otherSerializableClassesGoByTheJdk() throws Exception {
    Person copy = jdkCopy(new Person("Ada"));
    assertThat(copy.name).isEqualTo("Ada");
    assertThat(copy.cache).isZero();
    List<Person> list = jdkCopy(new ArrayList<>(List.of(new Person("Bob"))));
    assertThat(list.get(0).name).isEqualTo("Bob");
    assertThat(jdkCopy(new TreeMap<>(Map.of(1, 2)))).isEqualTo(Map.of(1, 2));
    assertThat(jdkCopy(Collections.emptyList())).isSameAs(Collections.emptyList());
    assertThat(jdkCopy(new ArrayDeque<>(List.of(1)))).containsExactly(1);
  }

  @Test
  void aStreamCannotAskForMoreMemoryThanItsLengthJustifies() {
    byte[] bytes = Copies.bytes(new ArrayList<>(List.of(new Person("x"), new int[] {7, 8})));
    // the length of the array stands before its two elements, at the very end
    int length = bytes.length - 13;
    assertThat(bytes[length + 3]).isEqualTo((byte) 2);
    bytes[length] = 0x7F;
    assertThatThrownBy(() -> Copies.<Object>read(bytes))
        .isInstanceOf(InvalidClassException.class)
        .hasMessageContaining("more of them than their bytes can be");
  }

  @Test
  void severalValuesFollowEachOther() throws Exception {
    var out = new ByteSink();
    var codec = Codec.standard();
    codec.encode(1, out);
    codec.encode(new Person("x"), out);
    codec.encode(List.of(1), out);
    var in = new ByteSource(out.array(), 0, out.length());
    assertThat(codec.decode(in)).isEqualTo(1);
    assertThat(codec.decode(in)).isInstanceOf(Person.class);
    assertThat(codec.decode(in)).isEqualTo(List.of(1));
  }

  @Test
  void theCodecItselfTravels() throws Exception {
    assertThat(copy(Codec.standard())).isSameAs(Codec.standard());
  }

  @Test
  void aPackedListIsFourBytesAnInteger() {
    var list = IntStream.range(0, 1000).boxed().toList();
    assertThat(Copies.bytes(list)).hasSizeLessThan(4010);
  }
}
