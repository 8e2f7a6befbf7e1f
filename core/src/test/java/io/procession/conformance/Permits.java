package io.procession.conformance;

import io.procession.manager.ManagedSemaphore;
import io.procession.sync.SharedSemaphore;
import java.io.Serializable;
import java.util.concurrent.TimeUnit;

/// A semaphore of any way of running.
interface Permits extends Serializable {
  void acquire() throws InterruptedException;

  void acquire(int permits) throws InterruptedException;

  boolean tryAcquire();

  boolean tryAcquire(long time, TimeUnit unit) throws InterruptedException;

  void release();

  void release(int permits);

  int available();

  record Shared(SharedSemaphore it) implements Permits {
    @Override
    public void acquire() throws InterruptedException {
      it.acquire();
    }

    @Override
    public void acquire(int permits) throws InterruptedException {
      it.acquire(permits);
    }

    @Override
    public boolean tryAcquire() {
      return it.tryAcquire();
    }

    @Override
    public boolean tryAcquire(long time, TimeUnit unit) throws InterruptedException {
      return it.tryAcquire(time, unit);
    }

    @Override
    public void release() {
      it.release();
    }

    @Override
    public void release(int permits) {
      it.release(permits);
    }

    @Override
    public int available() {
      return it.availablePermits();
    }
  }

  record Managed(ManagedSemaphore it) implements Permits {
    @Override
    public void acquire() throws InterruptedException {
      it.acquire();
    }

    @Override
    public void acquire(int permits) throws InterruptedException {
      it.acquire(permits);
    }

    @Override
    public boolean tryAcquire() {
      return it.tryAcquire();
    }

    @Override
    public boolean tryAcquire(long time, TimeUnit unit) throws InterruptedException {
      return it.tryAcquire(time, unit);
    }

    @Override
    public void release() {
      it.release();
    }

    @Override
    public void release(int permits) {
      it.release(permits);
    }

    @Override
    public int available() {
      return it.availablePermits();
    }
  }
}
