package io.procession.internal.posix;

import java.io.IOException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/// A channel of the JDK's that does not block, and those who wait for it.
final class SelectedChannel extends Readiness {
  private final SelectableChannel channel;

  /// What the poller knows it by, once it does. Guarded by this.
  private @Nullable SelectionKey key;

  SelectedChannel(SelectableChannel channel) {
    this.channel = channel;
  }

  @Override
  public boolean isClosed() {
    return !channel.isOpen();
  }

  @Override
  void arm(int all) throws IOException {
    SelectionKey known = key;
    if (known == null) {
      key = SelectorPoller.add(channel, operations(all), this);
    } else {
      SelectorPoller.change(known, operations(all));
    }
  }

  /// Called by the poller, when something of what was asked for has come.
  synchronized void selected(SelectionKey selected) {
    int ready = selected.readyOps();
    selected.interestOps(0);
    int reads = SelectionKey.OP_READ | SelectionKey.OP_ACCEPT;
    int writes = SelectionKey.OP_WRITE | SelectionKey.OP_CONNECT;
    report(((ready & reads) != 0 ? READ : 0) | ((ready & writes) != 0 ? WRITE : 0));
  }

  void close() {
    try {
      channel.close();
    } catch (IOException e) {
      // closed all the same
    }
    wakeAll();
    synchronized (this) {
      if (key != null) {
        key = null;
        SelectorPoller.removeOne();
      }
    }
  }

  private int operations(int events) {
    int wanted = 0;
    if ((events & READ) != 0) {
      wanted |= SelectionKey.OP_READ | SelectionKey.OP_ACCEPT;
    }
    if ((events & WRITE) != 0) {
      wanted |= SelectionKey.OP_WRITE | SelectionKey.OP_CONNECT;
    }
    int possible = wanted & channel.validOps();
    boolean isConnected = !(channel instanceof SocketChannel socket) || socket.isConnected();
    return possible & ~(isConnected ? SelectionKey.OP_CONNECT : SelectionKey.OP_WRITE);
  }
}
