package io.procession.pool;

import io.procession.serial.ByteSink;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;

/// A worker that takes what it is sent, or as much of it as it is made to, and says nothing: who reads its
/// results is only ended by a nudge. What it has not taken nobody can take back: it is stopped at its ring.
final class SilentWorker implements Courier {
  final CountDownLatch helping = new CountDownLatch(1);
  private final CountDownLatch nudged = new CountDownLatch(1);
  final AtomicLong recalls = new AtomicLong();
  private final AtomicLong taken = new AtomicLong();
  private final long mostTaken;

  /// Somebody is at giving it an order, which takes until that is counted down.
  final CountDownLatch ordered = new CountDownLatch(1);

  CountDownLatch orders = new CountDownLatch(0);
  boolean refuses;

  /// What the next sends do first, one each.
  final ArrayDeque<Runnable> sends = new ArrayDeque<>();

  final AtomicLong attended = new AtomicLong();

  SilentWorker() {
    this(Long.MAX_VALUE);
  }

  SilentWorker(long mostTaken) {
    this.mostTaken = mostTaken;
  }

  @Override
  public void send(ByteSink message) {
    Runnable first = sends.poll();
    if (first != null) {
      first.run();
    }
    if (refuses) {
      throw new IllegalStateException("of the test");
    }
    taken.incrementAndGet();
  }

  @Override
  public long recall() {
    recalls.incrementAndGet();
    return taken.get() > mostTaken ? STUCK : NONE;
  }

  @Override
  public long taken() {
    return Math.min(taken.get(), mostTaken);
  }

  @Override
  public boolean isReady() {
    return true;
  }

  @Override
  public long board() {
    return 0;
  }

  @Override
  public void end(long task, int part) {
    ordered.countDown();
    try {
      orders.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public CompletableFuture<String> tell() {
    return new CompletableFuture<>();
  }

  @Override
  public void kill() {}

  @Override
  public void dismiss() {}

  @Override
  public void enlarge() {}

  @Override
  public void hold() {}

  @Override
  public void letGo() {}

  @Override
  public void relieve() {}

  @Override
  public void nudge() {
    nudged.countDown();
  }

  @Override
  public void attend() {
    attended.incrementAndGet();
  }

  @Override
  public void help(CallJob job, long deadline) throws InterruptedException {
    helping.countDown();
    nudged.await();
    if (!job.isAnswered()) {
      throw new AssertionError("nudged without a reason");
    }
  }

  @Override
  public String worker() {
    return "silent";
  }
}
