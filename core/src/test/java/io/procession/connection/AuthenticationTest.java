package io.procession.connection;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.procession.testing.Deadlines;
import java.io.EOFException;
import java.io.IOException;
import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// CPython's mutual authentication. The vectors were made by CPython 3.13.
class AuthenticationTest {
  private static final AuthKey KEY = AuthKey.of("secret");
  private static final ConnectionOptions OPTIONS = ConnectionOptions.defaults().withAuthKey(KEY);

  private final List<PipedStream> streams = PipedStream.pair();
  private final Connection near = over(streams.get(0));
  private final Connection far = over(streams.get(1));

  private static Connection over(ByteStream stream) {
    return Connection.over(stream, new StreamTraits(OPTIONS.codec(), 1_000_000, true));
  }

  @AfterEach
  void close() {
    near.close();
    far.close();
  }

  @ParameterizedTest
  @CsvSource({
    "'',         20, '',         7defa9cc46abc3583325d17ccda75190",
    "{sha256},   40, {sha256},   fc57fbe650d6124b98215e7b5d197d5807ad69982d275a9735ea2d56f1fa6989",
    "{md5},      40, {md5},      e8928e8cca3ace2d777017168dc6a0b2",
    "{sha384},   40, {sha384},   bae78a3376369f7b803a8473318a9b7062495b47434159ac84fc92ddb33c51b2"
        + "77c44c3edd9a5f9cb7d628f21abe2665",
    "{sha3_256}, 40, {sha3_256}, 82e8fa62f363295b6655abecf0e98e510224c559e9745af9741c357aec358f90",
  })
  void answersAsCPythonDoes(String prefix, int count, String named, String hex) throws Exception {
    byte[] challenge = joined(prefix.getBytes(US_ASCII), counting(count));
    FutureTask<?> answering = start(() -> Authentication.answerChallenge(near, KEY));
    far.sendBytes(joined(Authentication.CHALLENGE, challenge));
    assertThat(far.recvBytes())
        .isEqualTo(joined(named.getBytes(US_ASCII), HexFormat.of().parseHex(hex)));
    far.sendBytes(Authentication.WELCOME);
    get(answering);
  }

  @Test
  void verifiesBothOldAndNewResponses() {
    byte[] challenge = joined("{sha256}".getBytes(US_ASCII), counting(40));
    byte[] old = HexFormat.of().parseHex("8e48d2bb349b4b72b9382999ed5b62eb");
    assertThat(isRight(old, challenge)).isTrue();
    byte[] other = joined("{sha384}".getBytes(US_ASCII), KEY.digest("HmacSHA384", challenge));
    assertThat(isRight(other, challenge)).isTrue();
    byte[] unnamed = KEY.digest("HmacSHA256", challenge);
    assertThat(isRight(unnamed, challenge)).isFalse();
    byte[] withoutPrefix = KEY.digest("HmacSHA256", counting(40));
    assertThat(isRight(joined("{sha256}".getBytes(US_ASCII), withoutPrefix), challenge)).isFalse();
    byte[] sha1 = joined("{sha1}".getBytes(US_ASCII), KEY.digest("HmacSHA1", challenge));
    assertThat(isRight(sha1, challenge)).isFalse();
    assertThat(isRight(new byte[0], challenge)).isFalse();
    assertThat(isRight("{sha256}".getBytes(US_ASCII), challenge)).isFalse();
  }

  @Test
  void md5CanBeRefused() throws Exception {
    byte[] challenge = joined("{sha256}".getBytes(US_ASCII), counting(40));
    ConnectionOptions strict = OPTIONS.withMd5(false);
    byte[] raw = KEY.digest("HmacMD5", challenge);
    assertThat(Authentication.isRight(raw, challenge, KEY, strict)).isFalse();
    byte[] named = joined("{md5}".getBytes(US_ASCII), raw);
    assertThat(Authentication.isRight(named, challenge, KEY, OPTIONS)).isTrue();
    assertThat(Authentication.isRight(named, challenge, KEY, strict)).isFalse();
    far.sendBytes(joined(Authentication.CHALLENGE, counting(20)));
    assertThatExceptionOfType(AuthenticationException.class)
        .isThrownBy(() -> Authentication.answerChallenge(near, strict))
        .withMessageContaining("MD5");
    assertThat(far.poll()).isFalse();
  }

