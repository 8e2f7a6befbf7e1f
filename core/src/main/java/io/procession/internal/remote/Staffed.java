package io.procession.internal.remote;

/// A served object that has processes of its own.
public interface Staffed {
  /// The server ends, and the process that it is in perhaps does not. Called by the thread that ends it:
  /// must not wait.
  void serverEnds();
}
