package io.procession.internal.posix;

import java.util.concurrent.atomic.AtomicInteger;

/// Says whether a reader looks for bytes once more before it waits to be woken: as long as a
/// [SpinBudget] says, never on a single processor.
///
/// To be woken from a socket takes a wait of the poller, a wake-up of the reader and, for a virtual
/// thread, one of its carrier: ten times what an answer of a peer on the same machine takes. A look is
/// a system call of less than a microsecond.
///
/// No more readers of a process look at a time than there are processors: the others are waited for
/// by those who have something to do.
///
/// Used by one reader at a time.
final class SocketSpin {
  private static final int PROCESSORS = Runtime.getRuntime().availableProcessors();
  private static final long MOST_NANOS =
      PROCESSORS > 1 ? Long.getLong("procession.spin.nanos", 50_000) : 0;
  private static final AtomicInteger LOOKING = new AtomicInteger();

  private final SpinBudget budget = new SpinBudget(MOST_NANOS, 2 * MOST_NANOS, 3 * MOST_NANOS);
  private long started;
  private long most;
  private boolean isLooking;

  /// A look was in vain.
  ///
  /// @return whether to look again; if not, [#woken] is said after the wait
  boolean goesOn() {
    long now = System.nanoTime();
    if (!isLooking) {
      started = now;
      if (MOST_NANOS == 0 || Asleep.isWanted() || LOOKING.get() >= PROCESSORS) {
        return false;
      }
      isLooking = true;
      LOOKING.getAndIncrement();
      most = budget.nanos();
    }
    if (now - started < most) {
      Thread.onSpinWait();
      return true;
    }
    rest();
    budget.missed(most);
    started = now;
    return false;
  }

  /// A wait has ended.
  void woken() {
    if (!Asleep.isWanted()) {
      budget.slept(System.nanoTime() - started);
    }
  }

  /// A look was not in vain.
  void ended() {
    if (isLooking) {
      rest();
      budget.seen(most, System.nanoTime() - started);
    }
  }

  private void rest() {
    isLooking = false;
    LOOKING.getAndDecrement();
  }
}
