package io.procession.queue;

import io.procession.internal.ring.RingLimits;

/// How a [SharedQueue] is made.
///
/// Defaults: any number of elements; their bytes up to a quarter of the memory that the machine or
/// the control group allows.
///
/// @param capacity most elements at a time, [Integer#MAX_VALUE] for any number
/// @param maxBytes most memory for elements, in bytes; kept to 64 KiB
public record QueueOptions(int capacity, long maxBytes) {
  private static final QueueOptions DEFAULTS =
      new QueueOptions(Integer.MAX_VALUE, MemoryAllowance.bytes() / 4);

  /// Checks the options.
  ///
  /// @throws IllegalArgumentException if one is not positive
  public QueueOptions {
    if (capacity <= 0) {
      throw new IllegalArgumentException(
          "capacity must be positive: capacity=" + capacity + "; use 1 or more");
    }
    if (maxBytes <= 0) {
      throw new IllegalArgumentException(
          "maxBytes must be positive: maxBytes=" + maxBytes + "; use 1 or more");
    }
  }

  /// The default options.
  ///
  /// @return an unbounded queue's
  public static QueueOptions defaults() {
    return DEFAULTS;
  }

  /// The same with a bound on elements: `put` waits above it, `offer` refuses.
  ///
  /// @param newCapacity most elements at a time
  /// @return new options
  public QueueOptions withCapacity(int newCapacity) {
    return new QueueOptions(newCapacity, maxBytes);
  }

  /// The same with another limit for memory, at which `put` throws and `offer` refuses.
  ///
  /// @param newMaxBytes most memory for elements, in bytes
  /// @return new options
  public QueueOptions withMaxBytes(long newMaxBytes) {
    return new QueueOptions(capacity, newMaxBytes);
  }

  boolean isBounded() {
    return capacity != Integer.MAX_VALUE;
  }

  RingLimits toLimits() {
    return new RingLimits(
        isBounded() ? capacity : RingLimits.UNBOUNDED, maxBytes, RingLimits.AtLimit.THROW);
  }
}
