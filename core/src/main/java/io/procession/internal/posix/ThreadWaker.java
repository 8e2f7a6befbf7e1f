package io.procession.internal.posix;

import java.util.concurrent.locks.LockSupport;

/// A thread, virtual or not, that waits to be told, once.
public final class ThreadWaker implements Waker {
  private final Thread thread = Thread.currentThread();
  private volatile boolean woken;

  @Override
  public void wake() {
    woken = true;
    LockSupport.unpark(thread);
  }

  /// Waits to be told; on the thread that made this.
  ///
  /// @return false at the deadline
  /// @throws InterruptedException if the thread is interrupted before or while it waits
  public boolean await(long deadline) throws InterruptedException {
    while (true) {
      Interruption.checkInterrupt();
      if (woken) {
        return true;
      }
      long left = Until.nanosLeft(deadline);
      if (left <= 0) {
        return false;
      }
      LockSupport.parkNanos(this, left);
    }
  }
}