  @Test
  void twoEndsWithTheSameKeyAgree() throws Exception {
    assertAgree(near, far);
  }

  @Test
  void pipesCanBeAuthenticatedToo() throws Exception {
    try (Pipe pipe = Pipe.duplex()) {
      assertAgree(pipe.first(), pipe.second());
    }
  }

  private static void assertAgree(Connection listener, Connection client) throws Exception {
    FutureTask<?> answering =
        start(() -> {
          Authentication.answerChallenge(client, KEY);
          Authentication.deliverChallenge(client, KEY);
        });
    Authentication.deliverChallenge(listener, KEY);
    Authentication.answerChallenge(listener, KEY);
    get(answering);
    listener.send("hello");
    assertThat(client.recv()).isEqualTo("hello");
  }

  @Test
  void twoEndsWithDifferentKeysDoNot() throws Exception {
    FutureTask<?> answering =
        start(() -> Authentication.answerChallenge(far, AuthKey.of("another")));
    assertThatExceptionOfType(AuthenticationException.class)
        .isThrownBy(() -> Authentication.deliverChallenge(near, KEY));
    assertThatExceptionOfType(ExecutionException.class)
        .isThrownBy(() -> get(answering))
        .withCauseInstanceOf(AuthenticationException.class);
  }

  @Test
  void ownChallengeIsNotAnswered() throws Exception {
    FutureTask<?> listener =
        start(() -> {
          Authentication.deliverChallenge(near, KEY);
          Authentication.answerChallenge(near, KEY);
        });
    byte[] challenge = far.recvBytes();
    byte[] message =
        Arrays.copyOfRange(challenge, Authentication.CHALLENGE.length, challenge.length);
    far.sendBytes(joined("{sha256}".getBytes(US_ASCII), KEY.digest("HmacSHA256", message)));
    assertThat(far.recvBytes()).isEqualTo(Authentication.WELCOME);
    far.sendBytes(challenge);
    assertThatExceptionOfType(ExecutionException.class)
        .isThrownBy(() -> get(listener))
        .withCauseInstanceOf(AuthenticationException.class)
        .withMessageContaining("sent back");
    assertThat(far.poll()).isFalse();
  }

  @Test
  void challengeOfAClientIsNotAnsweredByAnotherClient() throws Exception {
    List<PipedStream> others = PipedStream.pair();
    try (Connection second = over(others.get(0));
        Connection rogue = over(others.get(1))) {
      Connection client = clientSide(); // here: it receives at the far end, too
      FutureTask<?> first = start(() -> Authentication.deliverChallenge(client, KEY));
      byte[] challenge = far.recvBytes();
      rogue.sendBytes(challenge);
      assertThatExceptionOfType(AuthenticationException.class)
          .isThrownBy(() -> Authentication.answerChallenge(second, KEY))
          .withMessageContaining("sent back");
      far.close();
      assertThatExceptionOfType(ExecutionException.class).isThrownBy(() -> get(first));
    }
  }

