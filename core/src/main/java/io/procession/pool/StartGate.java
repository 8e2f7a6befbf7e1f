package io.procession.pool;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Says when the next worker of a pool may be started: a few at a time, so that a large pool, or one
/// that has lost many workers at once, does not take the machine down.
final class StartGate {
  /// As many starts as keep all processors busy, and a small pool's all at once.
  static final int AT_ONCE = Math.max(4, Runtime.getRuntime().availableProcessors());

  /// A start that takes so long (the process is stopped, say) keeps the others waiting no longer.
  private static final long START_LIMIT_NANOS = TimeUnit.SECONDS.toNanos(10);

  /// Nobody tells that a worker is ready: its board is looked at.
  static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

  /// A worker that was started, and by when it counts as ready in any case.
  private record Starting(Link link, long deadline) {}

  private final BooleanSupplier isWanted;
  private final ReentrantLock turn = new ReentrantLock(true);
  private final List<Starting> underway = new ArrayList<>(); // guarded by turn
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private boolean isShut; // guarded by lock

  /// @param isWanted whether the pool wants workers at all
  StartGate(BooleanSupplier isWanted) {
    this.isWanted = isWanted;
  }

  /// Starts a worker when it is the caller's turn.
  ///
  /// @return what `start` returned, null if the pool wants no workers any more
  @Nullable Link inTurn(Supplier<Link> start) {
    turn.lock();
    try {
      while (!hasRoom()) {
        if (!pause(LOOK_NANOS)) {
          return null;
        }
      }
      if (!isWanted.getAsBoolean()) {
        return null;
      }
      Link link = start.get();
      underway.add(new Starting(link, System.nanoTime() + START_LIMIT_NANOS));
      return link;
    } finally {
      turn.unlock();
    }
  }

  /// Waits.
  ///
  /// @return false, at once, if the pool wants no workers any more
  boolean pause(long nanos) {
    long deadline = System.nanoTime() + nanos;
    lock.lock();
    try {
      long left = nanos;
      while (!isShut && left > 0 && isWanted.getAsBoolean()) {
        try {
          left = changed.awaitNanos(left);
        } catch (InterruptedException e) {
          left = deadline - System.nanoTime(); // nobody has a reason to interrupt these threads
        }
      }
      return !isShut && isWanted.getAsBoolean();
    } finally {
      lock.unlock();
    }
  }

  /// No worker is wanted any more: ends all pauses.
  void shut() {
    lock.lock();
    try {
      isShut = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private boolean hasRoom() {
    underway.removeIf(start ->
        start.link().isReady()
            || !start.link().process().isAlive()
            || start.deadline() - System.nanoTime() <= 0);
    return underway.size() < AT_ONCE;
  }
}
