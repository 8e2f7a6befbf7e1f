package io.procession.manager;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// A semaphore at the server.
final class ServedSemaphore implements ManagedSemaphore {
  private final Semaphore semaphore;
  private final int most;

  private ServedSemaphore(int permits, int most) {
    if (permits < 0) {
      throw new IllegalArgumentException("permits must not be negative: permits=" + permits);
    }
    this.semaphore = new Semaphore(permits);
    this.most = most;
  }

  static ServedSemaphore unbounded(int permits) {
    return new ServedSemaphore(permits, Integer.MAX_VALUE);
  }

  static ServedSemaphore bounded(int permits) {
    return new ServedSemaphore(permits, permits);
  }

  @Override
  public void acquire() throws InterruptedException {
    semaphore.acquire();
  }

  @Override
  public void acquire(int permits) throws InterruptedException {
    semaphore.acquire(permits);
  }

  @Override
  public boolean tryAcquire() {
    return semaphore.tryAcquire();
  }

  @Override
  public boolean tryAcquire(long time, TimeUnit unit) throws InterruptedException {
    return semaphore.tryAcquire(time, unit);
  }

  @Override
  public void release() {
    release(1);
  }

  @Override
  public void release(int permits) {
    if (most == Integer.MAX_VALUE) {
      semaphore.release(permits);
      return;
    }
    synchronized (this) { // two releases must not both find room for one
      if (permits > most - semaphore.availablePermits()) {
        throw new IllegalStateException(
            "a bounded semaphore was released more often than acquired: permits="
                + most
                + ", released="
                + permits);
      }
      semaphore.release(permits);
    }
  }

  @Override
  public int availablePermits() {
    return semaphore.availablePermits();
  }

  @Override
  public String toString() {
    return "ManagedSemaphore[permits=" + semaphore.availablePermits() + "]";
  }
}
