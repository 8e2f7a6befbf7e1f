package io.procession.connection;

import static java.util.Objects.requireNonNull;

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
  static Connection asListener(ByteStream stream, ConnectionOptions options)
      throws IOException, InterruptedException {
    long deadline = Deadline.after(options.handshakeTimeout());
    boolean done = false;
    try {
      Connection connection = connection(stream, options);
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
  static Connection asClient(ByteStream stream, ConnectionOptions options, @Nullable TlsPeer peer)
      throws IOException, InterruptedException {
    long deadline = Deadline.after(options.handshakeTimeout());
    boolean done = false;
    try {
      if (options.tls() != null) {
        requireNonNull(peer, "TLS is for TCP");
      }
      Connection connection = connection(stream, options);
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

  private static Connection connection(ByteStream stream, ConnectionOptions options) {
    boolean isTrusted =
        options.authKey() != null || options.receivesObjectsFromAnyone() || stream.isOfThisUser();
    return Connection.over(
        stream, new StreamTraits(options.codec(), options.maxMessageBytes(), isTrusted));
  }
}
