package io.procession.stress.words;

import io.procession.internal.posix.WordWait;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicIntegerArray;

/// A futex that tells whether somebody would have slept for ever.
///
/// As the kernel's, it lets a thread sleep if the word is what it expects, and from then on only a call
/// ends that. When all who could call have done what they do, and no call has come, the sleep is noted
/// as forgotten and ends.
final class Kernel implements WordWait {
  private static final VarHandle INT = ValueLayout.JAVA_INT.varHandle();
  private static final int SLOTS = 1 << 16;
  private static final int MOST_SLEEPERS = 64;
  private static final long MIX = 0x9E37_79B9_7F4A_7C15L;

  /// How often somebody was called, by word. Words that share a slot wake each other: seldom.
  private final AtomicIntegerArray calls = new AtomicIntegerArray(SLOTS);

  @Override
  public void await(
      MemorySegment memory, long word, int expected, long bell, int heard, long deadline) {
    Sleeper sleeper = Sleeper.current();
    int called = calls.get(slot(word));
    int rung = calls.get(slot(bell));
    if ((int) INT.getVolatile(memory, word) != expected
        || (int) INT.getVolatile(memory, bell) != heard) {
      return;
    }
    while (calls.get(slot(word)) == called && calls.get(slot(bell)) == rung) {
      if (sleeper.othersAreDone()) {
        if (calls.get(slot(word)) == called && calls.get(slot(bell)) == rung) {
          sleeper.forget();
        }
        return;
      }
      Thread.onSpinWait();
    }
  }

  @Override
  public int wake(MemorySegment memory, long word, int count) {
    calls.incrementAndGet(slot(word));
    return Math.min(count, MOST_SLEEPERS); // who calls all is told that there were fewer
  }

  @Override
  public int code() {
    return 1;
  }

  private static int slot(long word) {
    return (int) ((word * MIX) >>> 48);
  }
}
