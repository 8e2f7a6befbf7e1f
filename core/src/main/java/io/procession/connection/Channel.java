package io.procession.connection;

import io.procession.internal.ring.RingDeadline;
import io.procession.serial.ByteSink;
import java.io.EOFException;
import java.io.IOException;
import java.io.ObjectStreamException;

/// What carries the messages of a [Connection]: byte messages, whole, in order. Deadlines are times
/// of [System#nanoTime()].
///
/// Safe for all threads.
sealed interface Channel permits PipeChannel {
  /// The deadline of who does not wait.
  long NOW = RingDeadline.NOW;

  boolean isReadable();

  boolean isWritable();

  /// Sends a message, waiting for room.
  ///
  /// @throws IOException if nobody is there to receive it, or the channel is closed here
  void send(byte[] bytes, int offset, int length) throws IOException, InterruptedException;

  /// Sends the bytes of a sink; the handles that it keeps leave right before.
  ///
  /// @throws IOException if nobody is there to receive it, or the channel is closed here
  void send(ByteSink message) throws IOException, InterruptedException;

  /// The next message; waits for it.
  ///
  /// @param most throws and leaves the message where it is if it is longer
  /// @throws EOFException at the end of the stream
  byte[] receive(int most) throws IOException, InterruptedException;

  /// Waits for a message or the end of the stream until a deadline.
  ///
  /// @return whether [#receive] would not wait now
  boolean awaitMessage(long deadline) throws IOException, InterruptedException;

  boolean isClosed();

  /// Ends the use of this end in this process; once.
  void close();

  /// What is sent in place of the connection.
  ///
  /// @throws ObjectStreamException if it cannot be sent
  Object handle() throws ObjectStreamException;
}
