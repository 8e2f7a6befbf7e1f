package io.procession.pool;

/// Whether this process has begun to end: then dying workers are no reason to start others.
final class ProcessEnd {
  private static volatile boolean hasBegun;

  static {
    Runtime.getRuntime().addShutdownHook(new Thread(ProcessEnd::note, "procession-pool-end"));
  }

  private ProcessEnd() {}

  /// Must be called once before the end, so that it is noticed.
  static boolean hasBegun() {
    return hasBegun;
  }

  private static void note() {
    hasBegun = true;
  }
}
