package io.procession.connection;

import io.procession.internal.watch.Source;
import io.procession.internal.watch.Watcher;
import io.procession.internal.watch.Watchers;
import java.io.IOException;
import java.util.concurrent.locks.ReentrantLock;

/// A TLS stream in a wait for any of several: ready when there are plain bytes, or the end. One for each
/// stream that was ever waited for so.
final class TlsSource implements Source.OfJvm {
  /*
   * A look decrypts what has come, and keeps it in the stream. So what is ready need not show at the
   * socket any more, and who watches is rung by three: the socket; a reader that leaves something
   * behind; and whoever had the lock of the reading when a look wanted it.
   *
   * The last is told by `missed`: it is set before the look tries the lock once more. If that fails,
   * too, somebody has the lock who will read the word after giving it back.
   */
  private final TlsStream stream;
  private final ReentrantLock reading;
  private final Source.OfJvm socket;
  private final Watchers watchers = new Watchers();
  private volatile boolean missed;

  /// @param reading the lock of the stream's reading
  TlsSource(TlsStream stream, ReentrantLock reading, Source.OfJvm socket) {
    this.stream = stream;
    this.reading = reading;
    this.socket = socket;
  }

  @Override
  public boolean isReady() {
    if (stream.isClosed()) {
      throw new IllegalStateException("closed in this process: connection=" + stream);
    }
    try {
      if (!reading.tryLock()) {
        missed = true;
        if (!reading.tryLock()) {
          return false;
        }
      }
      try {
        return stream.hasPlain();
      } finally {
        reading.unlock();
        left(false);
      }
    } catch (IOException e) {
      return true; // receiving does not wait either, but fails
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // for the wait, which ends by it
      return false;
    }
  }

  /// Called by who has given the lock of the reading back.
  ///
  /// @param isMore whether something may be there that the socket does not show
  void left(boolean isMore) {
    if (isMore || missed) {
      missed = false;
      watchers.ring(this);
    }
  }

  @Override
  public void watch(Watcher watcher) {
    watchers.add(watcher);
    socket.watch(watcher);
    if (isReady()) { // another look may have decrypted it
      watcher.ring(this);
    }
  }

  @Override
  public void unwatch(Watcher watcher) {
    watchers.remove(watcher);
    socket.unwatch(watcher);
  }

  @Override
  public String toString() {
    return stream.toString();
  }
}
