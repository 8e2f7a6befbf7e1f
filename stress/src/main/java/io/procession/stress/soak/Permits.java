package io.procession.stress.soak;

import static io.procession.stress.soak.Rules.require;

import io.procession.sync.BoundedSharedSemaphore;
import io.procession.sync.OwnedSemaphore;
import io.procession.sync.SharedSemaphore;
import java.io.Serializable;
import java.util.concurrent.TimeUnit;

/// A semaphore of any kind, taken from in one of its ways.
sealed interface Permits extends Serializable {
  /// Takes some in one of its ways.
  ///
  /// @return false if there were too few, at once or in time
  boolean acquire(Turn turn, int permits) throws InterruptedException;

  void release(int permits);

  int available();

  /// Whether those of the dead come back by themselves.
  boolean areOwned();

  /// Fails unless this process is known to have so many.
  void requireHeld(int permits);

  /// Fails if the semaphore takes more than it had at first, and can tell.
  void requireFull();

  void destroy();

  /// Those that nobody owns: to wait for them without a limit would be to wait for the dead.
  record Anyones(SharedSemaphore semaphore) implements Permits {
    @Override
    public boolean acquire(Turn turn, int permits) throws InterruptedException {
      return turn.oneIn(3)
          ? semaphore.tryAcquire(permits)
          : semaphore.tryAcquire(permits, turn.upTo(80), TimeUnit.MILLISECONDS);
    }

    @Override
    public void release(int permits) {
      semaphore.release(permits);
    }

    @Override
    public int available() {
      return semaphore.availablePermits();
    }

    @Override
    public boolean areOwned() {
      return false;
    }

    @Override
    public void requireHeld(int permits) {}

    @Override
    public void requireFull() {
      if (semaphore instanceof BoundedSharedSemaphore) {
        boolean refused = false;
        try {
          semaphore.release();
        } catch (IllegalStateException e) {
          refused = true;
        }
        require(refused, "one too many is refused", "semaphore", semaphore);
      }
    }

    @Override
    public void destroy() {
      semaphore.destroy();
    }
  }

  record Owned(OwnedSemaphore semaphore) implements Permits {
    @Override
    public boolean acquire(Turn turn, int permits) throws InterruptedException {
      switch (turn.upTo(4)) {
        case 0 -> semaphore.acquire(permits);
        case 1 -> semaphore.acquireUninterruptibly(permits);
        case 2 -> {
          return semaphore.tryAcquire(permits);
        }
        default -> {
          return semaphore.tryAcquire(permits, turn.upTo(80), TimeUnit.MILLISECONDS);
        }
      }
      return true;
    }

    @Override
    public void release(int permits) {
      semaphore.release(permits);
    }

    @Override
    public int available() {
      return semaphore.availablePermits();
    }

    @Override
    public boolean areOwned() {
      return true;
    }

    @Override
    public void requireHeld(int permits) {
      int held = semaphore.heldPermits();
      require(held >= permits, "what was acquired is held", "acquired", permits, "held", held);
    }

    @Override
    public void requireFull() {}

    @Override
    public void destroy() {
      semaphore.destroy();
    }
  }
}
