package io.procession.pool;

import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Runs the callbacks of a pool's results: one at a time, in the order in which they were due, in a
/// virtual thread that is there as long as any is.
final class CallbackLane {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Deliveries deliveries = new Deliveries();

  // guarded by lock
  private final ArrayDeque<Runnable> due = new ArrayDeque<>();
  private int expected;
  private @Nullable Thread runner;

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

  /// Has one run that was expected.
  void run(Runnable callback) {
    Thread started = null;
    lock.lock();
    try {
      due.addLast(callback);
      if (runner == null) {
        started = Thread.ofVirtual().name("procession-callback").unstarted(this::runAll);
        runner = started;
      }
    } finally {
      lock.unlock();
    }
    if (started != null) {
      start(started);
    }
  }

  private void start(Thread thread) {
    try {
      thread.start();
    } catch (OutOfMemoryError e) {
      runAll(); // on the wrong thread is better than never
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
      Runnable next = due.pollFirst();
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
