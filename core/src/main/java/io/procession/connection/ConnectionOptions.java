package io.procession.connection;

import io.procession.internal.check.Property;
import io.procession.internal.check.Require;
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
/// A release may add components: make them by `defaults()` and its methods, not by the constructor.
///
/// @param codec turns objects into bytes and back
/// @param authKey what both ends must know, or null for no authentication
/// @param tls encryption and certificates, or null for none; for TCP only
/// @param handshakeLimit how long TLS and authentication may take together
/// @param maxMessageBytes longer messages are refused, before memory is taken for them
/// @param receivesObjectsFromAnyone whether `recv` also serves who has not been authenticated. Then
///     whoever can connect chooses which serializable classes of this program are instantiated
/// @param acceptsMd5 whether HMAC-MD5 is accepted, the only digest that Python knows before 3.12
public record ConnectionOptions(
    Codec codec,
    @Nullable AuthKey authKey,
    @Nullable TlsOptions tls,
    Duration handshakeLimit,
    int maxMessageBytes,
    boolean receivesObjectsFromAnyone,
    boolean acceptsMd5) {
  /// The greatest length of a message: what a Java array can hold.
  public static final int MAX_MESSAGE_BYTES = Integer.MAX_VALUE - 8;

  private static final Duration HANDSHAKE_LIMIT =
      Duration.ofMillis(Property.number("procession.handshake.millis", 10_000));

  private static final ConnectionOptions DEFAULTS =
      new ConnectionOptions(
          Codec.standard(), null, null, HANDSHAKE_LIMIT, MAX_MESSAGE_BYTES, false, true);

  /// Checks the options.
  ///
  /// @throws IllegalArgumentException if the time or the length is not positive, or the length more
  ///     than [#MAX_MESSAGE_BYTES]
  public ConnectionOptions {
    Require.notNull("codec", codec);
    Require.positive("handshakeLimit", handshakeLimit, "10 s are the default");
    Require.between("maxMessageBytes", maxMessageBytes, 1, MAX_MESSAGE_BYTES);
  }

  /// The default options.
  ///
  /// @return no key and no TLS
  public static ConnectionOptions defaults() {
    return DEFAULTS;
  }

  /// Sets what turns objects into bytes and back.
  ///
  /// @param newCodec the codec
  /// @return options with this codec
  public ConnectionOptions withCodec(Codec newCodec) {
    Draft draft = new Draft(this);
    draft.codec = newCodec;
    return draft.options();
  }

  /// Sets what both ends must know.
  ///
  /// @param key the key; null for no authentication
  /// @return options with this key
  public ConnectionOptions withAuthKey(@Nullable AuthKey key) {
    Draft draft = new Draft(this);
    draft.authKey = key;
    return draft.options();
  }

  /// Sets TLS. Clients check that the server's certificate is of the host they asked for.
  ///
  /// @param context certificates, keys and whom to trust
  /// @return options with TLS
  public ConnectionOptions withTls(SSLContext context) {
    return withTls(TlsOptions.of(context));
  }

  /// Sets TLS.
  ///
  /// @param newTls certificates, keys and whom to trust; null for none
  /// @return options with that
  public ConnectionOptions withTls(@Nullable TlsOptions newTls) {
    Draft draft = new Draft(this);
    draft.tls = newTls;
    return draft.options();
  }

  /// Sets how long TLS and authentication may take together.
  ///
  /// @param limit how long
  /// @return options with this limit
  /// @throws IllegalArgumentException if it is not positive
  public ConnectionOptions withHandshakeLimit(Duration limit) {
    Draft draft = new Draft(this);
    draft.handshakeLimit = limit;
    return draft.options();
  }

  /// Sets which messages are refused for their length.
  ///
  /// @param most most bytes of one that is received
  /// @return options with this limit
  /// @throws IllegalArgumentException if it is not positive, or more than [#MAX_MESSAGE_BYTES]
  public ConnectionOptions withMaxMessageBytes(int most) {
    Draft draft = new Draft(this);
    draft.maxMessageBytes = most;
    return draft.options();
  }

  /// Sets whether `recv` serves whoever can connect. Only for a network in which everybody may run
  /// code in this program.
  ///
  /// @param does whether it does
  /// @return options with that
  public ConnectionOptions withObjectsFromAnyone(boolean does) {
    Draft draft = new Draft(this);
    draft.receivesObjectsFromAnyone = does;
    return draft.options();
  }

  /// Sets whether the weak digest is accepted. Without it Python before 3.12 is refused, and who
  /// pretends to be one.
  ///
  /// @param does whether it is
  /// @return options with that
  public ConnectionOptions withMd5(boolean does) {
    Draft draft = new Draft(this);
    draft.acceptsMd5 = does;
    return draft.options();
  }

  /// Options in the making.
  private static final class Draft {
    Codec codec;
    @Nullable AuthKey authKey;
    @Nullable TlsOptions tls;
    Duration handshakeLimit;
    int maxMessageBytes;
    boolean receivesObjectsFromAnyone;
    boolean acceptsMd5;

    Draft(ConnectionOptions from) {
      codec = from.codec;
      authKey = from.authKey;
      tls = from.tls;
      handshakeLimit = from.handshakeLimit;
      maxMessageBytes = from.maxMessageBytes;
      receivesObjectsFromAnyone = from.receivesObjectsFromAnyone;
      acceptsMd5 = from.acceptsMd5;
    }

    ConnectionOptions options() {
      return new ConnectionOptions(
          codec,
          authKey,
          tls,
          handshakeLimit,
          maxMessageBytes,
          receivesObjectsFromAnyone,
          acceptsMd5);
    }
  }
}
