package io.procession.process;

import org.jspecify.annotations.Nullable;

/// A call of an object in another process failed otherwise than by an exception that the method may
/// throw: the object is gone, the method is not exposed, the result cannot be sent, or what was thrown
/// cannot be thrown here. The last is its cause.
public final class RemoteCallException extends ProcessException {
  private static final long serialVersionUID = 1L;

  /// Creates an exception.
  ///
  /// @param message what happened
  /// @param cause what was thrown in the other process; null if nothing was
  public RemoteCallException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
