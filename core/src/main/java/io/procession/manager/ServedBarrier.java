package io.procession.manager;

import io.procession.internal.check.Require;
import io.procession.serial.SerializableRunnable;
import io.procession.sync.Barrier;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// A barrier at the server. Who dies while it waits is interrupted there, which breaks it.
final class ServedBarrier implements Barrier {
  private final CyclicBarrier barrier;

  /// @param action what the last to arrive does before all go on; null for nothing
  ServedBarrier(int parties, @Nullable SerializableRunnable action) {
    this.barrier =
        new CyclicBarrier(
            Require.positive("parties", parties), action == null ? null : () -> run(action));
  }

  private static void run(SerializableRunnable action) {
    try {
      action.run();
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new CompletionException("the action of a barrier failed", e);
    }
  }

  @Override
  public int await() throws InterruptedException, BrokenBarrierException {
    return barrier.await();
  }

  @Override
  public int await(long time, TimeUnit unit)
      throws InterruptedException, BrokenBarrierException, TimeoutException {
    return barrier.await(time, unit);
  }

  /// The JDK's barrier breaks when one that waits is interrupted: so a thread of ours is that one.
  @Override
  public void abort() {
    Thread.currentThread().interrupt();
    try {
      barrier.await();
    } catch (InterruptedException | BrokenBarrierException e) {
      boolean _ = Thread.interrupted(); // ours
    }
  }

  @Override
  public void reset() {
    barrier.reset();
  }

  @Override
  public boolean isBroken() {
    return barrier.isBroken();
  }

  @Override
  public int parties() {
    return barrier.getParties();
  }

  @Override
  public int waiting() {
    return barrier.getNumberWaiting();
  }

  @Override
  public String toString() {
    return "ManagedBarrier[parties=" + parties() + ", waiting=" + waiting() + "]";
  }
}
