package io.procession.process;

import org.jspecify.annotations.Nullable;

/// Thrown where a static initialiser that runs again in a child would start processes. What it says is what
/// the user must read first, so it is found in whatever else was thrown because of it.
final class StartRefusedException extends IllegalStateException {
  private static final long serialVersionUID = 1L;
  private static final int MOST_CAUSES = 16;

  StartRefusedException(String message) {
    super(message);
  }

  /// The one that has led to a failure; null if none has.
  static @Nullable StartRefusedException in(Throwable failure) {
    Throwable cause = failure;
    for (int i = 0; i < MOST_CAUSES && cause != null; i++) {
      if (cause instanceof StartRefusedException refused) {
        return refused;
      }
      cause = cause.getCause();
    }
    return null;
  }
}
