package io.procession.internal.posix;

import java.io.IOException;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What [Poller] is, by a selector of the JDK's.
final class SelectorPoller {
  private static final Object LOCK = new Object();
  private static final long IDLE_MILLIS = 200;

  private static @Nullable SelectorPoller running; // guarded by LOCK
  private static int registered; // guarded by LOCK

  private final Selector selector;

  private SelectorPoller(Selector selector) {
    this.selector = selector;
  }

  /// Begins to watch a channel.
  static SelectionKey add(SelectableChannel channel, int operations, SelectedChannel owner)
      throws IOException {
    synchronized (LOCK) {
      SelectorPoller poller = running;
      if (poller == null) {
        poller = start();
        running = poller;
      }
      SelectionKey key = channel.register(poller.selector, operations, owner);
      registered++;
      poller.selector.wakeup();
      return key;
    }
  }

  /// Watches for these operations, until one has come.
  static void change(SelectionKey key, int operations) throws IOException {
    try {
      key.interestOps(operations);
      key.selector().wakeup();
    } catch (CancelledKeyException e) {
      ClosedChannelException closed = new ClosedChannelException();
      closed.initCause(e);
      throw closed;
    }
  }

  /// Ends what [#add] began, after its channel was closed: only the selector closes it for good.
  static void removeOne() {
    synchronized (LOCK) {
      registered--;
      SelectorPoller poller = running;
      if (poller != null) {
        poller.selector.wakeup();
      }
    }
  }

  private static SelectorPoller start() throws IOException {
    Selector selector = Selector.open();
    SelectorPoller poller = null;
    try {
      SelectorPoller made = new SelectorPoller(selector);
      Thread.ofPlatform().daemon().name("procession-poller").start(new Steadfast(made::poll));
      poller = made;
      return made;
    } catch (OutOfMemoryError e) {
      throw new IOException("no thread can be had to wait for sockets", e);
    } finally {
      if (poller == null) {
        selector.close();
      }
    }
  }

  private void poll(boolean afterError) throws IOException {
    if (afterError) { // what was being reported may be lost
      for (SelectionKey key : Set.copyOf(selector.keys())) {
        ((SelectedChannel) key.attachment()).wakeAll();
      }
    }
    while (true) {
      boolean isIdle;
      synchronized (LOCK) {
        isIdle = registered == 0;
      }
      int count = selector.select(SelectorPoller::report, isIdle ? IDLE_MILLIS : 0);
      if (count == 0 && isIdle && hasEnded()) {
        return;
      }
    }
  }

  private static void report(SelectionKey key) {
    try {
      ((SelectedChannel) key.attachment()).selected(key);
    } catch (CancelledKeyException e) {
      // closed meanwhile, and its waiters know
    }
  }

  private boolean hasEnded() {
    synchronized (LOCK) {
      if (registered != 0) {
        return false;
      }
      running = null;
      try {
        selector.close();
      } catch (IOException e) {
        // closed all the same
      }
      return true;
    }
  }
}
