package io.procession.internal.posix;

import org.jspecify.annotations.Nullable;

/// Waits for what is known to take long: the calling thread does not look for it, but sleeps at once, and
/// leaves the processor to who is waited for. Nothing is learned from such a sleep.
public final class Asleep {
  private static final ThreadLocal<@Nullable Boolean> SLEEPS = new ThreadLocal<>();

  private Asleep() {}

  /// A wait.
  ///
  /// @param <T> what has come
  /// @param <E> what may end it otherwise
  public interface Wait<T extends @Nullable Object, E extends Exception> {
    /// Waits.
    T run() throws E, InterruptedException;
  }

  /// Waits.
  public static <T extends @Nullable Object, E extends Exception> T await(Wait<T, E> wait)
      throws E, InterruptedException {
    SLEEPS.set(true);
    try {
      return wait.run();
    } finally {
      SLEEPS.remove();
    }
  }

  /// Whether the calling thread is in such a wait.
  public static boolean isWanted() {
    return SLEEPS.get() != null;
  }
}
