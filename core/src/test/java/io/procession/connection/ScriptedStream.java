package io.procession.connection;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/// A stream that brings given bytes in pieces of a given size, and then ends. Keeps what is written.
final class ScriptedStream extends TestStream {
  private final ByteBuffer script;
  private final int piece;
  private final ByteArrayOutputStream written = new ByteArrayOutputStream();
  private int largestTarget;

  ScriptedStream(byte[] script, int piece) {
    this.script = ByteBuffer.wrap(script);
    this.piece = piece;
  }

  /// The greatest buffer that it was asked to fill.
  int largestTarget() {
    return largestTarget;
  }

  byte[] written() {
    return written.toByteArray();
  }

  @Override
  public int read(ByteBuffer target, long deadline) {
    largestTarget = Math.max(largestTarget, target.capacity());
    if (!script.hasRemaining()) {
      return -1;
    }
    int count = Math.min(piece, Math.min(target.remaining(), script.remaining()));
    target.put(script.slice(script.position(), count));
    script.position(script.position() + count);
    return count;
  }

  @Override
  public void write(ByteBuffer source, long deadline) {
    byte[] bytes = new byte[source.remaining()];
    source.get(bytes);
    written.writeBytes(bytes);
  }

  @Override
  public boolean awaitReadable(long deadline) {
    return true;
  }

  @Override
  public String toString() {
    return "scripted stream";
  }
}
