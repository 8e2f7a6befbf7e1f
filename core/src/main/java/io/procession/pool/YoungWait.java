package io.procession.pool;

import io.procession.internal.posix.AsymmetricFence;
import io.procession.internal.ring.MessageRing;
import io.procession.serial.LargeArrays;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// How a worker waits for its next task while it is young: it polls. To sleep and to wake others takes native
/// calls, which take a young JVM longer to link than to do a thousand small tasks; they are linked meanwhile, by a
/// thread of its own, once the worker has something done or finds nothing to do. The pool polls as long as its
/// worker is young, so that need not wake it ([BoardLayout]).
///
/// It runs in a young JVM.
final class YoungWait implements Runnable {
  private static final long POLL_NANOS = 100_000;

  /// So many polls in vain are a pause in which to link.
  private static final int MOST_POLLS = 50;

  private final Board board;
  private boolean hasBegun; // of the worker's thread
  private int polls; // of the worker's thread
  private volatile boolean isOver;

  YoungWait(Board board) {
    this.board = board;
  }

  /// Whether the worker is to wait as others do.
  boolean isOver() {
    return isOver;
  }

  /// Takes the next task if it is there; if not, rests for a moment.
  ///
  /// @param arrays gets its long arrays
  byte @Nullable [] poll(MessageRing tasks, LargeArrays arrays) throws InterruptedException {
    byte[] message = tasks.take(System.nanoTime(), arrays);
    if (message == null) {
      if (++polls > MOST_POLLS) {
        link();
      }
      LockSupport.parkNanos(this, POLL_NANOS);
    }
    return message;
  }

  /// The worker has done its first task, or has nothing to do.
  void link() {
    if (!hasBegun) {
      hasBegun = true;
      try {
        Thread thread = new Thread(null, this, "procession-link", 0, false);
        thread.setDaemon(true);
        thread.start();
      } catch (OutOfMemoryError e) {
        run(); // no thread: this one must do
      }
    }
  }

  @Override
  public void run() {
    try {
      AsymmetricFence.register();
      board.wakeNobody();
    } finally {
      board.sayGrown();
      isOver = true;
    }
  }
}
