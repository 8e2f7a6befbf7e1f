package io.procession.pool;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// A place for a worker, and the thread that reads its results and replaces it when it dies.
///
/// The thread is started before the first worker: where no thread can be had, nothing is left behind.
final class Seat implements Runnable {
  /// Where the first worker comes from.
  sealed interface Origin {
    /// It is started by another thread, which then either calls [#take] or [#abandon].
    record Given() implements Origin {}

    /// It fills a place that was empty.
    record Added() implements Origin {}

    /// It is a larger one, for tasks that have run out of memory.
    record Larger() implements Origin {}

    /// It takes the place of another worker.
    record Relief(Link former) implements Origin {}
  }

  private static final long FIRST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
  private static final long LONGEST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Crew crew;
  private final Thread thread;
  private final Origin origin;
  private volatile @Nullable Link link; // written under this
  private volatile boolean isAbandoned;
  private boolean isRelieved; // guarded by this
  private long pause; // of the thread
  private int vainStarts; // of the thread

  Seat(Crew crew, String threadName, Origin origin) {
    this.crew = crew;
    this.origin = origin;
    this.thread = Thread.ofPlatform().daemon().name(threadName).unstarted(this);
  }

  Thread thread() {
    return thread;
  }

  /// The worker that has the place now.
  @Nullable Link link() {
    return link;
  }

  synchronized void take(Link worker) {
    link = worker;
    LockSupport.unpark(thread);
  }

  /// The worker has been buried.
  ///
  /// @return whether another has its place by now, or will have
  synchronized boolean leave() {
    link = null;
    return isRelieved;
  }

  /// There will be no first worker.
  void abandon() {
    isAbandoned = true;
    LockSupport.unpark(thread);
  }

  /// Has another worker be started, at a place of its own, that will take over from this one's.
  @SuppressWarnings("ReferenceEquality") // a worker is nothing but itself
  synchronized void relieve(Link worker) {
    if (link == worker) {
      isRelieved = crew.relieve(worker);
    }
  }

  void enlarge() {
    crew.enlarge();
  }

  /// Something went wrong that concerns all of the pool.
  void fail(Throwable reason) {
    crew.fail("a thread of the pool failed", reason);
  }

  boolean isForLarge() {
    return origin instanceof Origin.Larger;
  }

  /// How many starts were in vain since one was not.
  int vainStarts() {
    return vainStarts;
  }

  /// How long to wait before the next start here: longer after each that was in vain.
  long pause() {
    return pause;
  }

  void startedInVain() {
    vainStarts++;
    pause = pause == 0 ? FIRST_PAUSE_NANOS : Math.min(2 * pause, LONGEST_PAUSE_NANOS);
  }

  void served() {
    vainStarts = 0;
    pause = 0;
  }

  @Override
  public void run() {
    Succession succession = crew.succession();
    try {
      Link current =
          switch (origin) {
            case Origin.Given _ -> awaitFirst();
            case Origin.Added _ -> succession.fill(this);
            case Origin.Larger _ -> succession.fillLarger(this);
            case Origin.Relief relief -> succession.takeOver(this, relief.former());
          };
      while (current != null) {
        while (!current.read()) {
          LockSupport.park(this);
        }
        boolean served = current.bury();
        current = succession.replace(this, current, served);
      }
    } catch (Throwable t) {
      fail(t);
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
