package io.procession.stress.soak;

import io.procession.sync.OwnedSemaphore;
import io.procession.sync.OwnerDiedException;
import io.procession.sync.SharedLock;
import io.procession.sync.SharedReentrantLock;
import java.io.Serializable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;

/// What lets one in at a time, taken in one of its ways.
sealed interface Mutex extends Serializable {
  /// Takes it in one of its ways.
  ///
  /// @return false if it was not to be had at once, or in time
  /// @throws OwnerDiedException if it refuses since an owner died
  boolean acquire(Turn turn) throws InterruptedException;

  void release();

  /// Puts right what it protects, if it refuses since an owner died.
  void recover(Runnable repair);

  int ownerDeaths();

  void destroy();

  record Plain(SharedLock lock) implements Mutex {
    @Override
    public boolean acquire(Turn turn) throws InterruptedException {
      return take(lock, turn);
    }

    @Override
    public void release() {
      lock.unlock();
    }

    @Override
    public void recover(Runnable repair) {
      lock.recover(repair);
    }

    @Override
    public int ownerDeaths() {
      return lock.ownerDeaths();
    }

    @Override
    public void destroy() {
      lock.destroy();
    }
  }

  /// Taken up to three times.
  record Reentrant(SharedReentrantLock lock) implements Mutex {
    @Override
    public boolean acquire(Turn turn) throws InterruptedException {
      boolean taken = take(lock, turn);
      for (int more = taken ? turn.upTo(3) : 0; more > 0; more--) {
        lock.lock();
      }
      return taken;
    }

    @Override
    public void release() {
      for (int holds = lock.holdCount(); holds > 0; holds--) {
        lock.unlock();
      }
    }

    @Override
    public void recover(Runnable repair) {
      lock.recover(repair);
    }

    @Override
    public int ownerDeaths() {
      return lock.ownerDeaths();
    }

    @Override
    public void destroy() {
      lock.destroy();
    }
  }

  /// The one permit of a semaphore with owners.
  record Permit(OwnedSemaphore semaphore) implements Mutex {
    @Override
    public boolean acquire(Turn turn) throws InterruptedException {
      switch (turn.upTo(5)) {
        case 0 -> semaphore.acquire();
        case 1 -> semaphore.acquireUninterruptibly();
        case 2 -> {
          return semaphore.tryAcquire();
        }
        default -> {
          return semaphore.tryAcquire(20 + turn.upTo(50), TimeUnit.MILLISECONDS);
        }
      }
      return true;
    }

    @Override
    public void release() {
      semaphore.release();
    }

    @Override
    public void recover(Runnable repair) {
      throw new UnsupportedOperationException();
    }

    @Override
    public int ownerDeaths() {
      return 0;
    }

    @Override
    public void destroy() {
      semaphore.destroy();
    }
  }

  private static boolean take(Lock lock, Turn turn) throws InterruptedException {
    switch (turn.upTo(5)) {
      case 0, 1 -> lock.lock();
      case 2 -> lock.lockInterruptibly();
      case 3 -> {
        return lock.tryLock();
      }
      default -> {
        return lock.tryLock(turn.upTo(50), TimeUnit.MILLISECONDS);
      }
    }
    return true;
  }
}
