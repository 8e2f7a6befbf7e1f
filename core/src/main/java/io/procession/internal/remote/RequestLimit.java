package io.procession.internal.remote;

import io.procession.serial.ByteSink;
import io.procession.serial.Codec;
import io.procession.serial.NotSendableException;
import org.jspecify.annotations.Nullable;

/// How long a request to a server may be. A longer one is not sent: the server would not read it, and end
/// the connection.
///
/// @param server whom it is for
/// @param mostBytes its length
record RequestLimit(ServerRef server, long mostBytes) {
  /// What an object takes, at most, in a message that tells of many.
  private static final int BYTES_OF_ONE = 32;

  /// What a sink may take beyond it, so that what is a little too long is told with its length.
  private static final int SLACK_BYTES = 64 << 10;

  /// Where requests are encoded: what is much too long is not built first.
  ByteSink sink() {
    return new ByteSink().limitedTo(most() + SLACK_BYTES).keepingHandles().keepingArrays();
  }

  private long most() {
    return Math.min(mostBytes, ByteSink.MAX_LENGTH - 1 - SLACK_BYTES);
  }

  /// Whether there is none.
  boolean isNone() {
    return mostBytes == Long.MAX_VALUE;
  }

  /// Encodes a request.
  ///
  /// @param sink as [#sink] makes it, without bytes
  /// @throws NotSendableException if it cannot be sent, or is too long
  void encode(@Nullable Object[] request, Codec codec, ByteSink sink) {
    try {
      codec.encode(request, sink);
    } catch (NotSendableException e) {
      throw sink.wasOverfull() ? tooLong("more than " + most()) : e;
    }
    check(sink.length());
  }

  /// @throws NotSendableException if a request of that length is too long
  void check(long bytes) {
    if (bytes > mostBytes) {
      throw tooLong(String.valueOf(bytes));
    }
  }

  private NotSendableException tooLong(String bytes) {
    return new NotSendableException(
        "the request is longer than the server takes: bytes="
            + bytes
            + ", maxMessageBytes="
            + mostBytes
            + ", server="
            + server
            + "; send it in parts, or start the server with greater"
            + " ManagerOptions.withMaxMessageBytes");
  }

  /// How many of a number of objects may be told of in one message.
  int objects(int wanted) {
    return Math.clamp(mostBytes / BYTES_OF_ONE, 1, wanted);
  }
}
