package io.procession.connection;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.procession.internal.posix.KernelRandom;
import io.procession.internal.posix.Until;
import java.io.EOFException;
import java.io.IOException;
import java.security.MessageDigest;
import java.util.Arrays;

/// Mutual authentication over a connection, byte for byte Python's.
///
/// Each side shows the other that it knows the key, without sending it: it answers a random challenge
/// with a keyed digest of it. A [Listener] and a [Client] with a key do both by themselves. Who does it
/// by hand, over a connection of any kind, lets one side call [#deliverChallenge] and then
/// [#answerChallenge], the other the same in the opposite order.
///
/// The digest is HMAC-SHA-256 between programs of today. Python before 3.12 knows HMAC-MD5 only, which
/// is accepted unless [ConnectionOptions#withMd5] says otherwise. What the digests do not do: they
/// neither encrypt nor sign what is sent afterwards.
public final class Authentication {
  static final int MOST_BYTES = 256;
  static final byte[] CHALLENGE = "#CHALLENGE#".getBytes(US_ASCII);
  static final byte[] WELCOME = "#WELCOME#".getBytes(US_ASCII);
  static final byte[] FAILURE = "#FAILURE#".getBytes(US_ASCII);

  private static final byte[] PREFIX = "{sha256}".getBytes(US_ASCII);
  private static final int RANDOM_BYTES = 40;
  private static final int LEAST_CHALLENGE = 20;

  private Authentication() {}

  /// Asks the other end to show that it knows the key, for up to 10 seconds.
  ///
  /// @param connection where nothing else is sent meanwhile
  /// @param key what the other end must know
  /// @throws AuthenticationException if it does not, or has not answered in time
  /// @throws EOFException if it closed the connection
  /// @throws IOException if the connection cannot be used, or a message was not part of this
  /// @throws InterruptedException if interrupted while waiting; close the connection then
  public static void deliverChallenge(Connection connection, AuthKey key)
      throws IOException, InterruptedException {
    deliverChallenge(connection, ConnectionOptions.defaults().withAuthKey(key));
  }

  /// Asks the other end to show that it knows the key.
  ///
  /// @param connection where nothing else is sent meanwhile
  /// @param options with a key; their time limit and digests are what counts
  /// @throws IllegalArgumentException if the options have no key
  /// @throws AuthenticationException if it does not, or has not answered in time
  /// @throws EOFException if it closed the connection
  /// @throws IOException if the connection cannot be used, or a message was not part of this
  /// @throws InterruptedException if interrupted while waiting; close the connection then
  public static void deliverChallenge(Connection connection, ConnectionOptions options)
      throws IOException, InterruptedException {
    deliver(connection, options, Until.after(options.handshakeLimit()));
  }

  /// Shows the other end that this one knows the key, for up to 10 seconds.
  ///
  /// @param connection where nothing else is sent meanwhile
  /// @param key what both ends must know
  /// @throws AuthenticationException if the other end was not satisfied, asked what must not be
  ///     answered, or was not there in time
  /// @throws EOFException if it closed the connection
  /// @throws IOException if the connection cannot be used, or a message was not part of this
  /// @throws InterruptedException if interrupted while waiting; close the connection then
  public static void answerChallenge(Connection connection, AuthKey key)
      throws IOException, InterruptedException {
    answerChallenge(connection, ConnectionOptions.defaults().withAuthKey(key));
  }

  /// Shows the other end that this one knows the key.
  ///
  /// @param connection where nothing else is sent meanwhile
  /// @param options with a key; their time limit and digests are what counts
  /// @throws IllegalArgumentException if the options have no key
  /// @throws AuthenticationException if the other end was not satisfied, asked what must not be
  ///     answered, or was not there in time
  /// @throws EOFException if it closed the connection
  /// @throws IOException if the connection cannot be used, or a message was not part of this
  /// @throws InterruptedException if interrupted while waiting; close the connection then
  public static void answerChallenge(Connection connection, ConnectionOptions options)
      throws IOException, InterruptedException {
    answer(connection, options, Until.after(options.handshakeLimit()));
  }

  /// Whether a message is the beginning of an authentication.
  static boolean isChallenge(byte[] message) {
    return message.length >= CHALLENGE.length
        && Arrays.equals(message, 0, CHALLENGE.length, CHALLENGE, 0, CHALLENGE.length);
  }

