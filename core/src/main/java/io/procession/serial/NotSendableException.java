package io.procession.serial;

import org.jspecify.annotations.Nullable;

/// Thrown to the caller when an object cannot be turned into bytes, before anything is written.
///
/// The message names the way to the culprit, innermost first: `not serializable: captured variable
/// conn (argument 2, java.net.Socket) of the lambda at Main.java:14`.
public final class NotSendableException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  /// Creates the exception.
  ///
  /// @param message what cannot be sent, and where it was found
  public NotSendableException(String message) {
    super(message);
  }

  /// Creates the exception.
  ///
  /// @param message what cannot be sent, and where it was found
  /// @param cause what was thrown while the object was read, or null
  public NotSendableException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
