package io.procession.process;

import io.procession.internal.arena.Membership;
import io.procession.internal.arena.ParticipantLayout;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.Charset;
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
  private volatile String name = "";
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
    if (!watch.isParentAlive() || !self.isSessionThere()) {
      return; // what is missing is missing because the session ends
    }
    note(failure);
    if (requests.isStopping() && ChildMain.isOfStop(failure)) {
      return;
    }
    print(name, failure);
  }

  /// Prints a failure to the standard error, with the name of its process: in one piece, for others may fail at the
  /// same time and write to the same place.
  static void print(String name, Throwable failure) {
    StartRefusedException refused = StartRefusedException.in(failure);
    String head =
        "Exception in process "
            + (name.isEmpty() ? "" : name + " ")
            + "(pid "
            + ProcessHandle.current().pid()
            + ")"
            + (refused == null ? "" : ": " + refused.getMessage());
    synchronized (System.err) {
      byte[] piece = inOnePiece(head, failure, refused);
      if (piece != null) {
        System.err.write(piece, 0, piece.length);
        System.err.flush();
      } else {
        System.err.println(head);
        failure.printStackTrace();
      }
    }
  }

  /// @param refused what has led to the failure: the head has its text, and where it was thrown is all that is of
  ///     use beside that
  private static byte @Nullable [] inOnePiece(
      String head, Throwable failure, @Nullable StartRefusedException refused) {
    try {
      Charset charset = System.err.charset();
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      PrintStream text = new PrintStream(bytes, false, charset);
      text.println(head);
      if (refused == null) {
        failure.printStackTrace(text);
      } else {
        for (StackTraceElement frame : refused.getStackTrace()) {
          text.println("\tat " + frame);
        }
      }
      text.flush();
      return bytes.toByteArray();
    } catch (OutOfMemoryError e) {
      return null; // as it comes, then
    }
  }

  /// What a failure counts as: a `FAILURE_` constant of [ParticipantLayout].
  static int kind(Throwable failure, boolean hasBegun) {
    if (isOfHeap(failure)) {
      return ParticipantLayout.FAILURE_HEAP;
    }
    if (StartRefusedException.in(failure) != null) {
      return ParticipantLayout.FAILURE_INITIALISER;
    }
    return hasBegun ? ParticipantLayout.FAILURE_EXCEPTION : ParticipantLayout.FAILURE_START_UP;
  }

  private void note(Throwable failure) {
    try {
      self.noteFailure(kind(failure, hasBegun));
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
