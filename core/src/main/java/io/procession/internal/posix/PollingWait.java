package io.procession.internal.posix;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/// Waiting without a native call: looks at both words again and again, ever more seldom.
///
/// It costs a few per cent of a processor for each waiter and up to [#LONGEST_NAP] of delay.
public final class PollingWait implements WordWait {
  private static final int CODE = 2;
  private static final long SHORTEST_NAP = 20_000;
  private static final long LONGEST_NAP = 1_000_000;

  private static final Duration PAUSE = Duration.ofNanos(SHORTEST_NAP);

  private static final VarHandle INT = ValueLayout.JAVA_INT.varHandle();

  PollingWait() {}

  @Override
  public void await(
      MemorySegment memory, long word, int expected, long bell, int heard, long deadline) {
    long nap = SHORTEST_NAP;
    while ((int) INT.getVolatile(memory, word) == expected
        && (int) INT.getVolatile(memory, bell) == heard) {
      long left = deadline - System.nanoTime();
      if (left <= 0 || Thread.currentThread().isInterrupted()) {
        return; // an interrupted thread does not park: let the caller see the interrupt
      }
      LockSupport.parkNanos(this, Math.min(nap, left));
      nap = Math.min(nap * 2, LONGEST_NAP);
    }
  }

  /// Nobody needs waking, and it cannot be known who waits: as many as asked for.
  @Override
  public int wake(MemorySegment memory, long word, int count) {
    return count;
  }

  /// Sleeps for a moment: who polls sees what is free for a few nanoseconds by chance only. It does not
  /// park, which would take a permit that the thread has been given for something else.
  @Override
  public void giveWay() {
    try {
      Thread.sleep(PAUSE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public int code() {
    return CODE;
  }
}
