package io.procession.internal.posix;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// What a thread does on which others depend: an error does not end it. It is told, and the work goes
/// on after a pause.
final class Steadfast implements Runnable {
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  /// The work.
  interface Work {
    /// Works until there is nothing left to do.
    ///
    /// @param afterError whether it was ended by an error before, in the midst of anything
    void run(boolean afterError) throws IOException;
  }

  private final Work work;

  Steadfast(Work work) {
    this.work = work;
  }

  @Override
  public void run() {
    boolean afterError = false;
    boolean isDone = false;
    while (!isDone) {
      try {
        work.run(afterError);
        isDone = true;
      } catch (IOException | RuntimeException | Error e) {
        afterError = true;
        tell(e);
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    }
  }

  private static void tell(Throwable error) {
    try {
      System.getLogger(Steadfast.class.getName())
          .log(
              System.Logger.Level.WARNING,
              "the thread that waits for sockets met an error, and goes on: all waits look again",
              error);
    } catch (RuntimeException | Error e) {
      // out of memory, say: going on is more than telling
    }
  }
}
