package io.procession.queue;

import io.procession.internal.check.Require;
import io.procession.internal.posix.MachineMemory;
import io.procession.internal.ring.RingLimits;

/// How a [SharedQueue] is made.
///
/// Defaults: any number of elements; their bytes up to a quarter of the memory that the machine or
/// the control group allows.
///
/// A release may add components: make them by `defaults()` and its methods, not by the constructor.
///
/// @param capacity most elements at a time, [Integer#MAX_VALUE] for any number
/// @param maxBytes most memory for elements, in bytes; kept to 64 KiB
public record QueueOptions(int capacity, long maxBytes) {
  private static final QueueOptions DEFAULTS =
      new QueueOptions(Integer.MAX_VALUE, MachineMemory.bytes() / 4);

  /// Checks the options.
  ///
  /// @throws IllegalArgumentException if one is not positive
  public QueueOptions {
    Require.positive("capacity", capacity);
    Require.positive("maxBytes", maxBytes);
  }

  /// The default options.
  ///
  /// @return an unbounded queue's
  public static QueueOptions defaults() {
    return DEFAULTS;
  }

  /// Sets how many elements there is room for: above that `put` waits, and `offer` refuses.
  ///
  /// @param most most elements at a time
  /// @return options with this bound
  /// @throws IllegalArgumentException if it is not positive
  public QueueOptions withCapacity(int most) {
    return new QueueOptions(most, maxBytes);
  }

  /// Sets how much memory elements may take, at which `put` throws and `offer` refuses.
  ///
  /// @param most most memory for elements, in bytes
  /// @return options with this limit
  /// @throws IllegalArgumentException if it is not positive
  public QueueOptions withMaxBytes(long most) {
    return new QueueOptions(capacity, most);
  }

  boolean isBounded() {
    return capacity != Integer.MAX_VALUE;
  }

  RingLimits toLimits() {
    return new RingLimits(
        isBounded() ? capacity : RingLimits.UNBOUNDED, maxBytes, RingLimits.AtLimit.THROW);
  }
}
