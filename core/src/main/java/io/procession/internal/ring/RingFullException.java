package io.procession.internal.ring;

/// A ring's memory is used up, and its writers do not wait for memory.
public final class RingFullException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  private final boolean isTooLong;

  private RingFullException(String message, boolean isTooLong) {
    super(message);
    this.isTooLong = isTooLong;
  }

  /// @param message how full it is
  static RingFullException of(String message) {
    return new RingFullException(message, false);
  }

  /// A message for which there is no room in an empty ring.
  ///
  /// @param length how many bytes it has
  /// @param limit how many there may be
  static RingFullException ofTooLong(int length, long limit) {
    return new RingFullException(
        "the message is longer than all together may be: message="
            + length
            + " bytes, limit="
            + limit
            + " bytes",
        true);
  }

  /// True if it will never fit, however many messages are taken.
  public boolean isTooLong() {
    return isTooLong;
  }
}
