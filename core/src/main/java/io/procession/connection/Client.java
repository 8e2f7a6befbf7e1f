package io.procession.connection;

import static java.util.Objects.requireNonNull;

import io.procession.internal.check.Require;
import io.procession.internal.posix.SocketName;
import io.procession.internal.posix.Sockets;
import io.procession.internal.posix.StreamSocket;
import io.procession.internal.posix.Until;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Opens connections to [Listener]s, in Java or in Python.
public final class Client {
  private Client() {}

  /// Connects to an address; waits as long as the system does.
  ///
  /// @param address where a listener is
  /// @return the connection
  /// @throws ConnectException if nobody listens there
  /// @throws IOException if there is no such host, or the system refuses for another reason
  /// @throws InterruptedException if interrupted while waiting
  public static Connection connect(Address address) throws IOException, InterruptedException {
    return connect(address, ConnectionOptions.defaults());
  }

  /// Connects to an address; waits as long as the system does.
  ///
  /// @param address where a listener is
  /// @param options how the connection is to be, with the time limit of its handshake
  /// @return the connection
  /// @throws ConnectException if nobody listens there
  /// @throws AuthenticationException if the listener does not know the key
  /// @throws IOException if there is no such host, or the system refuses for another reason
  /// @throws InterruptedException if interrupted while waiting
  public static Connection connect(Address address, ConnectionOptions options)
      throws IOException, InterruptedException {
    return connect(address, options, Until.FOREVER);
  }

  /// Connects to an address, with a time limit.
  ///
  /// @param address where a listener is
  /// @param options how the connection is to be, with the time limit of its handshake
  /// @param limit how long to wait at most until the system has connected, of which each address of a host
  ///     has a share; the handshake comes after that
  /// @return the connection
  /// @throws SocketTimeoutException if nobody answers in time
  /// @throws ConnectException if nobody listens there
  /// @throws AuthenticationException if the listener does not know the key
  /// @throws IOException if there is no such host, or the system refuses for another reason
  /// @throws InterruptedException if interrupted while waiting
  public static Connection connect(Address address, ConnectionOptions options, Duration limit)
      throws IOException, InterruptedException {
    return connect(address, options, Until.after(limit));
  }

  private static Connection connect(Address address, ConnectionOptions options, long deadline)
      throws IOException, InterruptedException {
    Require.notNull("options", options);
    checkPort(address);
    TlsPeer peer =
        address instanceof Address.Tcp(String host, int port) ? new TlsPeer(host, port) : null;
    return Handshake.asClient(new SocketStream(open(address, deadline)), options, peer);
  }

  /// Tries all addresses of a host, one after the other. Each has a share of the time, so that the next is
  /// tried if one is silent.
  private static StreamSocket open(Address address, long deadline)
      throws IOException, InterruptedException {
    IOException failure = null;
    List<SocketName> names = Places.resolve(address);
    for (int i = 0; i < names.size(); i++) {
      try {
        return Sockets.current().connect(names.get(i), Until.share(deadline, names.size() - i));
      } catch (IOException e) {
        failure = firstOf(failure, e);
      }
    }
    throw Places.cannotConnect(address, requireNonNull(failure));
  }

  private static IOException firstOf(@Nullable IOException first, IOException next) {
    if (first == null) {
      return next;
    }
    first.addSuppressed(next);
    return first;
  }

  private static void checkPort(Address address) {
    if (address instanceof Address.Tcp(String _, int port) && port == 0) {
      throw new IllegalArgumentException(
          "a client needs the listener's port: address=" + address + "; ask Listener.address()");
    }
  }
}
