package io.procession.internal.arena;

import org.jspecify.annotations.Nullable;

/// Where an object lives: enough to find it from any process of its session, and to know that it is
/// still the same.
///
/// @param session the session's number
/// @param cell its cell's number
/// @param generation the cell's generation when the object was made
public record CellRef(long session, int cell, int generation) {
  /// A number of 30 bits, never 0, that another object in the same cell most likely has not, shifted
  /// left by two: the upper part of words that a stale reference must not change.
  public int mark() {
    return ((generation + 1) * 0x9E37_79B1 & ~3) | 4;
  }

  /* By hand: what a record gets by itself is spun at the first call, 10 ms of a young child. */

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof CellRef ref
        && session == ref.session
        && cell == ref.cell
        && generation == ref.generation;
  }

  @Override
  public int hashCode() {
    return (Long.hashCode(session) * 31 + cell) * 31 + generation;
  }
}
