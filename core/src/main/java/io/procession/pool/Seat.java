package io.procession.pool;

import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// A place for a worker, and the thread that reads its results and replaces it when it dies.
final class Seat implements Runnable {
  private final Crew crew;
  private final Thread thread;
  private volatile @Nullable Link link;

  Seat(Crew crew, String threadName) {
    this.crew = crew;
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
  }

  @Override
  public void run() {
    try {
      Link current = link;
      while (current != null) {
        while (!current.read()) {
          LockSupport.park(this);
        }
        boolean served = current.bury();
        link = null;
        current = crew.replace(this, current.certificate(), served);
      }
    } catch (Throwable t) {
      crew.fail("a thread of the pool failed", t);
    }
  }
}
