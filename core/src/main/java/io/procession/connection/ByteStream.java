package io.procession.connection;

import io.procession.internal.watch.Source;
import java.io.IOException;
import java.io.NotSerializableException;
import java.io.ObjectStreamException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.Optional;

/// A stream of bytes to and from another process: a socket, or TLS over one.
///
/// Deadlines are [Until]s. Whoever waits here stops at the deadline, at an interrupt, and when
/// another thread closes the stream (an [AsynchronousCloseException]). None of these but the last ends
/// the stream: it can be used again, and no byte is lost. Virtual threads may wait here.
///
/// One thread at a time reads, and one writes. `awaitReadable`, `close` and `isClosed` are safe for
/// all threads at any time. `toString` names both addresses and does not block.
interface ByteStream {

  /// Reads what is there, waiting for one byte at least.
  ///
  /// @param target where the bytes go, on the heap or not; has room for one at least
  /// @return how many bytes, -1 at the end of the stream, 0 at the deadline
  int read(ByteBuffer target, long deadline) throws IOException, InterruptedException;

  /// Writes all bytes; at a deadline that has passed, what it can without waiting. When it throws,
  /// the position of `source` says how many were written.
  ///
  /// @param source the bytes, on the heap or not, of any number
  /// @throws SocketTimeoutException at the deadline
  /// @throws IOException if the other end is gone
  void write(ByteBuffer source, long deadline) throws IOException, InterruptedException;

  /// Waits until [#read] would not wait.
  ///
  /// @return false at the deadline
  boolean awaitReadable(long deadline) throws IOException, InterruptedException;

  /// How [#awaitReadable] takes part in a wait for any of several; called for each wait.
  default Source source() {
    throw new IllegalStateException("a connection of this kind cannot be waited for: " + this);
  }

  /// True if the system vouches that the other end is a process of this user on this machine.
  boolean isOfThisUser();

  /// Where the other end is; nothing if it has no address.
  default Optional<Address> peer() {
    return Optional.empty();
  }

  boolean isClosed();

  /// Closes it; closing again does nothing. Never waits long, and never throws: a dead peer is no
  /// error.
  void close();

  /// What is sent to another process of the session in place of a connection over this stream.
  ///
  /// @throws ObjectStreamException if it cannot be sent
  default Object handle(StreamTraits traits) throws ObjectStreamException {
    throw new NotSerializableException("a connection of this kind cannot be sent: " + this);
  }
}
