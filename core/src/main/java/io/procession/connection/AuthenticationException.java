package io.procession.connection;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// The two ends of a connection have not convinced each other that they know the same key.
public final class AuthenticationException extends IOException {
  private static final long serialVersionUID = 1L;

  AuthenticationException(String message) {
    this(message, null);
  }

  AuthenticationException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
