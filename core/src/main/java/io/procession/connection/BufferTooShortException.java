package io.procession.connection;

import java.io.IOException;

/// A message was longer than the room for it. It has been received, and is here.
public final class BufferTooShortException extends IOException {
  private static final long serialVersionUID = 1L;

  private final byte[] bytes;

  /// @param bytes the whole message; not copied
  BufferTooShortException(byte[] bytes, long room) {
    super("the message is longer than the room for it: length=" + bytes.length + ", room=" + room);
    this.bytes = bytes;
  }

  /// The whole message.
  ///
  /// @return a copy of its bytes
  public byte[] message() {
    return bytes.clone();
  }
}
