package io.procession.internal.ring;

import io.procession.internal.arena.CellRef;
import org.jspecify.annotations.Nullable;

/// One end of a pipe.
///
/// @param pipe the ring that the pipe is known by
/// @param side which of its two user sets: [#WRITERS] or [#READERS]
public record EndRef(CellRef pipe, int side) {
  /// The end into which that ring's messages go.
  public static final int WRITERS = RingLayout.WRITERS;

  /// The end out of which they come.
  public static final int READERS = RingLayout.READERS;

  /* By hand: what a record gets by itself is spun at the first call, in a young child. */

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof EndRef end && pipe.equals(end.pipe) && side == end.side;
  }

  @Override
  public int hashCode() {
    return pipe.hashCode() * 31 + side;
  }
}
