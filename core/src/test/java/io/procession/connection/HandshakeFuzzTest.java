package io.procession.connection;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.nio.ByteBuffer;
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

/// Whatever a peer without the key says, it is not let in: an `IOException` of some kind, at once, and
/// without more memory than the messages of a handshake take.
@NullUnmarked // jqwik does not say where null may be
class HandshakeFuzzTest {
  private static final AuthKey KEY = AuthKey.random();
  private static final ConnectionOptions OPTIONS = ConnectionOptions.defaults().withAuthKey(KEY);

  @Property(tries = 2000)
  void anyBytesAreRefused(@ForAll byte[] bytes, @ForAll @IntRange(min = 1, max = 9) int piece) {
    assertRefused(bytes, piece);
  }

  @Property(tries = 3000)
  void anyMessagesAreRefused(
      @ForAll("conversations") byte[] bytes, @ForAll @IntRange(min = 1, max = 300) int piece) {
    assertRefused(bytes, piece);
  }

  @Property(tries = 3000)
  void responsesAreOnesOrNot(@ForAll("bodies") String body) {
    byte[] message = body.getBytes(ISO_8859_1);
    Digested parsed = Digested.parse(message);
    if (parsed != null) {
      assertThat(parsed.restAt()).isBetween(0, message.length);
      assertThat(parsed.isLegacy()).isEqualTo(message.length == 16 || message.length == 20);
    }
    assertThat(Authentication.isRight(message, new byte[48], KEY, OPTIONS)).isFalse();
  }

  @Provide
  Arbitrary<byte[]> conversations() {
    Arbitrary<byte[]> message =
        Combinators.combine(
                Arbitraries.of("", "#CHALLENGE#", "#WELCOME#", "#FAILURE#", "#challenge#"),
                bodies())
            .as((token, body) -> (token + body).getBytes(ISO_8859_1));
    return message.list().ofMaxSize(6).map(HandshakeFuzzTest::framed);
  }

  @Provide
  Arbitrary<String> bodies() {
    Arbitrary<String> names =
        Arbitraries.of(
            "",
            "{md5}",
            "{sha256}",
            "{sha384}",
            "{sha3_256}",
            "{sha3_384}",
            "{sha1}",
            "{",
            "{}",
            "{sha256",
            "}{",
            "{sha3_2567}");
    Arbitrary<String> rests =
        Arbitraries.chars()
            .range('\0', '\u00FF')
            .list()
            .ofMaxSize(280)
            .map(chars -> {
              var rest = new StringBuilder();
              chars.forEach(rest::append);
              return rest.toString();
            });
    return Combinators.combine(names, rests).as(String::concat);
  }

  private static byte[] framed(List<byte[]> messages) {
    int size = messages.stream().mapToInt(message -> 4 + message.length).sum();
    ByteBuffer all = ByteBuffer.allocate(size);
    messages.forEach(message -> all.putInt(message.length).put(message));
    return all.array();
  }

  private static void assertRefused(byte[] bytes, int piece) {
    var atListener = new ScriptedStream(bytes, piece);
    assertThatThrownBy(() -> Handshake.asListener(atListener, OPTIONS))
        .isInstanceOf(IOException.class);
    assertClosedAndSmall(atListener);
    assertThat(atListener.written().length).isLessThanOrEqualTo(63 + 13);

    var atClient = new ScriptedStream(bytes, piece);
    Throwable thrown = catchThrowable(() -> Handshake.asClient(atClient, OPTIONS, null));
    assertThat(thrown).isInstanceOf(IOException.class);
    assertClosedAndSmall(atClient);
    boolean isChallenge =
        bytes.length >= 15 && Arrays.equals(bytes, 4, 15, Authentication.CHALLENGE, 0, 11);
    if (!isChallenge) {
      assertThat(atClient.written()).isEmpty();
    }
  }

  private static void assertClosedAndSmall(ScriptedStream stream) {
    assertThat(stream.isClosed()).isTrue();
    assertThat(stream.largestTarget()).isLessThanOrEqualTo(Authentication.MOST_BYTES);
  }
}
