package io.procession.internal.remote;

import java.io.IOException;

/// A result is longer than a message to this process may be.
final class TooLongException extends IOException {
  private static final long serialVersionUID = 1L;

  TooLongException(String message) {
    super(message);
  }

  /// @param bytes how long it is, as far as that is known
  TooLongException(String bytes, long most) {
    this(
        "the result is too long: bytes="
            + bytes
            + ", maxMessageBytes="
            + most
            + "; ask for parts, or connect with greater maxMessageBytes");
  }
}
