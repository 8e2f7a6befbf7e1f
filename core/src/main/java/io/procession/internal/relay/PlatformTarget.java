package io.procession.internal.relay;

import io.procession.logging.LogEntry;
import io.procession.logging.LogTarget;

/// Logs records of frameworks that this process has not got by the platform's logger.
final class PlatformTarget implements LogTarget {
  static final LogTarget INSTANCE = new PlatformTarget();

  private PlatformTarget() {}

  @Override
  public String framework() {
    return "platform";
  }

  @Override
  public void log(LogEntry entry) {
    System.getLogger(entry.logger()).log(entry.level(), entry.signedMessage(), entry.thrown());
  }
}
