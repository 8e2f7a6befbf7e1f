package io.procession.internal.ring;

/// A ring's memory is used up, and its writers do not wait for memory.
public final class RingFullException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  RingFullException(String message) {
    super(message);
  }
}
