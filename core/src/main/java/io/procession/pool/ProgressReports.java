package io.procession.pool;

import io.procession.internal.ring.MessageRing;
import io.procession.serial.ByteSink;
import io.procession.serial.Codec;
import org.jspecify.annotations.Nullable;

/// Sends to the pool how far a task is, not too often. Called by any thread of a worker.
final class ProgressReports {
  private static final int INITIAL_CAPACITY = 128;
  private static final long LEAST_INTERVAL_NANOS = 20_000_000;

  private final MessageRing results;

  // guarded by this
  private long reported;
  private long lastTask;
  private boolean wasWhole; // what was reported was 1

  ProgressReports(MessageRing results) {
    this.results = results;
  }

  synchronized void report(long task, double fraction, @Nullable String note) {
    long now = System.nanoTime();
    boolean isEarly = task == lastTask && now - reported < LEAST_INTERVAL_NANOS;
    boolean isWhole = fraction >= 1;
    if (isEarly && (!isWhole || wasWhole)) {
      return; // also one of many ones: the ring has no bound
    }
    wasWhole = isWhole;
    lastTask = task;
    reported = now;
    ByteSink out = new ByteSink(INITIAL_CAPACITY);
    ResultHeader.write(task, ResultHeader.PROGRESS, false, 0, 1, out);
    out.putDouble(fraction);
    Codec.standard().encode(note, out);
    results.append(out); // an interrupt stays the task's to find
  }
}
