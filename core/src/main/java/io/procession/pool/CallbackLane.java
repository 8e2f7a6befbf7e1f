package io.procession.pool;

import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Runs the callbacks of a pool's results: one at a time, in the order in which the results came, in a
/// virtual thread that is there as long as any is due.
///
/// Results are decoded side by side, by threads of their own. So each has a place here from when it comes, and who
/// comes behind one that is not decoded yet waits for it.
final class CallbackLane {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Deliveries deliveries = new Deliveries();

  // guarded by lock
  private final ArrayDeque<Place> places = new ArrayDeque<>();

  /// Of results that have no place, or no more.
  private final ArrayDeque<Runnable> late = new ArrayDeque<>();

  private int expected;
  private @Nullable Thread runner;

  /// No thread could be had for what is due.
  private volatile boolean isStuck;

  /// What comes before callbacks.
  Deliveries deliveries() {
    return deliveries;
  }

  /// Some result has got a callback: [#awaitIdle] waits until it has been run.
  void expect() {
    lock.lock();
    try {
      expected++;
    } finally {
      lock.unlock();
    }
  }

  /// Where a result's callbacks stand among those of others.
  static final class Place {
    // guarded by the lane's lock
    private final ArrayDeque<Runnable> due = new ArrayDeque<>(0);
    private boolean isSettled;
    private boolean isGone;
  }

  /// A result has come.
  Place arrive() {
    Place place = new Place();
    lock.lock();
    try {
      places.addLast(place);
    } finally {
      lock.unlock();
    }
    return place;
  }

  /// What has come is known, or will never be: nobody waits behind it. If no thread can be had for those, they wait
  /// for [#push].
  void settled(Place place) {
    Thread started;
    lock.lock();
    try {
      place.isSettled = true;
      started = runnerIfDue();
    } finally {
      lock.unlock();
    }
    start(started);
  }

  /// Has one run that was expected. If no thread can be had, it waits for [#push].
  ///
  /// @param place that of its result, null if it has none
  void add(Runnable callback, @Nullable Place place) {
    Thread started;
    lock.lock();
    try {
      (place == null || place.isGone ? late : place.due).addLast(callback);
      started = runnerIfDue();
    } finally {
      lock.unlock();
    }
    start(started);
  }

  /// Has one run that was expected, by this thread if there is no other.
  void run(Runnable callback, @Nullable Place place) {
    add(callback, place);
    push();
  }

  /// Runs what could not be run since no thread was to be had. Who calls it has nothing to do that a callback might wait
  /// for.
  void push() {
    if (!isStuck) {
      return;
    }
    lock.lock();
    try {
      isStuck = false;
      if (runner != null || !isDue()) {
        return;
      }
      runner = Thread.currentThread();
    } finally {
      lock.unlock();
    }
    runAll(); // on the wrong thread is better than never
  }

  private boolean isDue() {
    skipSettled();
    return !late.isEmpty() || (!places.isEmpty() && !places.getFirst().due.isEmpty());
  }

  private @Nullable Thread runnerIfDue() {
    if (runner != null || !isDue()) {
      return null;
    }
    try {
      runner = Thread.ofVirtual().name("procession-callback").unstarted(this::runAll);
    } catch (OutOfMemoryError e) {
      isStuck = true;
    }
    return runner;
  }

  private void skipSettled() {
    while (!places.isEmpty() && places.getFirst().isSettled && places.getFirst().due.isEmpty()) {
      places.removeFirst().isGone = true;
    }
  }

  private @Nullable Runnable nextDue() {
    skipSettled();
    Runnable next = places.isEmpty() ? null : places.getFirst().due.pollFirst();
    return next != null ? next : late.pollFirst();
  }

  private void start(@Nullable Thread thread) {
    if (thread == null) {
      return;
    }
    try {
      thread.start();
    } catch (OutOfMemoryError e) {
      lock.lock();
      try {
        runner = null;
        isStuck = true;
      } finally {
        lock.unlock();
      }
    }
  }

  private void runAll() {
    Runnable callback = next(false);
    while (callback != null) {
      try {
        callback.run();
      } catch (Throwable t) {
        report(t);
      }
      callback = next(true);
    }
  }

  private static void report(Throwable thrown) {
    try {
      Thread current = Thread.currentThread();
      current.getUncaughtExceptionHandler().uncaughtException(current, thrown);
    } catch (Throwable t) {
      // as the JDK does: what a handler throws is nobody's
    }
  }

  private @Nullable Runnable next(boolean hasRun) {
    lock.lock();
    try {
      if (hasRun) {
        expected--;
      }
      Runnable next = nextDue();
      if (next == null) {
        runner = null;
      }
      changed.signalAll();
      return next;
    } finally {
      lock.unlock();
    }
  }

  /// Waits until all that were expected have been run; a callback waits for none.
  @SuppressWarnings("ReferenceEquality") // a thread is nothing but itself
  void awaitIdle() throws InterruptedException {
    lock.lock();
    try {
      while (expected > 0 && runner != Thread.currentThread()) {
        changed.await();
      }
    } finally {
      lock.unlock();
    }
  }
}
