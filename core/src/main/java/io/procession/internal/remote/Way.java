package io.procession.internal.remote;

import io.procession.connection.AuthKey;
import io.procession.connection.ConnectionOptions;
import io.procession.connection.TlsOptions;
import io.procession.process.JvmProcess;
import io.procession.serial.Codec;
import io.procession.serial.NotSendableException;
import io.procession.serial.SerializableCallable;
import io.procession.shared.ElementType;
import io.procession.shared.SharedArray;
import java.io.IOException;
import java.io.InvalidObjectException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// How a server is reached that is not of this session: with which key, and what else both sides have
/// to agree on.
///
/// A process that has a way passes it on with the stubs that it sends, for other processes of its
/// session: as a note in the session's memory, which is where the keys of processes lie, too. The
/// stub itself says only where the note lies, and so shows nobody else the key. Immutable, but for the
/// note; safe for all threads.
public final class Way {
  /// How long the other side may say nothing before it counts as gone, unless somebody says otherwise.
  public static final Duration KEEP_ALIVE = Duration.ofSeconds(15);

  private final AuthKey key;
  private final @Nullable SerializableCallable<TlsOptions> tls;
  private final @Nullable Codec codec;
  private final int maxMessageBytes;
  private final Duration silence;
  private byte @Nullable [] note; // guarded by this

  /// @param key what both sides know
  /// @param tls makes the options for TLS; null for none
  /// @param codec null for the standard one
  /// @param maxMessageBytes longer messages are refused
  /// @param silence how long the other side may say nothing before it counts as gone
  public Way(
      AuthKey key,
      @Nullable SerializableCallable<TlsOptions> tls,
      @Nullable Codec codec,
      int maxMessageBytes,
      Duration silence) {
    this.key = key;
    this.tls = tls;
    this.codec = codec;
    this.maxMessageBytes = maxMessageBytes;
    this.silence = silence;
  }

  /// That of a process that knows nothing of a server but where it is: with its own key. It takes
  /// messages of any length, since it does not know which are usual there, and has chosen the server.
  static Way own() {
    return new Way(
        JvmProcess.currentProcess().authKey(),
        null,
        null,
        ConnectionOptions.MAX_MESSAGE_BYTES,
        KEEP_ALIVE);
  }

  /// How long a message may be that comes this way.
  int maxMessageBytes() {
    return maxMessageBytes;
  }

  Duration silence() {
    return silence;
  }

  Codec codec() {
    return codec == null ? Codec.standard() : codec;
  }

  /// The same for a connection.
  ///
  /// @throws IllegalStateException if the options for TLS cannot be made
  public ConnectionOptions options() {
    ConnectionOptions options =
        ConnectionOptions.defaults()
            .withAuthKey(key)
            .withMaxMessageBytes(maxMessageBytes)
            .withCodec(codec());
    if (tls == null) {
      return options;
    }
    try {
      return options.withTls(tls.call());
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException("the options for TLS cannot be made", e);
    }
  }

  /// Where other processes of the session can read it, made at the first call.
  ///
  /// @return null if it cannot be sent
  synchronized byte @Nullable [] note() {
    byte[] known = note;
    if (known == null) {
      try {
        known = Enclosed.enclose(inMemory(Enclosed.enclose(parts())));
      } catch (NotSendableException e) {
        return null; // by what makes the options for TLS, or the codec
      }
      note = known;
    }
    return known;
  }

  private @Nullable Object[] parts() {
    return new @Nullable Object[] {key.toBytes(), tls, codec, maxMessageBytes, silence};
  }

  private static SharedArray<Byte> inMemory(byte[] bytes) {
    SharedArray<Byte> memory = SharedArray.raw(ElementType.BYTE, bytes.length);
    memory.copyFrom(0, bytes, 0, bytes.length);
    return memory;
  }

  /// Reads a note that a process of this session has made.
  static Way read(byte[] note) throws IOException {
    try {
      if (Enclosed.disclose(note) instanceof SharedArray<?> memory
          && Enclosed.disclose(memory.toArray(byte[].class)) instanceof Object[] parts
          && parts.length == 5
          && parts[0] instanceof byte[] secret
          && parts[3] instanceof Integer most
          && parts[4] instanceof Duration silence) {
        Way way = new Way(AuthKey.of(secret), tls(parts[1]), (Codec) parts[2], most, silence);
        way.keep(note);
        return way;
      }
    } catch (ClassCastException e) {
      throw new IOException("no note of how a server is reached", e);
    }
    throw new InvalidObjectException("no note of how a server is reached");
  }

  @SuppressWarnings({"unchecked", "NullAway"}) // as it was written
  private static @Nullable SerializableCallable<TlsOptions> tls(@Nullable Object part) {
    return (SerializableCallable<TlsOptions>) part;
  }

  private synchronized void keep(byte[] known) {
    note = known;
  }
}
