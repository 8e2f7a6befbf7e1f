package io.procession.internal.remote;

/// A served object that wants to know when nobody has it any more.
public interface Leaving {
  /// No process has it, none is to get it, and no other object of the server has been given it. Called
  /// by a thread that serves others: must not wait.
  void left();
}
