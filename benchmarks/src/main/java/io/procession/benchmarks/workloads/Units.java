package io.procession.benchmarks.workloads;

/// What the families share: the message and the units of time.
final class Units {
  /// The message of the queue and pipe rows: 256 characters of Latin-1.
  static final String MESSAGE = "x".repeat(256);

  /// The largest round of messages: what may be under way at once has to fit in memory.
  static final long LARGEST_ROUND = 500_000;

  static final double NANOS_PER_MICRO = 1e3;
  static final double NANOS_PER_MILLI = 1e6;
  static final double NANOS_PER_SECOND = 1e9;
  static final double BYTES_PER_GIGABYTE = 1e9;

  private Units() {}
}
