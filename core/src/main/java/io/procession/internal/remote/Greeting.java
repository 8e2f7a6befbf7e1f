package io.procession.internal.remote;

import org.jspecify.annotations.Nullable;

/// The first request on a connection: who calls, and what the connection is for.
///
/// @param process the calling process's own name for itself, unique
/// @param name the same for people
/// @param purpose [Wire#CALLS], [Wire#CONTROL], or [Wire#DUMMY] to ask who the server is
/// @param line the number of a connection for calls among those of the process
/// @param mostBytes how long a reply may be on a connection; who does not say it takes all
record Greeting(String process, String name, String purpose, long line, long mostBytes) {
  private static final int PARTS = 4;

  static @Nullable Greeting read(@Nullable Object message) {
    Request request = Request.read(message);
    if (request == null || request.ident() != null || !Wire.ACCEPT.equals(request.method())) {
      return null;
    }
    @Nullable Object[] parts = request.arguments();
    return parts.length >= PARTS
            && parts[0] instanceof String process
            && parts[1] instanceof String name
            && parts[2] instanceof String purpose
            && parts[3] instanceof Long line
        ? new Greeting(process, name, purpose, line, mostBytes(parts))
        : null;
  }

  private static long mostBytes(@Nullable Object[] parts) {
    return parts.length > PARTS && parts[PARTS] instanceof Long most && most > 0
        ? most
        : Long.MAX_VALUE;
  }

  @Nullable Object[] message() {
    Object[] parts = {process, name, purpose, line, mostBytes};
    return new Request(null, Wire.ACCEPT, parts, Thread.currentThread().threadId()).message();
  }
}
