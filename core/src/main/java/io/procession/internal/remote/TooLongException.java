package io.procession.internal.remote;

import java.io.IOException;

/// A result is longer than a message to this process may be.
final class TooLongException extends IOException {
  private static final long serialVersionUID = 1L;

  TooLongException(String message) {
    super(message);
  }

  static void check(long bytes, long most) throws TooLongException {
    if (bytes > most) {
      throw new TooLongException(
          "the result is too long: bytes="
              + bytes
              + ", maxMessageBytes="
              + most
              + "; ask for parts, or connect with greater maxMessageBytes");
    }
  }
}
