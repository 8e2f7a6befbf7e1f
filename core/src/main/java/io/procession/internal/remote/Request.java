package io.procession.internal.remote;

import io.procession.serial.NotSendableException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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

  /// How a way to something in a message ends.
  private static final Pattern ARGUMENT =
      Pattern.compile(
          "element (\\d{1,4}) \\(([^()]*)\\) of java\\.lang\\.Object\\[\\], element 2"
              + " \\(java\\.lang\\.Object\\[\\]\\)");

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

  /// The refusal of a message, in the words of the call that it is of: which of its arguments it was.
  NotSendableException explained(NotSendableException refusal) {
    String told = String.valueOf(refusal.getMessage());
    Matcher way = ARGUMENT.matcher(told);
    if (!way.find()) {
      return refusal;
    }
    String argument =
        "argument " + (Integer.parseInt(way.group(1)) + 1) + " (" + way.group(2) + ") of " + method;
    return new NotSendableException(
        told.substring(0, way.start()) + argument + told.substring(way.end()), refusal.getCause());
  }

  /// What is sent.
  @Nullable Object[] message() {
    return new @Nullable Object[] {ident, method, arguments, thread};
  }
}
