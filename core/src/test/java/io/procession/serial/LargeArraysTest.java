package io.procession.serial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.StreamCorruptedException;
import java.lang.foreign.MemorySegment;
import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Long arrays of primitives: kept by the sink or copied into it, taken out or not, a message is the same.
class LargeArraysTest {
  private static final int LEAST = LargeArrays.LEAST_BYTES;

  private final Random random = new Random(1);

  static Stream<Object> arrays() {
    Random random = new Random(2);
    List<Object> all = new ArrayList<>();
    for (Class<?> type :
        List.of(
            boolean.class,
            byte.class,
            short.class,
            char.class,
            int.class,
            long.class,
            float.class,
            double.class)) {
      for (int bytes :
          new int[] {0, 8, LEAST - 8, LEAST - 1, LEAST, LEAST + 1, LEAST + 8, 3 * LEAST, 1 << 20}) {
        all.add(random(type, bytes, random));
      }
    }
    return all.stream();
  }

  private static Object random(Class<?> type, int bytes, Random random) {
    if (type == boolean.class) {
      boolean[] array = new boolean[bytes];
      for (int i = 0; i < bytes; i++) {
        array[i] = random.nextBoolean();
      }
      return array;
    }
    byte[] content = new byte[bytes];
    random.nextBytes(content);
    int unit = type == byte.class ? 1 : type == short.class || type == char.class ? 2 : 8;
    unit = type == int.class || type == float.class ? 4 : unit;
    Object array = Array.newInstance(type, bytes / unit);
    int length = bytes / unit * unit;
    MemorySegment.copy(MemorySegment.ofArray(content), 0, segment(array), 0, length);
    return array;
  }

  private static MemorySegment segment(Object array) {
    return switch (array) {
      case byte[] a -> MemorySegment.ofArray(a);
      case short[] a -> MemorySegment.ofArray(a);
      case char[] a -> MemorySegment.ofArray(a);
      case int[] a -> MemorySegment.ofArray(a);
      case long[] a -> MemorySegment.ofArray(a);
      case float[] a -> MemorySegment.ofArray(a);
      case double[] a -> MemorySegment.ofArray(a);
      default -> throw new AssertionError(array);
    };
  }

  private static ByteSink encoded(ByteSink sink, @Nullable Object value) {
    Codec.standard().encode(value, sink);
    return sink;
  }

  private static byte[] plain(@Nullable Object value) {
    return encoded(new ByteSink(), value).toByteArray();
  }

  private static byte[] copied(ByteSink sink) {
    byte[] bytes = new byte[sink.length() + 16];
    sink.copyTo(MemorySegment.ofArray(bytes), 16);
    return Arrays.copyOfRange(bytes, 16, bytes.length);
  }

  private static @Nullable Object takenApart(ByteSink sink) throws Exception {
    var arrays = new LargeArrays();
    byte[] rest = arrays.takeFrom(MemorySegment.ofArray(copied(sink)), sink.arrayTable());
    assertThat(rest.length + arrays.bytes()).isEqualTo(sink.length());
    var in = new ByteSource(rest, 0, arrays);
    assertThat(in.remaining()).isEqualTo(sink.length());
    Object value = Codec.standard().decode(in);
    assertThat(in.remaining()).isZero();
    assertThat(in.position()).isEqualTo(sink.length());
    return value;
  }

  @ParameterizedTest
  @MethodSource("arrays")
  void arrayComesBackWhicheverWay(Object array) throws Exception {
    for (Object value : new Object[] {array, new Object[] {1, array, "text", array.getClass()}}) {
      byte[] plain = plain(value);
      ByteSink kept = encoded(new ByteSink().keepingArrays(), value);
      ByteSink copy = encoded(new ByteSink(), value);

      assertThat(kept.length()).isEqualTo(plain.length);
      assertThat(kept.arrayTable()).isEqualTo(copy.arrayTable());
      assertThat(copied(kept)).isEqualTo(plain);
      assertThat(kept.toByteArray()).isEqualTo(plain);
      assertDeepEquals(takenApart(kept), value);
      assertDeepEquals(takenApart(copy), value);
      assertDeepEquals(Codec.standard().decode(new ByteSource(plain)), value);
      assertThat(Arrays.copyOf(kept.array(), kept.length())).isEqualTo(plain);
      assertThat(kept.arrayTable()).isEqualTo(copy.arrayTable());
    }
  }

  private static void assertDeepEquals(@Nullable Object actual, Object expected) {
    assertThat(Objects.deepEquals(actual, expected)).isTrue();
  }

