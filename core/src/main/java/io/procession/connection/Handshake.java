package io.procession.connection;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// Makes a connection of a stream that has just been opened: TLS and authentication, as the options
/// say, within their time limit. If that fails, the stream is closed.
///
/// Whoever is at the other end may be slow, silent or hostile: the caller is a thread of its own that
/// nobody else waits for.
final class Handshake {
  private Handshake() {}

  /// The listener's side.
  ///
  /// @param stream of which the connection is made; nobody else closes it
  /// @throws AuthenticationException if the other end does not know the key
  static Connection asListener(ByteStream stream, ConnectionOptions options)
      throws IOException, InterruptedException {
    return perform(stream, options, null);
  }

  /// The client's side.
  ///
  /// @param stream of which the connection is made; nobody else closes it
  /// @param peer whom the user asked for, null where there is no host to check
  /// @throws AuthenticationException if the other end does not know the key
  static Connection asClient(ByteStream stream, ConnectionOptions options, @Nullable TlsPeer peer)
      throws IOException, InterruptedException {
    return perform(stream, options, peer == null ? new TlsPeer("", 0) : peer);
  }

  /// @param peer whom a client asked for, null for a listener
  private static Connection perform(
      ByteStream stream, ConnectionOptions options, @Nullable TlsPeer peer)
      throws IOException, InterruptedException {
    boolean done = false;
    try {
      if (options.tls() != null || options.authKey() != null) {
        throw new UnsupportedOperationException("neither TLS nor a key yet: peer=" + peer);
      }
      boolean isTrusted =
          options.authKey() != null || options.receivesObjectsFromAnyone() || stream.isOfThisUser();
      var traits = new StreamTraits(options.codec(), options.maxMessageBytes(), isTrusted);
      Connection connection = Connection.over(stream, traits);
      done = true;
      return connection;
    } finally {
      if (!done) {
        stream.close();
      }
    }
  }
}
