package io.procession.process;

import io.procession.internal.arena.ExitHooks;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// What is done when the task of a process that is a thread has returned or thrown, as at the end of a
/// JVM: its other threads and the children that keep it alive are waited for, its hooks run, and what is
/// left then is left behind.
final class ThreadEnd implements Runnable {
  private static final long LOOK_MILLIS = 20;

  /// For threads that are left behind to leave their waits.
  private static final long LEAVE_NANOS = 200_000_000;

  private final ThreadProcess process;
  private final ThreadStop stop;
  private final LocalThreads threads;

  ThreadEnd(ThreadProcess process) {
    this.process = process;
    this.stop = process.stop();
    this.threads = process.threads();
  }

  @Override
  public void run() {
    CurrentProcess current = process.here().find(CurrentProcess.class);
    awaitOthers();
    if (current != null) {
      endChildren(current);
      if (stop.isAsked()) {
        threads.keepQuietAboutExits();
      }
      ExitHooks.runOfLocal();
    }
    threads.keepQuietAboutExits();
    stop.noteTold();
    stop.end();
    awaitAllLeft();
  }

  private boolean isAbrupt() {
    return stop.isAsked() || process.here().isExiting();
  }

  private void awaitOthers() {
    List<Thread> others = threads.living();
    while (!others.isEmpty() && !process.here().isExiting() && stop.nanosLeft() > 0) {
      // not at once for as long as it lives: the process may be asked to stop
      join(others.getFirst(), LOOK_MILLIS);
      others = threads.living();
    }
  }

  private void endChildren(CurrentProcess current) {
    for (Child child : current.runningChildren()) {
      if (!child.isDaemon()) {
        awaitUnlessAbrupt(child);
        child.abandon();
      }
    }
  }

  private void awaitUnlessAbrupt(Child child) {
    boolean hasEnded = false;
    while (!hasEnded && !isAbrupt()) {
      try {
        hasEnded = child.awaitEnd(TimeUnit.MILLISECONDS.toNanos(LOOK_MILLIS));
      } catch (InterruptedException e) {
        // nobody knows this thread
      }
    }
  }

  private void awaitAllLeft() {
    long deadline = System.nanoTime() + LEAVE_NANOS;
    for (Thread thread : threads.all()) {
      long left = deadline - System.nanoTime();
      if (left > 0) {
        join(thread, TimeUnit.NANOSECONDS.toMillis(left) + 1);
      }
    }
  }

  private static void join(Thread thread, long millis) {
    try {
      thread.join(millis);
    } catch (InterruptedException e) {
      // nobody knows this thread
    }
  }
}
