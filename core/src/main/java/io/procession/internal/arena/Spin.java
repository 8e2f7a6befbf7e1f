package io.procession.internal.arena;

import java.lang.foreign.MemorySegment;

/// Looks at a word for a short time before its caller goes to sleep: longer where that has paid of
/// late, hardly at all where it has not, never on a single processor.
///
/// To fall asleep and be woken costs some microseconds on both sides; a wait that is not much longer
/// is better spent awake, unless it takes the processor from the one who is waited for. That shows
/// only when tried, so the budget follows success and failure.
///
/// ```
///           seen in time: doubled, up to MOST           eighth short sleep
///   LEAST <----------------------------------> MOST    ---------------------> TRY
///           in vain: halved                         seen in time: to MOST
///                                                   seen late: stays, LATE_ANSWERS times
///                                                   in vain, or late once more: to LEAST, and
///                                                   twice as many short sleeps to the next TRY
/// ```
///
/// Two that wait for each other in turn can get stuck in sleeping: each has to be woken before it
/// answers, so looking for its answer seems in vain, and the other finds the same. A try looks for
/// long enough to see an answer out that comes from sleep. Who has got one so goes on with long looks
/// for a while, in which the other, whose own waits are short now, comes to its try: then both are
/// awake. Where answers stay late, as on processors that others want, it goes back to sleeping.
///
/// The budget is one for all threads of a process that wait for a word by the same object; races on
/// it do no harm.
public final class Spin {
  /// A model has nothing to learn from a spin but many steps.
  private static final boolean PAYS =
      Runtime.getRuntime().availableProcessors() > 1 && !Steps.ARE_WATCHED;

  private static final long MOST_NANOS = Long.getLong("procession.spin.nanos", 20_000);
  private static final long LEAST_NANOS = MOST_NANOS / 64;

  /// A sleep that is not longer may have been one only because the other side slept, too.
  private static final long SHORT_SLEEP_NANOS = 8 * MOST_NANOS;

  /// Long enough to see out the other side's waking up, so that both may stay awake from then on.
  private static final long TRY_NANOS = 5 * MOST_NANOS;

  /// After so many short sleeps a long look is tried; after more where that has not helped.
  private static final int TRY_EVERY = 8;

  private static final int TRY_SELDOM = 1 << 10;

  /// So many late answers are looked for in a row, in which the other side comes to its own try.
  private static final int LATE_ANSWERS = 4 * TRY_EVERY;

  /// Between two looks the other side is left alone with its cache line for a moment.
  private static final int PAUSES = 4;

  private static final int LOOKS_PER_CLOCK = 4;

  private final MemorySegment memory;
  private final long wordAt;
  private final boolean wide;
  private long budget = MOST_NANOS;
  private int shortSleeps;
  private int tryEvery = TRY_EVERY;
  private int lateAnswers;

  private Spin(MemorySegment memory, long wordAt, boolean wide) {
    this.memory = memory;
    this.wordAt = wordAt;
    this.wide = wide;
  }

  /// Looks at an int.
  public static Spin ofInt(MemorySegment memory, long wordAt) {
    return new Spin(memory, wordAt, false);
  }

  /// Looks at a long.
  public static Spin ofLong(MemorySegment memory, long wordAt) {
    return new Spin(memory, wordAt, true);
  }

  /// What the word is now.
  public long look() {
    return wide ? Words.getLongVolatile(memory, wordAt) : Words.getIntVolatile(memory, wordAt);
  }

  /// Looks until the word differs from `seen` or the budget is used up.
  ///
  /// @return whether it differs
  public boolean until(long seen) {
    if (!PAYS) {
      return false;
    }
    long most = budget;
    long start = System.nanoTime();
    long end = start + most;
    long now = start;
    do {
      for (int look = 0; look < LOOKS_PER_CLOCK; look++) {
        if (look() != seen) {
          succeeded(most, now - start);
          return true;
        }
        for (int pause = 0; pause < PAUSES; pause++) {
          Thread.onSpinWait();
        }
      }
      now = System.nanoTime();
    } while (end - now > 0);
    if (most > MOST_NANOS) {
      giveUp();
    } else {
      budget = Math.max(most / 2, LEAST_NANOS);
    }
    return false;
  }

  private void succeeded(long most, long took) {
    if (took <= MOST_NANOS) {
      budget = Math.min(2 * most, MOST_NANOS);
      if (most >= MOST_NANOS) {
        tryEvery = TRY_EVERY;
      }
    } else if (lateAnswers > 0) {
      lateAnswers--;
    } else {
      giveUp();
    }
  }

  private void giveUp() {
    budget = LEAST_NANOS;
    tryEvery = Math.min(2 * tryEvery, TRY_SELDOM);
  }

  /// Learns how long a sleep was.
  public void slept(long nanos) {
    if (nanos < SHORT_SLEEP_NANOS && ++shortSleeps >= tryEvery) {
      shortSleeps = 0;
      budget = TRY_NANOS;
      lateAnswers = LATE_ANSWERS;
    }
  }
}
