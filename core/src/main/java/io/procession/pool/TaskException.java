package io.procession.pool;

import org.jspecify.annotations.Nullable;

/// A task of a pool failed.
///
/// The cause says how: what the task threw, with the worker's stack as it was there; a
/// [WorkerDiedException] if its worker died while the task ran; or
/// [NotSendableException][io.procession.serial.NotSendableException] if its result could not be
/// sent. An exception that cannot be sent is represented by a
/// [StandInException][io.procession.serial.StandInException].
public final class TaskException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  TaskException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
