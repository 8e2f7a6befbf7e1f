package io.procession.queue;

import io.procession.internal.arena.ExitHooks;
import io.procession.internal.arena.LastWords;
import io.procession.internal.log.LibraryLogger;
import io.procession.internal.posix.Interruption;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The buffer of a [BufferedQueue] and the thread that empties it. It does not lead to the queue
/// object, so that it goes on when nobody reaches that any more.
final class Sender<E> {
  private static final int MOST = 256;
  private static final int MOST_BYTES = 64 << 10;

  private final Outlet<E> outlet;
  private final String name;

  // guarded by lock
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition work = lock.newCondition();
  private final Condition quiet = lock.newCondition();
  private final Deque<Object> buffer = new ArrayDeque<>();
  private int underway;
  private boolean closed;
  private boolean joinCancelled;
  private @Nullable Thread thread;
  private ExitHooks.@Nullable Hook hook;
  private @Nullable Throwable failure;
  private @Nullable Runnable afterwards;

  Sender(Outlet<E> outlet, String name) {
    this.outlet = outlet;
    this.name = name;
  }

  Object prepare(E element) {
    return outlet.prepare(element);
  }

  /// Adds what is to be sent. Never waits for the queue.
  void add(Collection<Object> prepared) {
    lock.lock();
    try {
      if (closed) {
        throw new IllegalStateException("closed in this process: queue=" + name);
      }
      if (failure instanceof QueueShutDownException) {
        throw new QueueShutDownException(name);
      }
      if (failure != null) {
        throw new IllegalStateException(
            "its sender has ended, since the queue behind it failed: queue=" + name, failure);
      }
      if (!prepared.isEmpty()) {
        startOnce();
        buffer.addAll(prepared);
        work.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  private void startOnce() {
    if (thread == null) {
      ExitHooks.Hook added =
          joinCancelled
              ? null
              : ExitHooks.addIfNeeded(
                  "flush-" + name, ExitHooks.FLUSH, () -> waiting() > 0, this::awaitQuietAtExit);
      Thread started =
          Thread.ofPlatform().daemon().name("procession-sender-" + name).unstarted(this::send);
      boolean done = false;
      try {
        started.start();
        done = true;
      } finally {
        if (!done && added != null) {
          boolean _ = added.remove();
        }
      }
      thread = started;
      hook = added;
    }
  }

  private void send() {
    Throwable end = null;
    try {
      List<Object> batch = next();
      while (!batch.isEmpty()) {
        outlet.send(batch);
        sent();
        batch = next();
      }
    } catch (InterruptedException | RuntimeException | Error e) {
      end = e;
    } finally {
      ended(end);
    }
  }

  /// Waits for something to send; nothing at the end.
  private List<Object> next() throws InterruptedException {
    List<Object> batch = new ArrayList<>();
    lock.lock();
    try {
      while (buffer.isEmpty() && !closed) {
        work.await();
      }
      long bytes = 0;
      while (!buffer.isEmpty() && batch.size() < MOST && bytes < MOST_BYTES) {
        Object first = buffer.remove();
        batch.add(first);
        bytes += outlet.bytes(first);
      }
      underway = batch.size();
      return batch;
    } finally {
      lock.unlock();
    }
  }

  private void sent() {
    lock.lock();
    try {
      underway = 0;
      if (buffer.isEmpty()) {
        quiet.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  private void ended(@Nullable Throwable end) {
    Runnable last;
    int lost;
    lock.lock();
    try {
      failure = end != null ? end : failure;
      lost = end != null ? underway + buffer.size() : 0;
      buffer.clear();
      underway = 0;
      if (hook != null) {
        boolean _ = hook.remove();
      }
      last = afterwards;
      afterwards = null;
      quiet.signalAll();
    } finally {
      lock.unlock();
    }
    try {
      if (end != null && lost > 0) {
        tellOfLoss(
            lost, end); // without the lock: a handler may block, throw, or use this very buffer
      }
    } finally {
      if (last != null) {
        last.run();
      }
    }
  }

  private void tellOfLoss(int lost, Throwable end) {
    LibraryLogger.of("io.procession.queue")
        .log(
            Level.WARNING,
            "up to "
                + lost
                + " elements were put into the buffer of "
                + name
                + " and not sent, since the queue behind it failed",
            end);
  }

  /// How many elements are not in the queue yet.
  int waiting() {
    lock.lock();
    try {
      return underway + buffer.size();
    } finally {
      lock.unlock();
    }
  }

  /// Lets the thread end when it has sent everything. Returns at once.
  void finish() {
    finish(null);
  }

  /// @param last done when everything has been sent
  void finish(@Nullable Runnable last) {
    lock.lock();
    try {
      if (!closed) {
        closed = true;
        work.signal();
        Thread running = thread;
        if (running != null && failure == null) {
          afterwards = last;
          return;
        }
      } else {
        return;
      }
    } finally {
      lock.unlock();
    }
    if (last != null) {
      last.run();
    }
  }

  /// Nobody waits for the sending any more, neither a close nor the end of the process.
  void cancelJoin() {
    lock.lock();
    try {
      joinCancelled = true;
      if (hook != null) {
        boolean _ = hook.remove();
      }
    } finally {
      lock.unlock();
    }
  }

  boolean isJoinCancelled() {
    lock.lock();
    try {
      return joinCancelled;
    } finally {
      lock.unlock();
    }
  }

  boolean isFinished() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }

  /// Waits for the end of the thread. The thread itself, in a handler of what it logs as it ends, does not.
  void join() throws InterruptedException {
    Thread running;
    lock.lock();
    try {
      running = thread;
    } finally {
      lock.unlock();
    }
    if (running != null && !running.equals(Thread.currentThread())) {
      running.join();
    }
  }

  /// Waits until everything that was put has been sent, or cannot be.
  void awaitQuiet() throws InterruptedException {
    try {
      lock.lockInterruptibly();
      try {
        while (underway > 0 || !buffer.isEmpty()) {
          quiet.await();
        }
      } finally {
        lock.unlock();
      }
    } catch (InterruptedException e) {
      throw Interruption.thrown(e);
    }
  }

  private void awaitQuietAtExit() {
    try {
      awaitQuiet();
    } catch (InterruptedException e) {
      LastWords.say(
          waiting() + " elements in the buffer of " + name + " are lost: nobody took them in time");
    }
  }
}
