package io.procession.internal.posix;

import java.io.IOException;
import java.nio.channels.AsynchronousCloseException;
import java.util.ArrayList;
import java.util.List;

/// A thing of the system that becomes ready for reading or writing, and those who wait for that.
///
/// Threads, virtual ones too, park in Java; one poller for all tells them. A wait begins only when the
/// caller has tried and was told to wait: what becomes ready after that try ends the wait at once.
public abstract sealed class Readiness permits Descriptor, SelectedChannel {
  /// To wait for bytes, for a connection to accept, for the end of a stream.
  public static final int READ = EpollLayout.IN;

  /// To wait for room, or until a connection is there.
  public static final int WRITE = EpollLayout.OUT;

  /*
   * All state is guarded by this object's monitor, which is never held while anybody waits; poller
   * and waiters take it before the poller's own lock.
   *
   * `armed` is what the poller has been asked to look for and has not reported. The poller reports
   * once for each asking; what is asked for and is already so is reported at once. So nothing that is
   * ready when a waiter is in the list, or later, is missed.
   */
  private record Waiter(int events, Waker waker) {}

  private final List<Waiter> waiters = new ArrayList<>(2);
  private int armed;

  /// Waits until it may be ready, or closed.
  ///
  /// @param events [#READ] or [#WRITE]
  /// @return false at the deadline
  /// @throws AsynchronousCloseException if it is closed
  /// @throws InterruptedException if the thread is interrupted before or while it waits; not with
  ///     [Until#NOW], which waits for nothing
  public final boolean await(int events, long deadline) throws IOException, InterruptedException {
    if (deadline == Until.NOW) {
      return false;
    }
    Interruption.checkInterrupt();
    if (Until.hasPassed(deadline)) {
      return false;
    }
    ThreadWaker waker = new ThreadWaker();
    tell(events, waker);
    try {
      if (!waker.await(deadline)) {
        return false;
      }
    } finally {
      forget(waker);
    }
    if (isClosed()) {
      throw new AsynchronousCloseException();
    }
    return true;
  }

  /// Has somebody told once when it may be ready, or is closed; also at once, on this thread, if it is
  /// closed already.
  public final void tell(int events, Waker waker) throws IOException {
    synchronized (this) {
      if (!isClosed()) {
        waiters.add(new Waiter(events, waker));
        boolean done = false;
        try {
          armFor(events);
          done = true;
        } finally {
          if (!done) {
            waiters.removeLast();
          }
        }
        return;
      }
    }
    waker.wake();
  }

  /// Has somebody told once when it is closed.
  ///
  /// @return false if it is closed already
  final synchronized boolean tellOfClose(Waker waker) {
    return !isClosed() && waiters.add(new Waiter(0, waker));
  }

  /// Has somebody not be told any more; it may be told at this very moment.
  public final synchronized void forget(Waker waker) {
    for (int i = waiters.size() - 1; i >= 0; i--) {
      if (waiters.get(i).waker.equals(waker)) {
        waiters.remove(i);
        return;
      }
    }
  }

  public abstract boolean isClosed();

  /// Asks the poller to report when any of these events has come.
  ///
  /// @param all everything that is waited for
  abstract void arm(int all) throws IOException;

  /// Called by the poller, which reports no more until it is asked again.
  final void report(int events) {
    synchronized (this) {
      armed = 0;
      int rest = 0;
      int kept = 0;
      while (kept < waiters.size()) {
        Waiter waiter = waiters.get(kept);
        if ((waiter.events & events) != 0) {
          waiters.remove(kept); // first: if its waker fails, the others are still to be told
          waiter.waker.wake();
        } else {
          rest |= waiter.events;
          kept++;
        }
      }
      // who closes it tells the rest, and its number may be another's by now
      if (rest != 0 && !isClosed()) {
        try {
          armFor(rest);
        } catch (IOException e) {
          wakeAll(); // they try again, and meet the failure themselves
        }
      }
    }
  }

  /// Called when it is closed, or the poller fails.
  final synchronized void wakeAll() {
    armed = 0;
    while (!waiters.isEmpty()) {
      waiters.removeFirst().waker.wake();
    }
  }

  private void armFor(int events) throws IOException {
    int all = armed | events;
    if (all != armed) {
      arm(all);
      armed = all;
    }
  }
}
