package io.procession.manager;

import io.procession.internal.check.Require;
import io.procession.sync.CountingSemaphore;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// A semaphore at the server.
final class ServedSemaphore implements CountingSemaphore {
  private final Semaphore semaphore;
  private final int most;

  private ServedSemaphore(int permits, int most) {
    this.semaphore = new Semaphore(Require.notNegative("permits", permits));
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
    semaphore.acquire(Require.notNegative("permits", permits));
  }

  @Override
  public boolean tryAcquire() {
    return semaphore.tryAcquire();
  }

  @Override
  public boolean tryAcquire(int permits) {
    return semaphore.tryAcquire(Require.notNegative("permits", permits));
  }

  @Override
  public boolean tryAcquire(long time, TimeUnit unit) throws InterruptedException {
    return semaphore.tryAcquire(time, unit);
  }

  @Override
  public boolean tryAcquire(int permits, long time, TimeUnit unit) throws InterruptedException {
    return semaphore.tryAcquire(Require.notNegative("permits", permits), time, unit);
  }

  @Override
  public int drainPermits() {
    return semaphore.drainPermits();
  }

  @Override
  public void release() {
    release(1);
  }

  @Override
  public void release(int permits) {
    Require.notNegative("permits", permits);
    if (most == Integer.MAX_VALUE) {
      semaphore.release(permits);
      return;
    }
    synchronized (this) { // two releases must not both find room for one
      if (permits > most - semaphore.availablePermits()) {
        throw new IllegalStateException(
            "a semaphore has no more than its greatest number of permits: "
                + this
                + ", most="
                + most
                + ", released="
                + permits
                + "; release only what was acquired");
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
