package io.procession.internal.arena;

/// One who works on an object without asking whether it is there, and is told when this process destroys it.
public interface ObjectUser {
  /// It is destroyed, and somebody else's in a moment. Called with locks held, so it takes none.
  void destroyed();
}