  @Test
  void longArraysAreInTheTableAndShortOnesAreNot() {
    assertThat(encoded(new ByteSink(), new byte[LEAST - 1]).arrayTable()).isEmpty();
    assertThat(encoded(new ByteSink(), new byte[LEAST]).arrayTable())
        .hasSize(LargeArrays.ENTRY_BYTES);
    assertThat(encoded(new ByteSink(), new boolean[LEAST]).arrayTable()).isEmpty();
    assertThat(encoded(new ByteSink(), new long[LEAST / 8]).arrayTable()).isNotEmpty();
  }

  @Test
  void manyArraysAndNoneBetweenThemComeBack() throws Exception {
    Object[] all = new Object[LargeArrays.MOST + 5];
    for (int i = 0; i < all.length; i++) {
      byte[] each = new byte[LEAST + i];
      random.nextBytes(each);
      all[i] = each;
    }
    ByteSink sink = encoded(new ByteSink().keepingArrays(), all);
    assertThat(sink.arrayTable()).hasSize(LargeArrays.MOST * LargeArrays.ENTRY_BYTES);
    assertThat(sink.toByteArray()).isEqualTo(plain(all));
    assertDeepEquals(takenApart(sink), all);
  }

  @Test
  void copyIsOfTheTimeOfWritingAndKeptArrayIsNot() throws Exception {
    byte[] array = new byte[LEAST];
    ByteSink copy = encoded(new ByteSink(), array);
    ByteSink kept = encoded(new ByteSink().keepingArrays(), array);
    array[7] = 1;
    assertDeepEquals(takenApart(copy), new byte[LEAST]);
    assertDeepEquals(takenApart(kept), array);
    byte[] joined = kept.array();
    array[7] = 2;
    assertThat(kept.array()).isSameAs(joined);
    byte[] taken = (byte[]) Objects.requireNonNull(takenApart(kept));
    assertThat(taken[7]).isEqualTo((byte) 1);
  }

  @Test
  void whatIsWrittenBehindAnArrayCanBeReplacedAndTakenBack() throws Exception {
    var sink = new ByteSink().keepingArrays();
    sink.putInt(1);
    encoded(sink, new int[LEAST]);
    int behind = sink.length();
    sink.putInt(2);
    sink.putLong(3);
    sink.setInt(0, 11);
    sink.setInt(behind, 22);
    assertThat(sink.getInt(0)).isEqualTo(11);
    assertThat(sink.getInt(behind)).isEqualTo(22);
    sink.truncate(behind + 4);
    assertThat(sink.length()).isEqualTo(behind + 4);
    byte[] bytes = sink.toByteArray();
    var in = new ByteSource(bytes, behind, 4);
    assertThat(in.getInt()).isEqualTo(22);
    sink.setInt(behind - 2, -1); // over the array's end
    assertThat(sink.getInt(behind - 2)).isEqualTo(-1);
    assertThat(sink.getInt(behind)).isEqualTo(0xFFFF);
    sink.truncate(4);
    assertThat(sink.arrayTable()).isEmpty();
    assertThat(sink.toByteArray()).containsExactly(11, 0, 0, 0);
  }

  @Test
  void sinkThatIsCutWithinAnArrayHasTheFirstPart() {
    byte[] array = new byte[LEAST];
    Arrays.fill(array, (byte) 5);
    var sink = new ByteSink().keepingArrays();
    encoded(sink, array);
    sink.truncate(LEAST / 2);
    assertThat(sink.arrayTable()).isEmpty();
    assertThat(sink.toByteArray()).isEqualTo(Arrays.copyOf(plain(array), LEAST / 2));
  }

  @Test
  void spaceBehindAnArrayIsFilledThroughTheSinksArray() {
    var sink = new ByteSink().keepingArrays();
    encoded(sink, new byte[LEAST]);
    int at = sink.extend(3);
    sink.array()[at + 1] = 9;
    byte[] all = sink.toByteArray();
    assertThat(all).hasSize(plain(new byte[LEAST]).length + 3).endsWith(0, 9, 0);
  }

  @Test
  void valueThatNeedsTheJdkBehindAnArrayKeepsNothing() throws Exception {
    Object value = new Object[] {new byte[LEAST], Thread.State.NEW, new AtomicInteger(1)};
    ByteSink sink = encoded(new ByteSink().keepingArrays(), value);
    assertThat(sink.arrayTable()).isEmpty();
    assertThat(sink.toByteArray()).isEqualTo(plain(value));
    sink.reset();
    assertDeepEquals(takenApart(encoded(sink, new byte[LEAST])), new byte[LEAST]);
  }

