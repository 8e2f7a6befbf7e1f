package io.procession.manager;

import io.procession.internal.remote.Caller;
import io.procession.serial.ByteSink;
import io.procession.serial.Codec;
import io.procession.serial.NotSendableException;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/// Measures elements that are to go to a caller together. One of another session takes messages up to a
/// length only: what is longer would be refused there, and be lost if it was removed here.
///
/// What is measured is what the standard codec makes of an element, without what stays at the server: a
/// good guess, of which a quarter of the greatest length is used at most.
final class Portion {
  private static final int MANY_BYTES = 1 << 20;
  private static final int UNKNOWN_BYTES = 64;

  private final long most;
  private final ByteSink sink = new ByteSink().keepingHandles(); // which do not leave
  private long bytes;

  /// One for the caller on whose behalf this thread runs.
  Portion() {
    Caller caller = Caller.current();
    long limit = caller == null ? Long.MAX_VALUE : caller.peer().mostBytes();
    this.most = limit == Long.MAX_VALUE ? limit : Math.min(MANY_BYTES, limit / 4);
  }

  /// Whether one more element goes along; the first does in any case.
  boolean takes(@Nullable Object element) {
    if (most == Long.MAX_VALUE) {
      return true;
    }
    long length = length(element);
    if (bytes > 0 && bytes + length > most) {
      return false;
    }
    bytes += length;
    return true;
  }

  /// Whether all of these go along.
  boolean takesAll(Collection<?> elements) {
    if (most == Long.MAX_VALUE) {
      return true;
    }
    for (Object element : elements) {
      bytes += length(element);
      if (bytes > most) {
        return false;
      }
    }
    return true;
  }

  private long length(@Nullable Object element) {
    sink.reset();
    try {
      Codec.standard().encode(element, sink);
      return sink.length() + 1L;
    } catch (NotSendableException e) {
      return UNKNOWN_BYTES; // a lock, say, of which a proxy goes
    }
  }
}
