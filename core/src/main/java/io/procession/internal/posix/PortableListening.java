package io.procession.internal.posix;

import java.io.IOException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/// A listening socket by the JDK's channels.
final class PortableListening extends ListeningSocket {
  private final ServerSocketChannel channel;
  private final SelectedChannel readiness;

  /// One that was accepted to see whether there is one. Guarded by this.
  private @Nullable SocketChannel ahead;

  /// Takes charge of a channel that does not block.
  PortableListening(ServerSocketChannel channel, SocketName name) {
    super(name);
    this.channel = channel;
    this.readiness = new SelectedChannel(channel);
  }

  @Override
  public @Nullable StreamSocket tryAccept() throws IOException {
    SocketChannel accepted;
    synchronized (this) {
      accepted = ahead != null ? ahead : channel.accept();
      ahead = null;
    }
    boolean isPrivate = name() instanceof SocketName.Local; // its file lets nobody else in
    return accepted == null ? null : PortableSockets.stream(accepted, isPrivate);
  }

  @Override
  public synchronized boolean isReadable() throws IOException {
    if (ahead == null) {
      ahead = channel.accept();
    }
    return ahead != null;
  }

  @Override
  public Readiness readiness() {
    return readiness;
  }

  @Override
  public void close() {
    readiness.close();
    synchronized (this) {
      if (ahead != null) {
        try {
          ahead.close();
        } catch (IOException e) {
          // closed all the same
        }
        ahead = null;
      }
    }
  }
}
