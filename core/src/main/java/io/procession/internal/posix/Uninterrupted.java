package io.procession.internal.posix;

/// Waits that an interrupt does not end: the thread is interrupted again behind them.
public final class Uninterrupted {
  private Uninterrupted() {}

  /// Something to wait for, from the beginning each time.
  ///
  /// @param <E> what may end it otherwise
  public interface Wait<E extends Exception> {
    /// Waits.
    void run() throws InterruptedException, E;
  }

  /// Waits until it is over.
  public static <E extends Exception> void await(Wait<E> wait) throws E {
    boolean interrupted = Thread.interrupted();
    try {
      while (true) {
        try {
          wait.run();
          return;
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
