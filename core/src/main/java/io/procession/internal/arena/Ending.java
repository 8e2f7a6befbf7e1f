package io.procession.internal.arena;

/// One who is told when this process has destroyed an object.
public interface Ending {
  /// The object ends: it is nobody's in a moment. Called with locks held, so it takes none.
  void end();
}
