package io.procession.internal.ring;

import io.procession.internal.arena.Words;
import java.lang.foreign.MemorySegment;

/// Looks at a word for a short time before its caller goes to sleep: longer where that has paid,
/// hardly at all where it has not, never on a single processor.
///
/// The budget is one for all threads of a process that use a ring; races on it do no harm.
final class Spin {
  private static final boolean PAYS = Runtime.getRuntime().availableProcessors() > 1;
  private static final int MOST = Integer.getInteger("procession.spins", 2000);
  private static final int LEAST = MOST / 64;

  private final MemorySegment memory;
  private final long wordAt;
  private int budget = MOST / 4;

  Spin(MemorySegment memory, long wordAt) {
    this.memory = memory;
    this.wordAt = wordAt;
  }

  /// Looks until the word differs from `seen` or the budget is used up.
  ///
  /// @return whether it differs
  boolean until(long seen) {
    if (!PAYS) {
      return false;
    }
    int most = budget;
    for (int i = 0; i < most; i++) {
      if (Words.getLongVolatile(memory, wordAt) != seen) {
        budget = Math.min(most + most / 4 + 1, MOST);
        return true;
      }
      Thread.onSpinWait();
    }
    budget = Math.max(most - most / 4, LEAST);
    return false;
  }
}
