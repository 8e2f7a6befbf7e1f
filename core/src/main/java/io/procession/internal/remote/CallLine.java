package io.procession.internal.remote;

import io.procession.connection.Connection;
import io.procession.internal.posix.Asleep;
import io.procession.internal.posix.Until;
import io.procession.serial.ByteSink;
import io.procession.serial.Codec;
import io.procession.serial.Handle;
import io.procession.serial.NotSendableException;
import java.io.IOException;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// A connection for calls, used by one thread at a time.
///
/// A server that dies before it has taken its end of a pipe never used it, and so its death does not
/// end the stream: until its first answer the server itself is looked at.
final class CallLine {
  private static final long LOOK_NANOS = 100_000_000;

  private final long number;
  private final Connection connection;
  private final BooleanSupplier serverLives;
  private final RequestLimit limit;
  private final Codec codec;
  private final ByteSink sink;
  private boolean isAnswered;
  private boolean waits; // the server has said so of the call
  private long call;
  private long idleSince;

  /// @param serverLives whether the server is there
  /// @param limit how long a request may be
  /// @param codec that of the connection
  CallLine(
      long number,
      Connection connection,
      BooleanSupplier serverLives,
      RequestLimit limit,
      Codec codec) {
    this.number = number;
    this.connection = connection;
    this.serverLives = serverLives;
    this.limit = limit;
    this.codec = codec;
    this.sink = limit.sink();
  }

  long number() {
    return number;
  }

  /// Nobody uses it from now on.
  void rest() {
    idleSince = System.nanoTime();
  }

  /// Whether nobody has used it for so long.
  boolean restsFor(long nanos) {
    return System.nanoTime() - idleSince > nanos;
  }

  /// The number of the call that is under way.
  long call() {
    return call;
  }

  /// Sends a request.
  ///
  /// @throws NotSendableException if it cannot be sent, or is longer than the server takes; nothing was
  ///     sent
  /// @throws InterruptedException if interrupted while waiting for room; the line cannot be used
  ///     afterwards, and the request will not be carried out
  void send(@Nullable Object[] request) throws IOException, InterruptedException {
    try {
      if (limit.isNone()) {
        connection.send(request);
      } else {
        sendWithin(request);
      }
    } catch (IOException e) {
      if (isAnswered || !connection.poll()) {
        throw e;
      }
      // the server has closed a new line: it has said why, and that is the reply
    }
    waits = false;
    call++;
  }

  private void sendWithin(@Nullable Object[] request) throws IOException, InterruptedException {
    try {
      limit.encode(request, codec, sink);
      sink.handles().forEach(Handle::leave);
      connection.sendBytes(sink.array(), 0, sink.length());
    } finally {
      sink.reset();
    }
  }

  /// Waits for the reply.
  ///
  /// @param deadline as those of [Until]
  /// @return null at the end of the time
  @Nullable Object @Nullable [] reply(long deadline) throws IOException, InterruptedException {
    while (!isAnswered && !connection.poll(atMost(LOOK_NANOS, deadline))) {
      if (!serverLives.getAsBoolean() && !connection.poll()) {
        throw new IOException("the server ended before it had taken the connection");
      }
      if (Until.hasPassed(deadline)) {
        return null;
      }
    }
    while (true) {
      if (deadline != Until.FOREVER && !connection.poll(atMost(Long.MAX_VALUE, deadline))) {
        return null;
      }
      Object said = waits ? Asleep.await(connection::recv) : connection.recv();
      isAnswered = true;
      @Nullable Object[] reply = Wire.read(said);
      if (reply == null) {
        throw new IOException("no reply of a server: " + said);
      }
      if (!Wire.WAITS.equals(reply[0])) {
        return reply;
      }
      waits = true;
    }
  }

  private static Duration atMost(long nanos, long deadline) {
    return Duration.ofNanos(Math.min(nanos, Until.nanosLeft(deadline)));
  }

  void close() {
    connection.close();
  }
}
