package io.procession.internal.remote;

import io.procession.serial.ByteSink;
import io.procession.serial.ByteSource;
import io.procession.serial.Codec;
import io.procession.serial.Handle;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// An object of the session as bytes within a message that others may get, too: those leave it closed,
/// where its handle by itself could not be read.
final class Enclosed {
  private Enclosed() {}

  /// @throws io.procession.serial.NotSendableException if it cannot be sent
  static byte[] enclose(Object object) {
    ByteSink sink = new ByteSink();
    Codec.standard().encode(object, sink);
    sink.handles().forEach(Handle::leave);
    return sink.toByteArray();
  }

  /// Only for what a process of this session has enclosed.
  static @Nullable Object disclose(byte[] bytes) throws IOException {
    try {
      return Codec.standard().decode(new ByteSource(bytes));
    } catch (ClassNotFoundException e) {
      throw new IOException("a class is missing: " + e, e);
    }
  }
}
