package io.procession.internal.ring;

import io.procession.internal.arena.Words;
import java.lang.foreign.MemorySegment;

/// Looks at a word for a short time before its caller goes to sleep: longer where that has paid of
/// late, hardly at all where it has not, never on a single processor.
///
/// To fall asleep and be woken costs some microseconds on both sides; a wait that is not much longer
/// is better spent awake, unless it takes the processor from the one who is waited for. That shows
/// only when tried: so the budget follows success and failure, and now and then, when a sleep was
/// short, a long look is tried again. The budget is one for all threads of a process that use a
/// ring; races on it do no harm.
final class Spin {
  private static final boolean PAYS = Runtime.getRuntime().availableProcessors() > 1;
  private static final long MOST_NANOS = Long.getLong("procession.spin.nanos", 20_000);
  private static final long LEAST_NANOS = MOST_NANOS / 64;

  /// A sleep that is not longer may have been one only because the other side slept, too.
  private static final long SHORT_SLEEP_NANOS = 8 * MOST_NANOS;

  /// Long enough to see out the other side's waking up, so that both may stay awake from then on.
  private static final long TRY_NANOS = 5 * MOST_NANOS;

  /// Of so many short sleeps one is followed by a long look.
  private static final int TRY_EVERY = 32;

  /// Between two looks the other side is left alone with its cache line for a moment.
  private static final int PAUSES = 4;

  private static final int LOOKS_PER_CLOCK = 4;

  private final MemorySegment memory;
  private final long wordAt;
  private long budget = MOST_NANOS;
  private int shortSleeps;

  Spin(MemorySegment memory, long wordAt) {
    this.memory = memory;
    this.wordAt = wordAt;
  }

  /// What the word is now.
  long look() {
    return Words.getLongVolatile(memory, wordAt);
  }

  /// Looks until the word differs from `seen` or the budget is used up.
  ///
  /// @return whether it differs
  boolean until(long seen) {
    if (!PAYS) {
      return false;
    }
    long most = budget;
    long end = System.nanoTime() + most;
    do {
      for (int look = 0; look < LOOKS_PER_CLOCK; look++) {
        if (look() != seen) {
          budget = Math.min(2 * most, MOST_NANOS);
          return true;
        }
        for (int pause = 0; pause < PAUSES; pause++) {
          Thread.onSpinWait();
        }
      }
    } while (end - System.nanoTime() > 0);
    budget = Math.max(most / 2, LEAST_NANOS);
    return false;
  }

  /// Learns how long a sleep was.
  void slept(long nanos) {
    if (nanos < SHORT_SLEEP_NANOS && ++shortSleeps >= TRY_EVERY) {
      shortSleeps = 0;
      budget = TRY_NANOS;
    }
  }
}
