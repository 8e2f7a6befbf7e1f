package io.procession.pool;

import io.procession.internal.log.LibraryLogger;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Tells the listeners of a pool what happens, in order, by a virtual thread that is there only while there
/// is something to tell.
final class Events {
  private static final int MOST = 65_536;
  private static final LibraryLogger LOG = LibraryLogger.of("io.procession.pool");

  private final String pool;
  private final List<PoolListener> listeners;

  // guarded by this
  private final ArrayDeque<Consumer<PoolListener>> waiting = new ArrayDeque<>();
  private @Nullable Thread teller;
  private boolean hasDropped;

  /// Of the thread that tells. By identity: their own `equals` may throw.
  private final Set<PoolListener> reported = Collections.newSetFromMap(new IdentityHashMap<>());

  private Events(String pool, List<PoolListener> listeners) {
    this.pool = pool;
    this.listeners = listeners;
  }

  /// What tells listeners, if there are any. A pool and its actors have one: listeners hear one thing at a time.
  static @Nullable Events of(String pool, List<PoolListener> listeners) {
    return listeners.isEmpty() ? null : new Events(pool, listeners);
  }

  /// Adds something to tell. Does not wait.
  synchronized void add(Consumer<PoolListener> event) {
    if (!enter(event)) {
      hasDropped = true;
      return;
    }
    if (teller == null) {
      try {
        Thread started =
            Thread.ofVirtual().name("procession-" + pool + "-events").unstarted(this::tell);
        teller = started;
        started.start();
      } catch (OutOfMemoryError e) {
        teller = null; // the next event tries again
      }
    }
  }

  /// Nothing else depends on it: where there is no memory for it, it is dropped.
  private boolean enter(Consumer<PoolListener> event) {
    try {
      return waiting.size() < MOST && waiting.add(event);
    } catch (OutOfMemoryError e) {
      return false;
    }
  }

  private synchronized @Nullable Consumer<PoolListener> next() {
    Consumer<PoolListener> event = waiting.pollFirst();
    if (event == null) {
      teller = null;
      notifyAll();
    }
    return event;
  }

  /// Waits until listeners have been told of everything; one of them waits for none.
  ///
  /// @param deadline of [System#nanoTime()]
  @SuppressWarnings("ReferenceEquality") // a thread is nothing but itself
  synchronized void awaitTold(long deadline) throws InterruptedException {
    long left = deadline - System.nanoTime();
    while (teller != null && teller != Thread.currentThread() && left > 0) {
      TimeUnit.NANOSECONDS.timedWait(this, Math.max(left, 1_000_000));
      left = deadline - System.nanoTime();
    }
  }

  private void tell() {
    Consumer<PoolListener> event = next();
    while (event != null) {
      for (PoolListener listener : listeners) {
        tell(event, listener);
      }
      if (wasDropped()) {
        warn("listeners are too slow, and are not told of everything", null);
      }
      event = next();
    }
  }

  private synchronized boolean wasDropped() {
    boolean dropped = hasDropped && waiting.isEmpty();
    hasDropped &= !dropped;
    return dropped;
  }

  private void tell(Consumer<PoolListener> event, PoolListener listener) {
    try {
      event.accept(listener);
    } catch (Throwable t) {
      if (reported.add(listener)) {
        warn("a listener has thrown", t);
      }
    }
  }

  /// What a handler of logs throws ends nothing here.
  private void warn(String what, @Nullable Throwable thrown) {
    try {
      LOG.log(Level.WARNING, what + ": pool=" + pool, thrown);
    } catch (Throwable t) {
      // there is nobody else to tell
    }
  }
}
