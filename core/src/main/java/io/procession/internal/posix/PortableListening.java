package io.procession.internal.posix;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/// A listening socket by the JDK's channels.
final class PortableListening extends ListeningSocket {
  private final ServerSocketChannel channel;
  private final SelectedChannel readiness;

  /// Only for looks, which take nothing away from who waits. Guarded by this.
  private @Nullable Selector looking;

  /// Takes charge of a channel that does not block.
  PortableListening(ServerSocketChannel channel, SocketName name) {
    super(name);
    this.channel = channel;
    this.readiness = new SelectedChannel(channel);
  }

  @Override
  public @Nullable StreamSocket tryAccept() throws IOException {
    SocketChannel accepted = channel.accept();
    boolean isPrivate = name() instanceof SocketName.Local; // its file lets nobody else in
    return accepted == null ? null : PortableSockets.stream(accepted, isPrivate);
  }

  @Override
  public synchronized boolean isReadable() throws IOException {
    Selector selector = looking;
    if (selector == null) {
      selector = openSelector();
      looking = selector;
    }
    if (!channel.isOpen()) {
      throw new ClosedChannelException();
    }
    selector.selectedKeys().clear();
    return selector.selectNow() > 0;
  }

  private Selector openSelector() throws IOException {
    Selector selector = Selector.open();
    boolean done = false;
    try {
      channel.register(selector, SelectionKey.OP_ACCEPT);
      done = true;
      return selector;
    } finally {
      if (!done) {
        selector.close();
      }
    }
  }

  @Override
  public Readiness readiness() {
    return readiness;
  }

  @Override
  public void close() {
    readiness.close();
    synchronized (this) {
      if (looking != null) {
        try {
          looking.close(); // until then the system keeps the channel
        } catch (IOException e) {
          // closed all the same
        }
        looking = null;
      }
    }
  }
}
