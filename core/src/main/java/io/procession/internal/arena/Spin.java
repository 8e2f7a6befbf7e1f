package io.procession.internal.arena;

import io.procession.internal.check.Property;
import io.procession.internal.posix.Asleep;
import io.procession.internal.posix.SpinBudget;
import java.lang.foreign.MemorySegment;

/// Looks at a word for a short time before its caller goes to sleep, as long as a [SpinBudget] says;
/// never on a single processor.
///
/// The budget is one for all threads of a process that wait for a word by the same object.
public final class Spin {
  /// A model has nothing to learn from a spin but many steps.
  private static final boolean PAYS =
      Runtime.getRuntime().availableProcessors() > 1 && !Steps.ARE_WATCHED;

  private static final long MOST_NANOS = Property.number("procession.spin.nanos", 20_000);

  /// Between two looks the other side is left alone with its cache line for a moment.
  private static final int PAUSES = 4;

  private static final int LOOKS_PER_CLOCK = 4;

  private final MemorySegment memory;
  private final long wordAt;
  private final boolean wide;
  private final SpinBudget budget = new SpinBudget(MOST_NANOS, 5 * MOST_NANOS, 8 * MOST_NANOS);

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
    if (!PAYS || Asleep.isWanted()) {
      return false;
    }
    long most = budget.nanos();
    long start = System.nanoTime();
    long now = start;
    do {
      for (int look = 0; look < LOOKS_PER_CLOCK; look++) {
        if (look() != seen) {
          budget.seen(most, now - start);
          return true;
        }
        for (int pause = 0; pause < PAUSES; pause++) {
          Thread.onSpinWait();
        }
      }
      now = System.nanoTime();
    } while (now - start < most);
    budget.missed(most);
    return false;
  }

  /// Learns how long a sleep was.
  public void slept(long nanos) {
    if (!Asleep.isWanted()) {
      budget.slept(nanos);
    }
  }
}
