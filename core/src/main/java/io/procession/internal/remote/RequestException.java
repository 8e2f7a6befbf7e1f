package io.procession.internal.remote;

/// A request that cannot be carried out, whatever its object would have said to it.
final class RequestException extends Exception {
  private static final long serialVersionUID = 1L;

  RequestException(String message) {
    super(message);
  }
}
