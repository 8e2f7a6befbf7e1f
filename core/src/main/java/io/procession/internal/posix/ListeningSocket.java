package io.procession.internal.posix;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import org.jspecify.annotations.Nullable;

/// A socket at which streams arrive. Safe for all threads.
public abstract sealed class ListeningSocket permits NativeListening, PortableListening {
  private final SocketName name;

  ListeningSocket(SocketName name) {
    this.name = name;
  }

  /// Where it listens, with the real port.
  public final SocketName name() {
    return name;
  }

  /// The next stream; waits for it.
  ///
  /// @return null at the deadline
  /// @throws ClosedChannelException if it is closed here, [AsynchronousCloseException] if meanwhile
  public final @Nullable StreamSocket accept(long deadline)
      throws IOException, InterruptedException {
    while (true) {
      StreamSocket accepted = tryAccept();
      if (accepted != null) {
        return accepted;
      }
      if (!readiness().await(Readiness.READ, deadline)) {
        return null;
      }
    }
  }

  /// The next stream if one has arrived, or null. Does not wait.
  public abstract @Nullable StreamSocket tryAccept() throws IOException;

  /// Whether a stream has arrived.
  public abstract boolean isReadable() throws IOException;

  /// How to be told that one has.
  public abstract Readiness readiness();

  public final boolean isClosed() {
    return readiness().isClosed();
  }

  /// Closes it; who waits is told. Leaves the file of a Unix domain socket, which may not be its own
  /// any more.
  public abstract void close();

  @Override
  public final String toString() {
    return name.toString();
  }
}
