package io.procession.connection;

import static java.util.Objects.requireNonNull;

import io.procession.serial.Codec;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/// How the two ends of a connection between programs come to trust each other, and what they
/// exchange.
///
/// Defaults: the standard codec, no key, no TLS, 10 seconds for TLS and authentication together,
/// messages of any length, objects only from who has been authenticated (by the key, or by the system
/// as a process of this user), and the digests of all Python versions.
///
/// Both ends have to agree on key and TLS: one with a key and one without wait for each other until
/// the time is up. Cannot be serialized, since a key must not travel by chance.
///
/// @param codec turns objects into bytes and back
/// @param authKey what both ends must know, or null for no authentication
/// @param tls encryption and certificates, or null for none; for TCP only
/// @param handshakeTimeout how long TLS and authentication may take together
/// @param maxMessageBytes longer messages are refused, before memory is taken for them
/// @param receivesObjectsFromAnyone whether `recv` also serves who has not been authenticated. Then
///     whoever can connect chooses which serializable classes of this program are instantiated
/// @param acceptsMd5 whether HMAC-MD5 is accepted, the only digest that Python knows before 3.12
public record ConnectionOptions(
    Codec codec,
    @Nullable AuthKey authKey,
    @Nullable TlsOptions tls,
    Duration handshakeTimeout,
    int maxMessageBytes,
    boolean receivesObjectsFromAnyone,
    boolean acceptsMd5) {
  /// The greatest length of a message: what a Java array can hold.
  public static final int MAX_MESSAGE_BYTES = Integer.MAX_VALUE - 8;

  private static final Duration HANDSHAKE_TIMEOUT =
      Duration.ofMillis(Long.getLong("procession.handshake.millis", 10_000));

  private static final ConnectionOptions DEFAULTS =
      new ConnectionOptions(
          Codec.standard(), null, null, HANDSHAKE_TIMEOUT, MAX_MESSAGE_BYTES, false, true);

  /// Checks the options.
  ///
  /// @throws IllegalArgumentException if the time or the length is not positive, or the length more
  ///     than [#MAX_MESSAGE_BYTES]
  public ConnectionOptions {
    requireNonNull(codec, "codec");
    if (!handshakeTimeout.isPositive()) {
      throw new IllegalArgumentException(
          "handshakeTimeout must be positive: handshakeTimeout=" + handshakeTimeout);
    }
    if (maxMessageBytes <= 0 || maxMessageBytes > MAX_MESSAGE_BYTES) {
      throw new IllegalArgumentException(
          "maxMessageBytes must be from 1 to "
              + MAX_MESSAGE_BYTES
              + ": maxMessageBytes="
              + maxMessageBytes);
    }
  }

  /// The default options.
  ///
  /// @return no key and no TLS
  public static ConnectionOptions defaults() {
    return DEFAULTS;
  }

  /// The same with another codec.
  ///
  /// @param newCodec turns objects into bytes and back
  /// @return new options
  public ConnectionOptions withCodec(Codec newCodec) {
    return new ConnectionOptions(
        newCodec,
        authKey,
        tls,
        handshakeTimeout,
        maxMessageBytes,
        receivesObjectsFromAnyone,
        acceptsMd5);
  }

  /// The same with mutual authentication.
  ///
  /// @param newAuthKey what both ends must know
  /// @return new options
  public ConnectionOptions withAuthKey(AuthKey newAuthKey) {
    return new ConnectionOptions(
        codec,
        requireNonNull(newAuthKey, "newAuthKey"),
        tls,
        handshakeTimeout,
        maxMessageBytes,
        receivesObjectsFromAnyone,
        acceptsMd5);
  }

  /// The same with TLS. Clients check that the server's certificate is of the host they asked for.
  ///
  /// @param context certificates, keys and whom to trust
  /// @return new options
  public ConnectionOptions withTls(SSLContext context) {
    return withTls(TlsOptions.of(context));
  }

  /// The same with TLS.
  ///
  /// @param newTls certificates, keys and whom to trust
  /// @return new options
  public ConnectionOptions withTls(TlsOptions newTls) {
    return new ConnectionOptions(
        codec,
        authKey,
        requireNonNull(newTls, "newTls"),
        handshakeTimeout,
        maxMessageBytes,
        receivesObjectsFromAnyone,
        acceptsMd5);
  }

  /// The same with another time limit for TLS and authentication together.
  ///
  /// @param newTimeout how long they may take
  /// @return new options
  public ConnectionOptions withHandshakeTimeout(Duration newTimeout) {
    return new ConnectionOptions(
        codec, authKey, tls, newTimeout, maxMessageBytes, receivesObjectsFromAnyone, acceptsMd5);
  }

  /// The same with another limit for the length of messages that are received.
  ///
  /// @param newMaxMessageBytes most bytes
  /// @return new options
  public ConnectionOptions withMaxMessageBytes(int newMaxMessageBytes) {
    return new ConnectionOptions(
        codec,
        authKey,
        tls,
        handshakeTimeout,
        newMaxMessageBytes,
        receivesObjectsFromAnyone,
        acceptsMd5);
  }

  /// The same, and `recv` serves whoever can connect. Only for a network in which everybody may run
  /// code in this program.
  ///
  /// @return new options
  public ConnectionOptions receivingObjectsFromAnyone() {
    return new ConnectionOptions(
        codec, authKey, tls, handshakeTimeout, maxMessageBytes, true, acceptsMd5);
  }

  /// The same, without the weak digest: refuses Python before 3.12, and who pretends to be one.
  ///
  /// @return new options
  public ConnectionOptions refusingMd5() {
    return new ConnectionOptions(
        codec, authKey, tls, handshakeTimeout, maxMessageBytes, receivesObjectsFromAnyone, false);
  }
}
