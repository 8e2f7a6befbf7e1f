package io.procession.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.procession.serial.Codec;
import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.NullUnmarked;

/// Whatever bytes come: messages as long as there are any, then a clean end or an `IOException`; and
/// no memory for what was announced but has not come.
@NullUnmarked // jqwik does not say where null may be
class FrameFuzzTest {
  private static final int LIMIT = 300_000;
  private static final int FIRST_BUFFER = 1 << 16;

  /// What a reader makes of some bytes.
  ///
  /// @param isClean whether they end where a message ends
  private record Reading(List<byte[]> messages, boolean isClean) {}

  @Property(tries = 3000)
  void anyBytes(@ForAll byte[] bytes, @ForAll @IntRange(min = 1, max = 9) int piece)
      throws Exception {
    assertReadAsExpected(bytes, piece);
  }

  @Property(tries = 1000)
  void bytesThatAreNearlyRight(
      @ForAll("nearlyRight") byte[] bytes, @ForAll @IntRange(min = 1, max = 70_000) int piece)
      throws Exception {
    assertReadAsExpected(bytes, piece);
  }

  @Provide
  Arbitrary<byte[]> nearlyRight() {
    Arbitrary<byte[]> frames = frame().list().ofMaxSize(5).map(FrameFuzzTest::joined);
    Arbitrary<Integer> places = Arbitraries.integers().between(0, 1 << 20);
    return Combinators.combine(
            frames, places, Arbitraries.bytes(), places, Arbitraries.integers().between(0, 3))
        .as(FrameFuzzTest::damaged);
  }

  private static Arbitrary<byte[]> frame() {
    Arbitrary<Integer> lengths =
        Arbitraries.oneOf(
            Arbitraries.integers().between(0, 300),
            Arbitraries.of(16_384, 16_385, 70_000, LIMIT, LIMIT + 1),
            Arbitraries.of(-1, -2, Integer.MIN_VALUE, Integer.MAX_VALUE));
    return Combinators.combine(lengths, Arbitraries.of(true, false)).as(FrameFuzzTest::frame);
  }

  /// A header of either form; a body if the length is one that can be.
  private static byte[] frame(int length, boolean isLong) {
    int body = length >= 0 && length <= LIMIT + 1 ? length : 3;
    ByteBuffer frame = ByteBuffer.allocate(12 + body);
    if (isLong) {
      frame.putInt(-1).putLong(length);
    } else {
      frame.putInt(length);
    }
    byte[] filling = new byte[body];
    Arrays.fill(filling, (byte) 3);
    frame.put(filling);
    return Arrays.copyOf(frame.array(), frame.position());
  }

  private static byte[] joined(List<byte[]> parts) {
    ByteBuffer all = ByteBuffer.allocate(parts.stream().mapToInt(part -> part.length).sum());
    parts.forEach(all::put);
    return all.array();
  }

  /// @param how bit 0: with one byte changed; bit 1: cut
  private static byte[] damaged(byte[] bytes, int place, byte changed, int cut, int how) {
    byte[] damaged = bytes.clone();
    if ((how & 1) != 0 && damaged.length > 0) {
      damaged[place % Math.min(damaged.length, 40)] = changed;
    }
    return (how & 2) != 0 ? Arrays.copyOf(damaged, cut % (damaged.length + 1)) : damaged;
  }

  private static void assertReadAsExpected(byte[] bytes, int piece) throws Exception {
    Reading expected = expected(bytes);
    var stream = new ScriptedStream(bytes, piece);
    try (Connection connection =
        Connection.over(stream, new StreamTraits(Codec.standard(), LIMIT, false))) {
      var room = new byte[LIMIT];
      for (int i = 0; i < expected.messages.size(); i++) {
        byte[] message = expected.messages.get(i);
        if (i % 2 == 0) {
          assertThat(Arrays.equals(connection.recvBytes(), message)).isTrue();
        } else {
          int length = connection.recvBytesInto(MemorySegment.ofArray(room));
          assertThat(Arrays.equals(room, 0, length, message, 0, message.length)).isTrue();
        }
      }
      for (int i = 0; i < 2; i++) {
        assertThatThrownBy(connection::recvBytes)
            .isInstanceOf(expected.isClean ? EOFException.class : IOException.class)
            .satisfies(e -> assertThat(e instanceof EOFException).isEqualTo(expected.isClean));
      }
    }
    assertThat(stream.largestTarget()).isLessThanOrEqualTo(Math.max(LIMIT, FIRST_BUFFER));
    if (expected.messages.isEmpty()) {
      assertThat(stream.largestTarget()).isLessThanOrEqualTo(FIRST_BUFFER + 4 * bytes.length);
    }
  }

  /// A second reader, written after the protocol and not after the first one.
  private static Reading expected(byte[] bytes) {
    var messages = new ArrayList<byte[]>();
    ByteBuffer in = ByteBuffer.wrap(bytes);
    while (in.hasRemaining()) {
      if (in.remaining() < 4) {
        return new Reading(messages, false);
      }
      long length = in.getInt();
      if (length == -1) {
        if (in.remaining() < 8) {
          return new Reading(messages, false);
        }
        length = in.getLong();
      }
      if (length < 0 || length > LIMIT || length > in.remaining()) {
        return new Reading(messages, false);
      }
      byte[] message = new byte[(int) length];
      in.get(message);
      messages.add(message);
    }
    return new Reading(messages, true);
  }
}
