package io.procession.process;

import io.procession.internal.arena.Membership;
import io.procession.internal.arena.ParticipantLayout;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// Tells what a task threw: its kind in this process's row, all of it on the standard error, with its
/// process's name.
///
/// It is made before the task runs, with some memory to let go of: when the task dies because the heap
/// is full, that is what telling so needs.
final class FailureReport implements Thread.UncaughtExceptionHandler {
  private static final int RESERVE_BYTES = 128 * 1024;
  private static final int MOST_CAUSES = 16;

  private final Membership self;
  private final ParentWatch watch;
  private final Requests requests;
  private volatile String name = "process";
  private volatile boolean hasBegun;

  @SuppressWarnings("UnusedVariable") // it is there to be let go of
  private volatile byte @Nullable [] reserve = new byte[RESERVE_BYTES];

  FailureReport(Membership self, ParentWatch watch, Requests requests) {
    this.self = self;
    this.watch = watch;
    this.requests = requests;
  }

  /// From here on this process has a name.
  void name(String known) {
    name = known;
  }

  /// From here on a failure is the task's.
  void begin() {
    hasBegun = true;
  }

  @Override
  public void uncaughtException(Thread thread, Throwable failure) {
    reserve = null;
    if (!watch.isParentAlive()) {
      return; // what is missing is missing because the session ends
    }
    note(failure);
    if (requests.isStopping() && ChildMain.isOfStop(failure)) {
      return;
    }
    synchronized (System.err) {
      System.err.println(
          "Exception in process " + name + " (pid " + ProcessHandle.current().pid() + ")");
      failure.printStackTrace();
    }
  }

  private void note(Throwable failure) {
    int kind = ParticipantLayout.FAILURE_EXCEPTION;
    if (isOfHeap(failure)) {
      kind = ParticipantLayout.FAILURE_HEAP;
    } else if (!hasBegun) {
      kind = ParticipantLayout.FAILURE_START_UP;
    }
    try {
      self.noteFailure(kind);
    } catch (IOException e) {
      // the session is over: nobody reads the row any more
    }
  }

  private static boolean isOfHeap(Throwable failure) {
    Throwable cause = failure;
    for (int i = 0; i < MOST_CAUSES && cause != null; i++) {
      if (cause instanceof OutOfMemoryError) {
        return !String.valueOf(cause.getMessage()).contains("native thread");
      }
      cause = cause.getCause();
    }
    return false;
  }
}
