package io.procession.pool;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// A place for a worker, and the thread that reads its results and replaces it when it dies.
///
/// The thread is started before the first worker: where no thread can be had, nothing is left behind.
final class Seat implements Runnable {
  private static final long FIRST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
  private static final long LONGEST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Crew crew;
  private final Thread thread;
  private final boolean isGiven;
  private volatile @Nullable Link link;
  private volatile boolean isAbandoned;
  private long pause; // of the thread

  /// @param isGiven whether the first worker is started by another thread, which then either calls
  ///     [#take] or [#abandon]
  Seat(Crew crew, String threadName, boolean isGiven) {
    this.crew = crew;
    this.isGiven = isGiven;
    this.thread = Thread.ofPlatform().daemon().name(threadName).unstarted(this);
  }

  Thread thread() {
    return thread;
  }

  /// The worker that has the place now.
  @Nullable Link link() {
    return link;
  }

  void take(Link worker) {
    link = worker;
    LockSupport.unpark(thread);
  }

  /// The worker has been buried.
  void leave() {
    link = null;
  }

  /// There will be no first worker.
  void abandon() {
    isAbandoned = true;
    LockSupport.unpark(thread);
  }

  /// How long to wait before the next start here: longer after each that was in vain.
  long pause() {
    return pause;
  }

  void startedInVain() {
    pause = pause == 0 ? FIRST_PAUSE_NANOS : Math.min(2 * pause, LONGEST_PAUSE_NANOS);
  }

  void served() {
    pause = 0;
  }

  @Override
  public void run() {
    try {
      Link current = isGiven ? awaitFirst() : crew.fill(this);
      while (current != null) {
        while (!current.read()) {
          LockSupport.park(this);
        }
        boolean served = current.bury();
        current = crew.replace(this, current.certificate(), served);
      }
    } catch (Throwable t) {
      crew.fail("a thread of the pool failed", t);
    }
  }

  private @Nullable Link awaitFirst() {
    Link first = link;
    while (first == null && !isAbandoned) {
      LockSupport.park(this);
      first = link;
    }
    return first;
  }
}
