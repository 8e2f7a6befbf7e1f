package io.procession.internal.remote;

import io.procession.internal.posix.Until;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// What a server says first on a connection for control: what it lets the caller do.
///
/// @param server its own name for itself
/// @param silence how long the caller may say nothing
/// @param mostBytes how long a request may be; a server that does not say it takes all
record Welcome(String server, Duration silence, long mostBytes) {
  private static final Duration ANY = Duration.ofNanos(Long.MAX_VALUE);

  /// That of a caller behind a network.
  static Welcome ofStranger(String server, NetworkTerms terms) {
    return new Welcome(server, terms.silence(), terms.mostBytes());
  }

  /// That of a caller of the session, which may be silent and send what it likes.
  static Welcome ofSession(String server) {
    return new Welcome(server, ANY, Long.MAX_VALUE);
  }

  /// @throws IOException if it is none
  static Welcome read(@Nullable Object said) throws IOException {
    if (said instanceof Object[] words
        && words.length >= 2
        && words[0] instanceof String server
        && words[1] instanceof Long nanos
        && nanos > 0) {
      return new Welcome(server, Duration.ofNanos(nanos), mostBytes(words));
    }
    throw new IOException("no welcome of a server: " + said);
  }

  private static long mostBytes(@Nullable Object[] words) {
    return words.length > 2 && words[2] instanceof Long most && most > 0 ? most : Long.MAX_VALUE;
  }

  @Nullable Object[] message() {
    Object[] words = {server, Until.nanos(silence), mostBytes};
    return Wire.reply(Wire.RETURN, words);
  }
}
