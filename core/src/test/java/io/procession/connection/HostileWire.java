package io.procession.connection;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/// A hostile peer's end of a stream, by the JDK's own means: what it sends is not framed.
final class HostileWire extends TestStream implements AutoCloseable {
  final InputStream in;
  final OutputStream out;
  private final AutoCloseable closed;
  private final @Nullable Socket socket;

  private HostileWire(
      InputStream in, OutputStream out, AutoCloseable closed, @Nullable Socket socket) {
    this.in = in;
    this.out = out;
    this.closed = closed;
    this.socket = socket;
  }

  /// Connects.
  ///
  /// @param tls what the peer has of TLS, null if it does not speak it
  /// @param patience after so many milliseconds a read gives up, except over Unix domain sockets
  static HostileWire to(Address address, @Nullable SSLContext tls, int patience)
      throws IOException {
    if (address instanceof Address.Unix(String path)) {
      SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(path));
      return new HostileWire(
          Channels.newInputStream(channel), Channels.newOutputStream(channel), channel, null);
    }
    var plain = new Socket();
    try {
      int port = ((Address.Tcp) address).port();
      plain.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), patience);
      plain.setSoTimeout(patience);
      Socket used =
          tls == null ? plain : tls.getSocketFactory().createSocket(plain, "localhost", port, true);
      return new HostileWire(used.getInputStream(), used.getOutputStream(), used, plain);
    } catch (IOException e) {
      plain.close();
      throw e;
    }
  }

  /// Has the end be a reset, where there is such a thing.
  void resetAtClose() throws IOException {
    if (socket != null) {
      socket.setSoLinger(true, 0);
    }
  }

  /// Reads until nothing comes any more.
  void awaitEnd() throws IOException {
    byte[] bytes = new byte[256];
    int got = 0;
    while (got >= 0) {
      got = in.read(bytes);
    }
  }

  /// Gives the other end a moment to close it.
  void awaitEndShortly() throws IOException {
    if (socket != null) {
      int patience = socket.getSoTimeout();
      socket.setSoTimeout(20);
      try {
        awaitEnd();
      } catch (SocketTimeoutException e) {
        socket.setSoTimeout(patience);
      }
    }
  }

  @Override
  public int read(ByteBuffer target, long deadline) throws IOException {
    byte[] bytes = new byte[target.remaining()];
    int got = in.read(bytes);
    target.put(bytes, 0, Math.max(got, 0));
    return got;
  }

  @Override
  public void write(ByteBuffer source, long deadline) throws IOException {
    byte[] bytes = new byte[source.remaining()];
    source.get(bytes);
    out.write(bytes);
  }

  @Override
  public boolean awaitReadable(long deadline) {
    return true;
  }

  @Override
  public void close() {
    super.close();
    try {
      closed.close();
    } catch (Exception e) {
      // closed all the same
    }
  }
}
