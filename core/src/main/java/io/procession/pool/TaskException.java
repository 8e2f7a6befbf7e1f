package io.procession.pool;

import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// A task of a pool failed.
///
/// The cause says how: what the task threw, with the worker's stack as it was there; a
/// [WorkerDiedException] if its worker died while the task ran; a [TaskTimeoutException]; or
/// [NotSendableException][io.procession.serial.NotSendableException] if its result could not be
/// sent. An exception that cannot be sent is represented by a
/// [StandInException][io.procession.serial.StandInException].
///
/// The message names the task, if its options do, and the worker; of a map, which input it was.
public final class TaskException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private static final long NONE = -1;

  private final long element;

  TaskException(String message, @Nullable Throwable cause) {
    this(message, cause, NONE);
  }

  private TaskException(String message, @Nullable Throwable cause, long element) {
    super(message, cause);
    this.element = element;
  }

  /// Which input of a map it was, or of an `imap`.
  ///
  /// @return its index among all inputs, from 0; empty if the task was no map, or failed as a whole
  public OptionalLong element() {
    return element < 0 ? OptionalLong.empty() : OptionalLong.of(element);
  }

  /// The same failure, with more to say.
  TaskException with(String more) {
    return copy(more, element);
  }

  /// The same failure, with the place in a map where it happened.
  ///
  /// @param input what was the input, for people; null if that is not known any more
  TaskException at(long index, @Nullable String input) {
    return copy("element=" + index + (input == null ? "" : ", input=" + input), index);
  }

  private TaskException copy(String more, long index) {
    TaskException told = new TaskException(getMessage() + "; " + more, getCause(), index);
    told.setStackTrace(getStackTrace());
    for (Throwable suppressed : getSuppressed()) {
      told.addSuppressed(suppressed);
    }
    return told;
  }
}
