package io.procession.pool;

import io.procession.serial.ByteSink;
import io.procession.serial.Codec;

/// A function that goes with each chunk of a map: encoded once, unless it has handles, which leave
/// with every message.
final class FunctionBytes {
  private final Codec codec;
  private final Object function;
  private final ByteSink bytes = new ByteSink().keepingHandles();

  /// @throws io.procession.serial.NotSendableException if the function cannot be sent
  FunctionBytes(Codec codec, Object function) {
    this.codec = codec;
    this.function = function;
    codec.encode(function, bytes);
  }

  void writeTo(ByteSink out) {
    if (bytes.handles().isEmpty()) {
      out.putBytes(bytes.array(), 0, bytes.length());
    } else {
      codec.encode(function, out);
    }
  }
}
