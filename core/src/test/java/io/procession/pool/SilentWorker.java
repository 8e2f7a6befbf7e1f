package io.procession.pool;

import io.procession.serial.ByteSink;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;

/// A worker that takes what it is sent and says nothing: who reads its results is only ended by a
/// nudge.
final class SilentWorker implements Courier {
  final CountDownLatch helping = new CountDownLatch(1);
  private final CountDownLatch nudged = new CountDownLatch(1);
  private final AtomicLong taken = new AtomicLong();

  @Override
  public void send(ByteSink message) {
    taken.incrementAndGet();
  }

  @Override
  public long recall() {
    return NONE;
  }

  @Override
  public long taken() {
    return taken.get();
  }

  @Override
  public void nudge() {
    nudged.countDown();
  }

  @Override
  public void attend() {}

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
