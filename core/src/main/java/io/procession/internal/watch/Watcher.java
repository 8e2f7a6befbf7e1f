package io.procession.internal.watch;

/// A wait for any of several sources, as sources see it.
public interface Watcher {
  /// Says that a source may have become ready, so that the wait looks at it. Never blocks; from any
  /// thread, also after the end of the wait.
  void ring(Source source);
}
