package io.procession.internal.remote;

import org.jspecify.annotations.Nullable;

/// A request, as [Wire] draws it.
///
/// @param ident the object; null for a function of the server
/// @param method the method's word, or the function
/// @param arguments what it gets
/// @param thread the calling thread among those of its process
@SuppressWarnings("ArrayRecordComponent") // nobody compares requests
record Request(@Nullable String ident, String method, @Nullable Object[] arguments, long thread) {
  private static final int PARTS = 4;

  /// Reads what has arrived.
  ///
  /// @return null if it is no request
  @SuppressWarnings("NullAway") // an array of objects may have nulls, which no pattern says
  static @Nullable Request read(@Nullable Object message) {
    return message instanceof Object[] parts
            && parts.length == PARTS
            && (parts[0] == null || parts[0] instanceof String)
            && parts[1] instanceof String method
            && parts[2] instanceof Object[] arguments
            && parts[3] instanceof Long thread
        ? new Request((String) parts[0], method, arguments, thread)
        : null;
  }

  /// Whether it is a batch, whose arguments are requests.
  boolean isBatch() {
    return ident == null && Wire.BATCH.equals(method);
  }

  /// What is sent.
  @Nullable Object[] message() {
    return new @Nullable Object[] {ident, method, arguments, thread};
  }
}
