package io.procession.internal.remote;

import io.procession.serial.ByteSink;
import io.procession.serial.Codec;
import io.procession.serial.NotSendableException;
import org.jspecify.annotations.Nullable;

/// How long a reply to a caller may be. A longer one is not built first, to be thrown away then: callers
/// may ask for copies of whatever the server has.
///
/// @param mostBytes its length
/// @param side whose limit that is
record ReplyLimit(long mostBytes, String side) {
  /// That of callers of the session: pipes have none.
  static final ReplyLimit NONE = new ReplyLimit(Long.MAX_VALUE, "nobody");

  /// What a sink may take beyond it: what is told instead, whatever the limit is.
  private static final int SLACK_BYTES = 64 << 10;

  /// That of a caller behind a network: the shorter of what it takes and what the server sends.
  static ReplyLimit of(Greeting caller, NetworkTerms server) {
    return caller.mostBytes() <= server.mostBytes()
        ? new ReplyLimit(caller.mostBytes(), "caller")
        : new ReplyLimit(server.mostBytes(), "server");
  }

  /// Where replies are encoded.
  ByteSink sink() {
    return new ByteSink().limitedTo(Math.min(mostBytes, ByteSink.MAX_LENGTH) + SLACK_BYTES);
  }

  /// Encodes a reply.
  ///
  /// @param sink as [#sink] makes it, without bytes
  /// @param besides how much else is sent with it
  /// @throws NotSendableException if it cannot be sent
  void encode(@Nullable Object reply, Codec codec, ByteSink sink, long besides)
      throws TooLongException {
    try {
      codec.encode(reply, sink);
    } catch (NotSendableException e) {
      if (!sink.wasOverfull()) {
        throw e;
      }
      throw new TooLongException("more than " + mostBytes, this);
    }
    long bytes = sink.length() + besides;
    if (bytes > mostBytes) {
      throw new TooLongException(String.valueOf(bytes), this);
    }
  }
}
