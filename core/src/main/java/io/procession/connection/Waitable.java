package io.procession.connection;

import io.procession.internal.check.Require;
import io.procession.internal.posix.Until;
import java.nio.channels.SelectableChannel;
import java.time.Duration;
import java.util.Collection;
import java.util.SequencedSet;

/// What can be waited for together with others: connections, listeners, queues, processes, and
/// channels of the JDK.
///
/// | object | is ready when |
/// |---|---|
/// | [Connection] | receiving would not wait: there is a message, or the stream has ended |
/// | [Listener] | accepting would not wait |
/// | a queue of this library | taking would not wait; of a `BufferedQueue`, wait for its `queue()` |
/// | a process that was started here | it has ended |
/// | a channel of the JDK ([#of]) | one of the operations is possible |
///
/// ```java
/// while (!open.isEmpty()) {
///   for (Connection connection : Waitable.awaitAny(open)) {
///     try {
///       handle(connection.recv());
///     } catch (EOFException e) {
///       open.remove(connection);
///     }
///   }
/// }
/// ```
///
/// Ready is what an object *is*, not that something has happened to it: one from which nothing is
/// received is ready in the next wait, too. Many threads, in many processes, may wait for the same
/// objects, and each is told; so what one has found ready another may have taken meanwhile.
///
/// Only this library implements the interface.
public interface Waitable {

  /// Waits until at least one of several objects is ready.
  ///
  /// A wait for thousands of objects takes about as long as it takes to look at each, twice. Virtual
  /// threads that wait hold no carrier.
  ///
  /// @param <W> what they have in common
  /// @param objects what to wait for, at least one; looked at when the wait begins
  /// @return those that were found ready, in the order given
  /// @throws IllegalArgumentException if there are none: the wait would have no end
  /// @throws IllegalStateException if one is closed in this process or destroyed, before or while
  ///     waiting, is a process that was not started, or cannot be received from; the message names it
  /// @throws InterruptedException if interrupted before or while waiting
  static <W extends Waitable> SequencedSet<W> awaitAny(Collection<? extends W> objects)
      throws InterruptedException {
    if (objects.isEmpty()) {
      throw new IllegalArgumentException(
          "a wait for nothing would have no end: objects=[]; give objects or a time limit");
    }
    return AnyWait.await(objects, Until.FOREVER);
  }

  /// Waits until at least one of several objects is ready, up to a time limit.
  ///
  /// @param <W> what they have in common
  /// @param objects what to wait for; looked at when the wait begins
  /// @param limit how long to wait at most; not more than zero means only to look
  /// @return those that were found ready, in the order given; none at the end of the time
  /// @throws IllegalStateException if one is closed in this process or destroyed, before or while
  ///     waiting, is a process that was not started, or cannot be received from; the message names it
  /// @throws InterruptedException if interrupted before or while waiting
  static <W extends Waitable> SequencedSet<W> awaitAny(
      Collection<? extends W> objects, Duration limit) throws InterruptedException {
    Require.notNull("limit", limit);
    boolean isZero = limit.isNegative() || limit.isZero();
    return AnyWait.await(objects, isZero ? Until.NOW : Until.after(limit));
  }

  /// Makes a channel of the JDK (a socket, a server socket, a datagram socket, an end of a
  /// [Pipe][java.nio.channels.Pipe]) something to wait for.
  ///
  /// The channel is and stays the caller's. It must be in non-blocking mode, as for a selector of the
  /// JDK, and stays in it as long as somebody waits.
  ///
  /// @param channel the channel
  /// @param operations those of [java.nio.channels.SelectionKey] of which one shall be possible
  /// @return what to wait for
  /// @throws IllegalArgumentException if the channel does not have one of the operations
  static Waitable of(SelectableChannel channel, int operations) {
    if (operations == 0 || (operations & ~channel.validOps()) != 0) {
      throw new IllegalArgumentException(
          "operations must be among the channel's: operations="
              + operations
              + ", channel's="
              + channel.validOps()
              + "; take some of those");
    }
    return new JdkChannel(channel, operations);
  }
}
