package io.procession.logging;

/// Gives records that other processes have logged to the handlers of a logging framework in this one.
///
/// A service: the session's first process finds implementations by [java.util.ServiceLoader] when the
/// first record of a child arrives. It is made then whether or not its framework is used, so its constructor should do
/// nothing. That of `java.util.logging` is built in.
public interface LogTarget {
  /// The framework whose records it takes: those that a [LogRelay] was given under this name.
  ///
  /// @return the name, such as `logback`
  String framework();

  /// Logs a record, as if this process had logged it. Called by one thread at a time; what it throws is
  /// told on the standard error once, and the record is lost.
  ///
  /// @param entry the record
  void log(LogEntry entry);
}
