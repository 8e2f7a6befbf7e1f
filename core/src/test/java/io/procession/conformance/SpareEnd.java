package io.procession.conformance;

import static org.awaitility.Awaitility.await;

/// Ends the spares of the fork server, which are started ahead and stay for a while.
final class SpareEnd {
  private static final String IDLE = "procession.forkserver.idle.millis";

  private long children;

  void begin() {
    children = ProcessHandle.current().children().count();
  }

  void end() {
    String before = System.getProperty(IDLE);
    System.setProperty(IDLE, "0");
    try {
      await()
          .atMost(Contract.LONG)
          .until(() -> ProcessHandle.current().children().count() <= children);
    } finally {
      if (before == null) {
        System.clearProperty(IDLE);
      } else {
        System.setProperty(IDLE, before);
      }
    }
  }
}
