package io.procession.connection;

import io.procession.internal.posix.ListeningSocket;
import io.procession.internal.posix.StreamSocket;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// Streams as they arrive at a socket of this process.
///
/// @param socket closed by who has the door
record SocketDoor(ListeningSocket socket) implements Reception.Door {
  @Override
  public @Nullable ByteStream accept(long deadline) throws IOException, InterruptedException {
    StreamSocket stream = socket.accept(deadline);
    return stream == null ? null : new SocketStream(stream);
  }

  @Override
  public boolean isClosed() {
    return socket.isClosed();
  }

  @Override
  public String toString() {
    return "listener at " + socket;
  }
}
