package io.procession.internal.posix;

import java.lang.foreign.MemorySegment;

/// How a thread waits until a word of shared memory changes.
///
/// An `int` in shared memory is named by the segment and its offset there, a multiple of four.
public interface WordWait {
  /// Returns once the int at `word` differs from `expected`, or the one at `bell` from `heard`, or
  /// somebody calls [#wake] for one of them, or `System.nanoTime()` has reached `deadline`. It may
  /// also return for no reason: callers look again. An interrupt does not end it.
  ///
  /// Blocks a platform thread. A change that stays, and by system calls also a wake-up without one, is never
  /// missed; who polls may miss a change that is undone before it looks: callers wait in slices.
  void await(MemorySegment memory, long word, int expected, long bell, int heard, long deadline);

  /// Wakes up to `count` waiters for the int at `word`, of any process.
  ///
  /// @return how many were woken, as far as it is known; never less than were there
  int wake(MemorySegment memory, long word, int count);

  /// Called by who has just given up what others wait for, and might take it again at once: lets them
  /// come first, where they would not otherwise.
  default void giveWay() {}

  /// The number of this way in the arena's header: processes of one session all wait alike.
  int code();

  /// The way of this platform.
  static WordWait of(Platform platform) {
    return switch (platform) {
      case NATIVE -> new Futex();
      case PORTABLE -> new PollingWait();
    };
  }
}
