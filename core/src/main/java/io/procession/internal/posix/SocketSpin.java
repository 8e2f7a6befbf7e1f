package io.procession.internal.posix;

import java.util.concurrent.atomic.AtomicInteger;

/// Says how long a reader looks for bytes before it waits to be woken: longer where that has paid of
/// late, hardly at all where it has not, never on a single processor.
///
/// To be woken from a socket takes a wait of the poller, a wake-up of the reader and, for a virtual
/// thread, one of its carrier: ten times what an answer of a peer on the same machine takes. A look is
/// a system call of less than a microsecond. A budget that was in vain is halved, one that has paid is
/// doubled; after some waits that were short all the same, a long look is tried, since the peer may
/// have slept only because this side did.
///
/// No more readers of a process look at a time than there are processors: the others are waited for
/// by those who have something to do.
///
/// Used by one reader at a time.
final class SocketSpin {
  private static final int PROCESSORS = Runtime.getRuntime().availableProcessors();
  private static final long MOST_NANOS =
      PROCESSORS > 1 ? Long.getLong("procession.spin.nanos", 50_000) : 0;
  private static final long LEAST_NANOS = MOST_NANOS / 64;
  private static final long SHORT_NANOS = 3 * MOST_NANOS;
  private static final int TRY_EVERY = 8;
  private static final int TRY_SELDOM = 1 << 10;
  private static final AtomicInteger LOOKING = new AtomicInteger();

  private long budget = MOST_NANOS;
  private long started;
  private long end;
  private int shortWaits;
  private int tryEvery = TRY_EVERY;
  private boolean isLooking;
  private boolean isTry;

  /// A look was in vain.
  ///
  /// @return whether to look again; if not, [#woken] is said after the wait
  boolean goesOn() {
    long now = System.nanoTime();
    if (!isLooking) {
      if (MOST_NANOS == 0 || LOOKING.get() >= PROCESSORS) {
        started = now;
        return false;
      }
      isLooking = true;
      LOOKING.getAndIncrement();
      isTry = shortWaits >= tryEvery;
      if (isTry) {
        shortWaits = 0;
      }
      end = now + (isTry ? 2 * MOST_NANOS : budget);
    }
    if (now - end < 0) {
      Thread.onSpinWait();
      return true;
    }
    isLooking = false;
    LOOKING.getAndDecrement();
    if (isTry) {
      budget = LEAST_NANOS;
      tryEvery = Math.min(TRY_SELDOM, 2 * tryEvery);
    } else {
      budget = Math.max(LEAST_NANOS, budget / 2);
    }
    started = now;
    return false;
  }

  /// A wait has ended.
  void woken() {
    if (System.nanoTime() - started < SHORT_NANOS) {
      shortWaits++;
    }
  }

  /// A look was not in vain.
  void ended() {
    if (isLooking) {
      isLooking = false;
      LOOKING.getAndDecrement();
      budget = isTry ? MOST_NANOS : Math.min(MOST_NANOS, 2 * budget);
      tryEvery = TRY_EVERY;
      shortWaits = 0;
    }
  }
}
