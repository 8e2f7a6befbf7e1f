package io.procession.logging;

import io.procession.internal.log.LogState;

/// The way of records out of a child process, for handlers and appenders of logging frameworks.
///
/// ```java
/// if (LogRelay.isWanted()) {
///   LogRelay.send(entry);
/// }
/// ```
///
/// Safe for use by many threads.
public final class LogRelay {
  /// The system property that says where the records of a child go: `relay`, to the handlers of the first
  /// process, unless it is `own`, to handlers of the child's own. For a single process, give it
  /// [with the options of its launch][io.procession.process.LaunchOptions#withSystemProperty].
  public static final String PROPERTY = LogState.PLACE;

  private LogRelay() {}

  /// Whether this process is a child whose records go to the session's first process.
  ///
  /// @return false in that process itself, and where `-Dprocession.logs=own` says so
  public static boolean isWanted() {
    return LogState.relay() != null;
  }

  /// Whether this process is such a child, or will be as soon as its own code begins: an agent runs before that, and
  /// makes a framework configure itself. What is logged until a relay [is wanted][#isWanted] goes where the
  /// configuration says.
  ///
  /// @return false in the first process, and where `-Dprocession.logs=own` says so
  public static boolean isExpected() {
    return isWanted()
        || (Boolean.getBoolean(LogState.EXPECTED)
            && !LogState.OWN.equals(System.getProperty(LogState.PLACE)));
  }

  /// Sends a record to the first process, whose [LogTarget] logs it. Records of one thread arrive in
  /// their order, and all that this method has sent arrives however this process ends. It blocks for as
  /// long as the first process has very many records before it, but not for more than a second: then
  /// this record, and those that follow until there is room again, are dropped, and the first that
  /// arrives after them is preceded by one that says how many. An interrupt changes nothing of that, and
  /// is kept. Does nothing if no relay [is wanted][#isWanted].
  ///
  /// @param entry the record
  public static void send(LogEntry entry) {
    LogState.Relay relay = LogState.relay();
    if (relay != null) {
      relay.take(entry);
    }
  }
}
