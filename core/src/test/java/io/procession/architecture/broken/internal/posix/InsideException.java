package io.procession.architecture.broken.internal.posix;

/// An exception that users must not meet by its name.
public final class InsideException extends Exception {
  private static final long serialVersionUID = 1;
}