  /// Our end, which has answered a challenge of its listener already.
  private Connection clientSide() throws IOException, InterruptedException {
    byte[] challenge = joined("{sha256}".getBytes(US_ASCII), counting(40));
    far.sendBytes(joined(Authentication.CHALLENGE, challenge));
    far.sendBytes(Authentication.WELCOME);
    Authentication.answerChallenge(near, KEY);
    far.recvBytes();
    return near;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "#CHALLENGE#",
        "#CHALLENGE#1234567890123456789",
        "#CHALLENGE#123456789012345678901",
        "#CHALLENGE#{sha1}12345678901234567890123",
        "#CHALLENGE#{sha256",
        "#challenge#12345678901234567890",
        "#WELCOME#"
      })
  void whatIsNoChallengeIsNotAnswered(String message) throws Exception {
    far.sendBytes(message.getBytes(US_ASCII));
    assertThatExceptionOfType(AuthenticationException.class)
        .isThrownBy(() -> Authentication.answerChallenge(near, KEY));
    assertThat(far.poll()).isFalse();
  }

  @Test
  void longMessagesEndItAndGetNoAnswer() throws Exception {
    far.sendBytes(new byte[257]);
    assertThatIOException()
        .isThrownBy(() -> Authentication.answerChallenge(near, KEY))
        .isNotInstanceOf(AuthenticationException.class);
    assertThat(far.poll()).isFalse();
  }

  @Test
  void wrongResponseGetsAFailure() throws Exception {
    FutureTask<?> delivering = start(() -> Authentication.deliverChallenge(near, KEY));
    assertThat(far.recvBytes()).startsWith(Authentication.CHALLENGE).hasSize(59);
    far.sendBytes(new byte[40]);
    assertThat(far.recvBytes()).isEqualTo(Authentication.FAILURE);
    assertThatExceptionOfType(ExecutionException.class).isThrownBy(() -> get(delivering));
  }

  @Test
  void silentPeersTimeIsUp() {
    ConnectionOptions hasty = OPTIONS.withHandshakeLimit(Duration.ofMillis(20));
    assertThatExceptionOfType(AuthenticationException.class)
        .isThrownBy(() -> Authentication.deliverChallenge(near, hasty))
        .withMessageContaining("time limit");
    assertThatExceptionOfType(AuthenticationException.class)
        .isThrownBy(() -> Authentication.answerChallenge(near, hasty))
        .withMessageContaining("time limit");
  }

  @Test
  void peerThatClosesIsTheEndOfTheStream() {
    far.close();
    assertThatExceptionOfType(EOFException.class)
        .isThrownBy(() -> Authentication.answerChallenge(near, KEY));
  }

  @Test
  void keysAreNeitherEmptyNorPrintedNorSerialized() throws Exception {
    assertThatIllegalArgumentException().isThrownBy(() -> AuthKey.of(""));
    assertThatIllegalArgumentException().isThrownBy(() -> AuthKey.of(new byte[0]));
    assertThat(OPTIONS.toString()).doesNotContain("secret").contains("hidden");
    try (var out = new ObjectOutputStream(OutputStream.nullOutputStream())) {
      assertThatExceptionOfType(NotSerializableException.class)
          .isThrownBy(() -> out.writeObject(KEY));
    }
    byte[] bytes = {1, 2, 3};
    AuthKey key = AuthKey.of(bytes);
    bytes[0] = 9;
    assertThat(key.toBytes()).containsExactly(1, 2, 3);
    assertThat(AuthKey.random().toBytes()).hasSize(32).isNotEqualTo(AuthKey.random().toBytes());
  }

  @Test
  void optionsWithoutAKeyAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Authentication.answerChallenge(near, ConnectionOptions.defaults()));
  }

  private interface Body {
    void run() throws Exception;
  }

  private static FutureTask<?> start(Body body) {
    Callable<Boolean> call =
        () -> {
          body.run();
          return true;
        };
    var task = new FutureTask<>(call);
    Thread.ofVirtual().start(task);
    return task;
  }

  private static void get(FutureTask<?> task) throws Exception {
    task.get(Deadlines.MEDIUM.toMillis(), TimeUnit.MILLISECONDS);
  }

  private static boolean isRight(byte[] response, byte[] challenge) {
    return Authentication.isRight(response, challenge, KEY, OPTIONS);
  }

  private static byte[] counting(int count) {
    byte[] bytes = new byte[count];
    for (int i = 0; i < count; i++) {
      bytes[i] = (byte) i;
    }
    return bytes;
  }

  private static byte[] joined(byte[] first, byte[] second) {
    byte[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }
}
