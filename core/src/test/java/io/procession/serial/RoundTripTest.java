package io.procession.serial;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.NullUnmarked;

/// Values made at random come back as JDK serialization would bring them back, and bytes made at
/// random, or nearly right, are never more than refused.
@NullUnmarked // jqwik does not say where null may be
class RoundTripTest {
  /// Of a JDK stream: tag, magic number, version, and how the first object begins.
  private static final int HEAD = 16;

  record Pair(Object first, int second) implements Serializable {}

  @Provide
  Arbitrary<Object> values() {
    return Arbitraries.lazy(() -> nested(2));
  }

  private static Arbitrary<Object> nested(int depth) {
    Arbitrary<Object> leaves = leaves();
    if (depth == 0) {
      return leaves;
    }
    Arbitrary<Object> inner = nested(depth - 1);
    Arbitrary<List<Object>> lists = inner.list().ofMaxSize(4);
    Arbitrary<Set<Object>> sets = leaves.set().ofMaxSize(4);
    return Arbitraries.oneOf(
        List.of(
            leaves,
            lists.map(ArrayList::new),
            lists.map(list -> list.stream().toList()),
            lists.map(list -> list.contains(null) ? null : List.copyOf(list)),
            lists.map(List::toArray),
            Arbitraries.integers().list().ofMaxSize(9).map(ArrayList::new),
            Arbitraries.strings().list().ofMaxSize(4).map(list -> list.toArray(new String[0])),
            sets.map(HashSet::new),
            sets.map(set -> set.contains(null) ? null : Set.copyOf(set)),
            Arbitraries.maps(leaves, inner).ofMaxSize(4).map(HashMap::new),
            Arbitraries.maps(leaves, inner).ofMaxSize(4).map(LinkedHashMap::new),
            inner.map(first -> new Pair(first, 7)),
            inner.map(RoundTripTest::lambda)));
  }

  private static Object lambda(Object captured) {
    return (SerializableCallable<Object>) () -> captured;
  }

  private static Arbitrary<Object> leaves() {
    return Arbitraries.oneOf(
        List.of(
            Arbitraries.just(null),
            Arbitraries.integers().map(i -> i),
            Arbitraries.longs().map(l -> l),
            Arbitraries.doubles().map(d -> d),
            Arbitraries.strings().map(s -> s),
            Arbitraries.strings().ascii().ofLength(40).map(s -> s),
            Arbitraries.bigIntegers().map(b -> b),
            Arbitraries.bigDecimals().map(b -> b),
            Arbitraries.of(Thread.State.class).map(e -> e)));
  }

  @Property(tries = 300)
  void valuesComeBack(@ForAll("values") Object value) throws Exception {
    Object copy = Copies.copy(value);
    assertSame(copy, value);
    if (value != null && !(value instanceof SerializableCallable)) {
      assertThat(copy).hasSameClassAs(value);
      assertSame(copy, Copies.reference(value));
    }
  }

  private static void assertSame(Object actual, Object expected) throws Exception {
    assertThat(opened(actual)).isEqualTo(opened(expected));
  }

  /// The value with each lambda called, since lambdas have no equality.
  private static Object opened(Object value) throws Exception {
    return switch (value) {
      case SerializableCallable<?> call -> List.of("lambda", Arrays.asList(opened(call.call())));
      case Pair(Object first, int second) -> Arrays.asList("pair", opened(first), second);
      case Object[] array -> Arrays.asList(array.getClass(), openedAll(Arrays.asList(array)));
      case List<?> list -> openedAll(list);
      case Map<?, ?> map -> {
        var all = new HashMap<Object, Object>();
        for (Map.Entry<?, ?> entry : map.entrySet()) {
          all.put(entry.getKey(), opened(entry.getValue()));
        }
        yield all;
      }
      case null, default -> value;
    };
  }

  private static List<Object> openedAll(List<?> list) throws Exception {
    var all = new ArrayList<Object>();
    for (Object element : list) {
      all.add(opened(element));
    }
    return all;
  }

  @Property(tries = 500)
  void damagedBytesAreRefusedOrMakeAnotherValue(
      @ForAll("values") Object value,
      @ForAll @IntRange(max = 1_000_000) int place,
      @ForAll byte damage) {
    byte[] bytes = Copies.bytes(value);
    bytes[place % bytes.length] ^= damage;
    decodeHarmlessly(bytes, bytes.length);
  }

  @Property(tries = 300)
  void cutBytesAreRefused(
      @ForAll("values") Object value, @ForAll @IntRange(max = 1_000_000) int length) {
    byte[] bytes = Copies.bytes(value);
    assertThat(decodeHarmlessly(bytes, length % bytes.length)).isFalse();
  }

  @Property
  void randomBytesAreRefusedOrMakeAValue(@ForAll byte[] bytes) {
    decodeHarmlessly(bytes, bytes.length);
  }

  /// Of the head each byte and each damage: what only three of them show, a chosen few do not.
  @Example
  void damagedJdkStreamsAreRefusedOrMakeAnotherValue() {
    byte[] bytes = Copies.bytes(new IllegalStateException("x", new IOException("y")));
    assertThat(bytes[0]).isEqualTo((byte) Tag.JDK);
    for (int place = 0; place < bytes.length; place++) {
      byte whole = bytes[place];
      for (int damage = 1; damage <= 255; damage += place < HEAD ? 1 : 100) {
        bytes[place] = (byte) (whole ^ damage);
        decodeHarmlessly(bytes, bytes.length);
      }
      bytes[place] = whole;
    }
  }

  private static boolean decodeHarmlessly(byte[] bytes, int length) {
    try {
      Codec.standard().decode(new ByteSource(bytes, 0, length));
      return true;
    } catch (IOException | ClassNotFoundException e) {
      assertThat(e.getMessage()).isNotNull();
      return false;
    }
  }
}
