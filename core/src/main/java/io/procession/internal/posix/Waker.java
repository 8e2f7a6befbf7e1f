package io.procession.internal.posix;

/// Who is told, once, that it may be worth to try again.
public interface Waker {
  /// Called on a thread that serves all: must neither block nor throw.
  void wake();
}
