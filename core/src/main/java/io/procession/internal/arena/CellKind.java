package io.procession.internal.arena;

import java.util.Locale;

/// What a cell of the directory is.
public enum CellKind {
  LOCK(1, true),
  QUEUE(2, false),
  PIPE(3, false),
  LAUNCH(4, false),
  WORKER(5, false),
  CONDITION(6, true),
  REENTRANT_LOCK(7, true),
  SEMAPHORE(8, true),
  BOUNDED_SEMAPHORE(9, true),
  OWNED_SEMAPHORE(10, true),
  EVENT(11, true),
  BARRIER(12, true),
  POSIX_QUEUE(13, true),
  CLASSES(14, false),
  LOG(15, false),
  MEMORY(16, true),
  NAMES(17, false);

  private final int code;
  private final boolean held;

  CellKind(int code, boolean held) {
    this.code = code;
    this.held = held;
  }

  int code() {
    return code;
  }

  /// What it is called in messages: `reentrantLock`.
  public String label() {
    String words = name().toLowerCase(Locale.ROOT);
    int gap = words.indexOf('_');
    return gap < 0
        ? words
        : words.substring(0, gap)
            + Character.toUpperCase(words.charAt(gap + 1))
            + words.substring(gap + 2);
  }

  /// True for what can be destroyed when its maker has died, though others still have it.
  boolean canEndWithMaker() {
    return held || this == QUEUE;
  }

  /// True for what processes work on without a lock against its end: see [Holdings].
  boolean isHeld() {
    return held;
  }
}
