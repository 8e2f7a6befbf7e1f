package io.procession.connection;

import io.procession.internal.posix.Until;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// Makes a connection of a stream that has just been opened: TLS and authentication, as the options
/// say, within their time limit. If that fails, the stream is closed.
///
/// Whoever is at the other end may be slow, silent or hostile: the caller is a thread of its own that
/// nobody else waits for.
final class Handshake {
  private Handshake() {}

  /// True if there is anything to do but to make the connection.
  static boolean isNeeded(ConnectionOptions options) {
    return options.tls() != null || options.authKey() != null;
  }

  /// The listener's side.
  ///
  /// @param stream of which the connection is made; nobody else closes it
  /// @throws AuthenticationException if the other end does not know the key
  /// @throws javax.net.ssl.SSLException if there is no agreement on TLS
  static Connection asListener(ByteStream stream, ConnectionOptions options)
      throws IOException, InterruptedException {
    long deadline = Until.after(options.handshakeLimit());
    boolean done = false;
    try {
      TlsOptions tls = options.tls();
      ByteStream safe = tls == null ? stream : TlsStream.asListener(stream, tls, deadline);
      Connection connection = connection(safe, options);
      if (options.authKey() != null) {
        Authentication.deliver(connection, options, deadline);
        Authentication.answer(connection, options, deadline);
      }
      done = true;
      return connection;
    } finally {
      if (!done) {
        stream.close();
      }
    }
  }

  /// The client's side.
  ///
  /// @param stream of which the connection is made; nobody else closes it
  /// @param peer whom the user asked for, null where there is no host to check
  /// @throws AuthenticationException if the other end does not know the key
  /// @throws javax.net.ssl.SSLException if there is no agreement on TLS
  static Connection asClient(ByteStream stream, ConnectionOptions options, @Nullable TlsPeer peer)
      throws IOException, InterruptedException {
    long deadline = Until.after(options.handshakeLimit());
    boolean done = false;
    try {
      Connection connection = connection(safely(stream, options, peer, deadline), options);
      if (options.authKey() != null) {
        Authentication.answer(connection, options, deadline);
        Authentication.deliver(connection, options, deadline);
      }
      done = true;
      return connection;
    } finally {
      if (!done) {
        stream.close();
      }
    }
  }

  private static ByteStream safely(
      ByteStream stream, ConnectionOptions options, @Nullable TlsPeer peer, long deadline)
      throws IOException, InterruptedException {
    TlsOptions tls = options.tls();
    if (tls == null) {
      return stream;
    }
    if (peer == null) {
      throw new IllegalArgumentException(
          "TLS is for TCP: connection=" + stream + "; use options without it");
    }
    return TlsStream.asClient(stream, tls, peer, deadline);
  }

  private static Connection connection(ByteStream stream, ConnectionOptions options) {
    boolean isTrusted =
        options.authKey() != null || options.receivesObjectsFromAnyone() || stream.isOfThisUser();
    return Connection.over(
        stream, new StreamTraits(options.codec(), options.maxMessageBytes(), isTrusted));
  }
}
