package io.procession.internal.remote;

import java.io.IOException;

/// A result is longer than a message to its caller may be.
final class TooLongException extends IOException {
  private static final long serialVersionUID = 1L;

  TooLongException(String message) {
    super(message);
  }

  /// @param bytes how long it is, as far as that is known
  TooLongException(String bytes, ReplyLimit limit) {
    this(
        "the result is too long: bytes="
            + bytes
            + ", maxMessageBytes="
            + limit.mostBytes()
            + "; ask for parts, or give the "
            + limit.side()
            + " greater ManagerOptions.withMaxMessageBytes");
  }
}
