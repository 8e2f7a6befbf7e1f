package io.procession.connection;

import io.procession.internal.arena.WatchBells;
import io.procession.internal.watch.Source;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.IllegalBlockingModeException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The channels of the JDK in one wait. One selector is for looks, by the waiting thread; another, once
/// it has to sleep, for a thread that rings the bell when a channel is ready.
final class ChannelSelection {
  private static final long IDLE_MILLIS = 100;

  /// Threads that sleep in a selector for others.
  private static final ThreadPoolExecutor LISTENERS =
      new ThreadPoolExecutor(
          0,
          Integer.MAX_VALUE,
          IDLE_MILLIS,
          TimeUnit.MILLISECONDS,
          new SynchronousQueue<>(),
          Thread.ofPlatform().daemon().name("procession-selector-", 0).factory());

  private final List<Source.OfChannel> sources;
  private final WatchBells bells;
  private final Selector looking;
  private @Nullable Selector listening;
  private volatile boolean isListening;

  private ChannelSelection(List<Source.OfChannel> sources, WatchBells bells) {
    this.sources = sources;
    this.bells = bells;
    this.looking = open();
  }

  /// The channels among the objects of a wait; null if there are none.
  ///
  /// @throws IllegalStateException if one is closed or in blocking mode; the message names it
  static @Nullable ChannelSelection of(List<? extends AnyWait.Entry<?>> entries, WatchBells bells) {
    List<Source.OfChannel> sources = new ArrayList<>();
    for (AnyWait.Entry<?> entry : entries) {
      if (entry.source instanceof Source.OfChannel selected) {
        sources.add(selected);
      }
    }
    return sources.isEmpty() ? null : new ChannelSelection(sources, bells);
  }

  /// Asks the system about all.
  void look() {
    try {
      looking.selectedKeys().clear();
      looking.selectNow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Whether a channel was ready at the last look.
  ///
  /// @throws IllegalStateException if it has been closed
  boolean isReady(Source.OfChannel source) {
    SelectionKey key = source.channel().keyFor(looking);
    if (key == null || !key.isValid()) {
      throw closed(source);
    }
    return looking.selectedKeys().contains(key) && (key.readyOps() & source.operations()) != 0;
  }

  /// Has the bell be rung when a channel is ready.
  void listen() {
    if (isListening) {
      return;
    }
    Selector selector = listening;
    if (selector == null) {
      selector = open();
      listening = selector;
    }
    Selector chosen = selector;
    isListening = true;
    boolean done = false;
    try {
      LISTENERS.execute(() -> listen(chosen));
      done = true;
    } catch (RejectedExecutionException | OutOfMemoryError e) {
      // no thread can be had: the wait looks for itself at the end of its slice
    } finally {
      if (!done) { // else it may have ended already, and says so itself
        isListening = false;
      }
    }
  }

  private void listen(Selector selector) {
    try {
      selector.selectedKeys().clear();
      selector.select();
    } catch (IOException | ClosedSelectorException e) {
      // the wait has ended, or finds out for itself
    } finally {
      isListening = false;
      if (selector.isOpen()) {
        bells.ringSelf();
      }
    }
  }

  void close() {
    try {
      looking.close();
      if (listening != null) {
        listening.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// A selector with all channels.
  private Selector open() {
    boolean done = false;
    Selector selector = null;
    try {
      selector = Selector.open();
      for (Source.OfChannel source : sources) {
        register(selector, source);
      }
      done = true;
      return selector;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      if (!done && selector != null) {
        closeQuietly(selector);
      }
    }
  }

  private static void register(Selector selector, Source.OfChannel source) throws IOException {
    try {
      SelectionKey key = source.channel().keyFor(selector);
      int others = key == null ? 0 : key.interestOps();
      source.channel().register(selector, others | source.operations());
    } catch (IllegalBlockingModeException e) {
      throw new IllegalStateException(
          "a channel is waited for in non-blocking mode: channel="
              + source
              + "; call configureBlocking(false)",
          e);
    } catch (ClosedChannelException e) {
      throw closed(source);
    }
  }

  private static void closeQuietly(Selector selector) {
    try {
      selector.close();
    } catch (IOException e) {
      // the reason why it is closed is thrown
    }
  }

  private static IllegalStateException closed(Source.OfChannel source) {
    return new IllegalStateException("closed in this process: channel=" + source);
  }
}