  static void deliver(Connection connection, ConnectionOptions options, long deadline)
      throws IOException, InterruptedException {
    AuthKey key = key(options);
    byte[] message = newChallenge();
    OwnChallenges own = connection.ownChallenges();
    own.add(message);
    try {
      send(connection, joined(CHALLENGE, message), deadline);
      byte[] response = receive(connection, deadline);
      if (!isRight(response, message, key, options)) {
        send(connection, FAILURE, deadline);
        throw new AuthenticationException(
            "the other end does not know the key: its digest was wrong: " + connection);
      }
      send(connection, WELCOME, deadline);
    } finally {
      own.hasEnded(message);
    }
  }

  private static byte[] newChallenge() {
    return joined(PREFIX, KernelRandom.bytes(RANDOM_BYTES));
  }

  /// Whether a response is the digest of a challenge, by a digest of its sender's choice.
  static boolean isRight(
      byte[] response, byte[] challenge, AuthKey key, ConnectionOptions options) {
    Digested parsed = Digested.parse(response);
    if (parsed == null || !parsed.digest().isAccepted(options)) {
      return false;
    }
    byte[] expected = key.digest(parsed.digest().algorithm(), challenge);
    byte[] got = Arrays.copyOfRange(response, parsed.restAt(), response.length);
    return MessageDigest.isEqual(expected, got);
  }

  static void answer(Connection connection, ConnectionOptions options, long deadline)
      throws IOException, InterruptedException {
    AuthKey key = key(options);
    byte[] challenge = receive(connection, deadline);
    byte[] message = Arrays.copyOfRange(challenge, prefixLength(challenge), challenge.length);
    if (connection.ownChallenges().contain(message)) {
      throw refusal(connection, "it sent back a challenge of this process");
    }
    send(connection, response(connection, message, key, options), deadline);
    if (!Arrays.equals(receive(connection, deadline), WELCOME)) {
      throw new AuthenticationException(
          "the other end does not accept the digest that it was sent: "
              + connection
              + "; see that both ends have the same key");
    }
  }

  private static int prefixLength(byte[] challenge) throws AuthenticationException {
    if (!isChallenge(challenge)) {
      throw new AuthenticationException(
          "the other end sent no challenge: length="
              + challenge.length
              + "; see that both ends have a key, and one is the listener");
    }
    return CHALLENGE.length;
  }

  private static byte[] response(
      Connection connection, byte[] message, AuthKey key, ConnectionOptions options)
      throws AuthenticationException {
    Digested parsed = message.length < LEAST_CHALLENGE ? null : Digested.parse(message);
    if (parsed == null) {
      throw refusal(connection, "its challenge asks for no digest that is known");
    }
    if (!parsed.digest().isAccepted(options)) {
      throw refusal(connection, "its challenge asks for MD5, which the options refuse");
    }
    byte[] digest = key.digest(parsed.digest().algorithm(), message);
    return parsed.isLegacy() ? digest : joined(parsed.digest().prefix(), digest);
  }

  private static AuthenticationException refusal(Connection connection, String why) {
    return new AuthenticationException("the other end gets no answer: " + why + ": " + connection);
  }

  private static AuthKey key(ConnectionOptions options) {
    AuthKey key = options.authKey();
    if (key == null) {
      throw new IllegalArgumentException(
          "options must have a key: options=" + options + "; use withAuthKey");
    }
    return key;
  }

  private static void send(Connection connection, byte[] message, long deadline)
      throws IOException, InterruptedException {
    if (!connection.channel().send(message, 0, message.length, deadline)) {
      throw outOfTime(connection);
    }
  }

  private static byte[] receive(Connection connection, long deadline)
      throws IOException, InterruptedException {
    byte[] message = connection.channel().receive(MOST_BYTES, deadline);
    if (message == null) {
      throw outOfTime(connection);
    }
    return message;
  }

  private static AuthenticationException outOfTime(Connection connection) {
    return new AuthenticationException(
        "no authentication within the time limit: "
            + connection
            + "; see that a listener is there, and that somebody accepts and has a key, or use a"
            + " longer handshakeLimit");
  }

  private static byte[] joined(byte[] first, byte[] second) {
    byte[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }
}
