package io.procession.connection;

import io.procession.internal.posix.StreamSocket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/// A stream over a socket of this process.
final class SocketStream implements ByteStream {
  private final StreamSocket socket;

  SocketStream(StreamSocket socket) {
    this.socket = socket;
  }

  StreamSocket socket() {
    return socket;
  }

  @Override
  public int read(ByteBuffer target, long deadline) throws IOException, InterruptedException {
    return socket.read(target, deadline);
  }

  @Override
  public void write(ByteBuffer source, long deadline) throws IOException, InterruptedException {
    socket.write(source, deadline);
  }

  @Override
  public boolean awaitReadable(long deadline) throws IOException, InterruptedException {
    return socket.awaitReadable(deadline);
  }

  @Override
  public boolean isOfThisUser() {
    return socket.isOfThisUser();
  }

  @Override
  public Optional<Address> peer() {
    return Places.address(socket.peerName());
  }

  @Override
  public boolean isClosed() {
    return socket.isClosed();
  }

  @Override
  public void close() {
    socket.close();
  }

  @Override
  public String toString() {
    return socket.toString();
  }
}
