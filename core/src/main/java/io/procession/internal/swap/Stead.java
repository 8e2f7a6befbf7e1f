package io.procession.internal.swap;

import org.jspecify.annotations.Nullable;

/// What is written in the stead of some objects, wherever they are in what a thread encodes. The objects
/// themselves do not know of it, and need not be serializable.
public interface Stead {
  /// Whether something else is written for an object.
  boolean isFor(Object object);

  /// What is written for it. Called once for each object that [#isFor] applies to, and is written.
  Object of(Object object);

  /// What the current thread's encoding heeds; null for nothing.
  static @Nullable Stead current() {
    return Steads.CURRENT.get();
  }

  /// Has what the current thread encodes from now on heed it.
  ///
  /// @param stead null for nothing
  /// @return what it was before
  static @Nullable Stead heed(@Nullable Stead stead) {
    Stead before = Steads.CURRENT.get();
    if (stead == null) {
      Steads.CURRENT.remove();
    } else {
      Steads.CURRENT.set(stead);
    }
    return before;
  }
}
