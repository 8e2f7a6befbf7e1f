package io.procession.internal.posix;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;

/// One end of a connected stream: TCP, or a Unix domain socket. A call is tried first; only one that
/// would have to wait waits, parked, until it may be tried again.
///
/// Until are those of [Until]. A wait ends at the deadline, at an interrupt, and when another
/// thread closes the socket. One thread at a time reads, and one writes; the rest is safe for all.
public abstract sealed class StreamSocket permits NativeStream, PortableStream {
  static final int WOULD_WAIT = SocketCalls.WOULD_WAIT;

  private final SocketName local;
  private final SocketName peer;
  private final SocketSpin spin = new SocketSpin();

  StreamSocket(SocketName local, SocketName peer) {
    this.local = local;
    this.peer = peer;
  }

  /// Reads what is there, waiting for one byte at least.
  ///
  /// @param target has room for one byte at least
  /// @return how many, -1 at the end of the stream, 0 at the deadline
  /// @throws ClosedChannelException if it is closed here, [AsynchronousCloseException] if meanwhile
  public final int read(ByteBuffer target, long deadline) throws IOException, InterruptedException {
    boolean done = false;
    try {
      int count = look(target, deadline);
      done = true;
      return count;
    } finally {
      if (!done) {
        spin.ended();
      }
    }
  }

  private int look(ByteBuffer target, long deadline) throws IOException, InterruptedException {
    while (true) {
      int count = tryRead(target);
      if (count != WOULD_WAIT) {
        spin.ended();
        return count;
      }
      if (deadline == Until.FOREVER && !Thread.currentThread().isInterrupted() && spin.goesOn()) {
        continue;
      }
      if (!awaitBytes(deadline)) {
        return 0;
      }
      spin.woken();
    }
  }

  /// Writes all bytes. When it throws, the position of `source` says how many were written.
  ///
  /// @throws SocketTimeoutException at the deadline
  /// @throws ClosedChannelException if it is closed here, [AsynchronousCloseException] if meanwhile
  public final void write(ByteBuffer source, long deadline)
      throws IOException, InterruptedException {
    while (source.hasRemaining()) {
      if (tryWrite(source) == WOULD_WAIT && !readiness().await(Readiness.WRITE, deadline)) {
        throw new SocketTimeoutException(
            "the other end takes no more bytes: left=" + source.remaining() + ", stream=" + this);
      }
    }
  }

  /// Waits until [#read] would not wait.
  ///
  /// @return false at the deadline
  public final boolean awaitReadable(long deadline) throws IOException, InterruptedException {
    while (!isReadable()) {
      if (!readiness().await(Readiness.READ, deadline)) {
        return false;
      }
    }
    return true;
  }

  /// Whether [#read] would not wait now.
  public abstract boolean isReadable() throws IOException;

  /// True if the system vouches that the other end is a process of this user on this machine.
  public abstract boolean isOfThisUser();

  /// How to be told that it is ready.
  public abstract Readiness readiness();

  public final boolean isClosed() {
    return readiness().isClosed();
  }

  /// Closes it. Closing again does nothing. Never fails.
  public abstract void close();

  public final SocketName localName() {
    return local;
  }

  public final SocketName peerName() {
    return peer;
  }

  /// Waits until [#tryRead] may succeed, as [Readiness#await] does.
  boolean awaitBytes(long deadline) throws IOException, InterruptedException {
    return readiness().await(Readiness.READ, deadline);
  }

  /// Reads what is there: how many bytes, -1 at the end of the stream, or [#WOULD_WAIT].
  abstract int tryRead(ByteBuffer target) throws IOException;

  /// Writes what there is room for: how many bytes, or [#WOULD_WAIT].
  abstract int tryWrite(ByteBuffer source) throws IOException;

  /// Both addresses.
  @Override
  public String toString() {
    return "the stream from " + text(local) + " to " + text(peer);
  }

  private static String text(SocketName name) {
    return name instanceof SocketName.Local local && local.isUnnamed() ? "here" : name.toString();
  }
}
