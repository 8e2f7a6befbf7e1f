package io.procession.connection;

import io.procession.internal.posix.Until;
import io.procession.internal.watch.Source;
import io.procession.serial.ByteSink;
import io.procession.serial.LargeArrays;
import java.io.EOFException;
import java.io.IOException;
import java.io.ObjectStreamException;
import java.lang.foreign.MemorySegment;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What carries the messages of a [Connection]: byte messages, whole, in order. Deadlines are
/// [Until]s.
///
/// Safe for all threads.
sealed interface Channel permits PipeChannel, StreamChannel {

  boolean isReadable();

  boolean isWritable();

  /// Sends a message, waiting for room until a deadline.
  ///
  /// @return false if there was none in time; nothing was sent
  /// @throws IOException if nobody is there to receive it, or the channel is closed here
  boolean send(byte[] bytes, int offset, int length, long deadline)
      throws IOException, InterruptedException;

  /// Sends a message, waiting for room.
  ///
  /// @throws IOException if nobody is there to receive it, or the channel is closed here
  void send(MemorySegment message) throws IOException, InterruptedException;

  /// Sends the bytes of a sink; the handles that it keeps leave right before.
  ///
  /// @throws IOException if nobody is there to receive it, or the channel is closed here
  void send(ByteSink message) throws IOException, InterruptedException;

  /// The next message; waits for it until a deadline.
  ///
  /// @param most throws if it is longer
  /// @return null if none came in time
  /// @throws EOFException at the end of the stream
  byte @Nullable [] receive(int most, long deadline) throws IOException, InterruptedException;

  /// The next message, as [#receive(int, long)]; waits for it as long as it takes.
  ///
  /// @param arrays may get long arrays of it: what is returned are the bytes between them then
  default byte[] receive(LargeArrays arrays) throws IOException, InterruptedException {
    return Objects.requireNonNull(receive(Integer.MAX_VALUE, Until.FOREVER));
  }

  /// Puts the next message at the beginning of a segment; waits for it.
  ///
  /// @return its length
  /// @throws BufferTooShortException if it is longer
  /// @throws EOFException at the end of the stream
  int receiveInto(MemorySegment target) throws IOException, InterruptedException;

  /// Waits for a message or the end of the stream until a deadline.
  ///
  /// @return whether [#receive] would not wait now
  boolean awaitMessage(long deadline) throws IOException, InterruptedException;

  /// How it takes part in a wait for any of several; called for each wait.
  ///
  /// @throws IllegalStateException if it cannot receive
  Source source();

  /// Where the other end is; nothing if it has no address.
  default Optional<Address> peer() {
    return Optional.empty();
  }

  boolean isClosed();

  /// Ends the use of this end in this process; once.
  void close();

  /// What is sent in place of the connection.
  ///
  /// @throws ObjectStreamException if it cannot be sent
  Object handle() throws ObjectStreamException;
}
