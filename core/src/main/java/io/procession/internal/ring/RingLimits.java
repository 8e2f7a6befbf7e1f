package io.procession.internal.ring;

import io.procession.internal.check.Require;

/// What a ring holds at most, and what a writer does at the limit of memory.
///
/// @param capacity most messages at a time: a writer waits above it
/// @param maxBytes most memory for messages, in bytes, kept to the unit; a single message may go
///     above it if writers wait at the limit
/// @param atLimit what happens at that limit
public record RingLimits(long capacity, long maxBytes, AtLimit atLimit) {
  /// No bound on messages.
  public static final long UNBOUNDED = Long.MAX_VALUE;

  /// What a writer does when the memory limit is reached.
  public enum AtLimit {
    /// It waits, as a full pipe makes it wait.
    WAIT(1),
    /// It throws: nobody may be there to read.
    THROW(2);

    private final int code;

    AtLimit(int code) {
      this.code = code;
    }

    /// The number that stands for it in shared memory.
    int code() {
      return code;
    }
  }

  /// Checks the limits.
  public RingLimits {
    Require.positive("capacity", capacity);
    Require.positive("maxBytes", maxBytes);
  }
}
