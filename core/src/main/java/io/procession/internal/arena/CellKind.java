package io.procession.internal.arena;

/// What a cell of the directory is.
public enum CellKind {
  LOCK(1),
  QUEUE(2),
  PIPE(3),
  LAUNCH(4),
  WORKER(5),
  CONDITION(6),
  REENTRANT_LOCK(7),
  SEMAPHORE(8),
  BOUNDED_SEMAPHORE(9),
  OWNED_SEMAPHORE(10),
  EVENT(11),
  BARRIER(12),
  MEMORY(16);

  private final int code;

  CellKind(int code) {
    this.code = code;
  }

  int code() {
    return code;
  }

  /// True for what processes reach without asking: see [Holdings].
  boolean isHeld() {
    return this == MEMORY;
  }
}