  @Test
  void codecOfTheUserReadsAsIfNothingWereTakenOut() throws Exception {
    byte[] array = new byte[LEAST];
    random.nextBytes(array);
    ByteSink sink = new ByteSink().keepingArrays();
    sink.putByte(3);
    encoded(sink, array);
    sink.putString("behind");
    encoded(sink, new double[LEAST]);
    byte[] flat = sink.toByteArray();
    for (int skipped : new int[] {1, 2, 100, LEAST, LEAST + 3, flat.length - 1, flat.length}) {
      var arrays = new LargeArrays();
      byte[] rest = arrays.takeFrom(MemorySegment.ofArray(flat), sink.arrayTable());
      var in = new ByteSource(rest, 0, arrays);
      in.skip(skipped);
      assertThat(in.position()).isEqualTo(skipped);
      assertThat(in.remaining()).isEqualTo(flat.length - skipped);
      assertThatThrownBy(() -> in.getBytes(flat.length - skipped + 1))
          .isInstanceOf(StreamCorruptedException.class);
      assertThat(in.getBytes(flat.length - skipped))
          .isEqualTo(Arrays.copyOfRange(flat, skipped, flat.length));
    }
  }

  @Test
  void someAreReadAndSomeAreSkipped() throws Exception {
    byte[] array = new byte[LEAST];
    random.nextBytes(array);
    ByteSink sink = new ByteSink().keepingArrays();
    encoded(sink, array);
    int first = sink.length();
    encoded(sink, array);
    var arrays = new LargeArrays();
    byte[] rest = arrays.takeFrom(MemorySegment.ofArray(copied(sink)), sink.arrayTable());
    var in = new ByteSource(rest, 0, arrays);
    assertDeepEquals(Codec.standard().decode(in), array);
    assertThat(in.position()).isEqualTo(first);
    in.skip(first - LEAST + 1);
    assertThat(in.getByte()).isEqualTo(array[1]);
    assertThat(in.getByte()).isEqualTo(array[2]);
    assertThat(in.position()).isEqualTo(2 * first - LEAST + 3);
  }

  @Test
  void messageIsReadOnce() throws Exception {
    ByteSink sink = encoded(new ByteSink(), new byte[LEAST]);
    var arrays = new LargeArrays();
    byte[] rest = arrays.takeFrom(MemorySegment.ofArray(copied(sink)), sink.arrayTable());
    Codec.standard().decode(new ByteSource(rest, 0, arrays));
    assertThatThrownBy(() -> Codec.standard().decode(new ByteSource(rest, 0, arrays)))
        .hasRootCauseInstanceOf(IllegalStateException.class)
        .rootCause()
        .hasMessageContaining("read once");
    assertThatIllegalStateException().isThrownBy(() -> arrays.give(0));
  }

  @Test
  void tableOfAnotherMessageIsRefused() {
    MemorySegment message = MemorySegment.ofArray(new byte[100]);
    int[][] wrong = {
      {-1, 10, Tag.BYTES},
      {0, -1, Tag.BYTES},
      {0, 101, Tag.BYTES},
      {91, 10, Tag.BYTES},
      {101, 0, Tag.BYTES},
      {0, 10, Tag.BOOLEANS},
      {0, 10, Tag.OBJECTS},
      {0, 10, 0},
      {0, 10, -1},
      {0, 9, Tag.SHORTS},
      {0, 12, Tag.LONGS},
      {Integer.MAX_VALUE, Integer.MAX_VALUE, Tag.BYTES},
      {0, 10, Tag.BYTES, 9, 1, Tag.BYTES},
      {50, 10, Tag.BYTES, 20, 1, Tag.BYTES},
      {0, 10, Tag.BYTES, 10},
      {0}
    };
    for (int[] entries : wrong) {
      var table = new ByteSink();
      for (int each : entries) {
        table.putInt(each);
      }
      assertThatIllegalArgumentException()
          .as(Arrays.toString(entries))
          .isThrownBy(() -> new LargeArrays().takeFrom(message, table.toByteArray()));
    }
  }

  @Test
  void arrayOfAnotherLengthOrTypeThanTheBytesSayIsNotTaken() throws Exception {
    byte[] flat = plain(new byte[2 * LEAST]);
    int at = flat.length - 2 * LEAST;
    int[][] odd = {
      {at, LEAST, Tag.BYTES},
      {at, 2 * LEAST, Tag.LONGS},
      {at + 8, LEAST, Tag.BYTES},
      {at - 1, LEAST, Tag.BYTES},
      {0, LEAST, Tag.BYTES}
    };
    for (int[] entry : odd) {
      var table = new ByteSink();
      for (int each : entry) {
        table.putInt(each);
      }
      var arrays = new LargeArrays();
      byte[] rest = arrays.takeFrom(MemorySegment.ofArray(flat), table.toByteArray());
      Object value = Codec.standard().decode(new ByteSource(rest, 0, arrays));
      assertDeepEquals(value, new byte[2 * LEAST]);
    }
  }
}
