package io.procession.shared;

import io.procession.serial.ByteSink;
import io.procession.serial.ByteSource;
import io.procession.serial.Codec;
import java.io.IOException;
import java.util.Objects;

/// Objects that have been sent.
final class Sent {
  private Sent() {}

  /// What arrives of an object.
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // what is sent arrives
  static <T> T copy(T object) throws IOException, ClassNotFoundException {
    ByteSink sink = new ByteSink();
    Codec.standard().encode(object, sink);
    Object arrived = Codec.standard().decode(new ByteSource(sink.array(), 0, sink.length()));
    return (T) Objects.requireNonNull(arrived);
  }
}
