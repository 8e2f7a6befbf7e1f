package io.procession.connection;

import io.procession.internal.posix.Until;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Two streams in memory, each other's other end. Says what was written by single calls.
final class PipedStream extends TestStream {
  private static final int ROOM = 1 << 16;

  private final Flow in;
  private final Flow out;
  final List<Integer> writes = new ArrayList<>();

  /// Bytes in one direction.
  private static final class Flow {
    final ReentrantLock lock = new ReentrantLock();
    final Condition changed = lock.newCondition();
    final ByteBuffer bytes = ByteBuffer.allocate(ROOM).flip();
    boolean hasEnded;
  }

  private PipedStream(Flow in, Flow out) {
    this.in = in;
    this.out = out;
  }

  /// Both ends.
  static List<PipedStream> pair() {
    var forth = new Flow();
    var back = new Flow();
    return List.of(new PipedStream(back, forth), new PipedStream(forth, back));
  }

  @Override
  public int read(ByteBuffer target, long deadline) throws IOException, InterruptedException {
    if (!awaitReadable(deadline)) {
      return 0;
    }
    in.lock.lock();
    try {
      if (!in.bytes.hasRemaining()) {
        return -1;
      }
      int count = Math.min(target.remaining(), in.bytes.remaining());
      target.put(in.bytes.slice(in.bytes.position(), count));
      in.bytes.position(in.bytes.position() + count);
      in.changed.signalAll();
      return count;
    } finally {
      in.lock.unlock();
    }
  }

  @Override
  public void write(ByteBuffer source, long deadline) throws IOException, InterruptedException {
    writes.add(source.remaining());
    out.lock.lockInterruptibly();
    try {
      while (source.hasRemaining()) {
        if (out.hasEnded) {
          throw new IOException("broken pipe");
        }
        out.bytes.compact();
        int count = Math.min(source.remaining(), out.bytes.remaining());
        out.bytes.put(source.slice(source.position(), count)).flip();
        source.position(source.position() + count);
        out.changed.signalAll();
        if (count == 0 && !await(out, deadline)) {
          throw new SocketTimeoutException();
        }
      }
    } finally {
      out.lock.unlock();
    }
  }

  @Override
  public boolean awaitReadable(long deadline) throws IOException, InterruptedException {
    in.lock.lock();
    try {
      while (!in.bytes.hasRemaining() && !in.hasEnded) {
        if (!await(in, deadline)) {
          return false;
        }
      }
      if (isClosed()) {
        throw new AsynchronousCloseException();
      }
      return true;
    } finally {
      in.lock.unlock();
    }
  }

  @SuppressWarnings("WaitNotInLoop") // the callers loop
  private boolean await(Flow flow, long deadline) throws IOException, InterruptedException {
    if (isClosed()) {
      throw new AsynchronousCloseException();
    }
    long left = Until.nanosLeft(deadline);
    if (left == 0) {
      return false;
    }
    boolean inTime = flow.changed.await(left, TimeUnit.NANOSECONDS);
    return inTime || Until.nanosLeft(deadline) > 0;
  }

  /// True if the other end is closed, whatever is there to be read.
  boolean hasEnded() {
    in.lock.lock();
    try {
      return in.hasEnded;
    } finally {
      in.lock.unlock();
    }
  }

  @Override
  public void close() {
    super.close();
    end(in);
    end(out);
  }

  private static void end(Flow flow) {
    flow.lock.lock();
    try {
      flow.hasEnded = true;
      flow.changed.signalAll();
    } finally {
      flow.lock.unlock();
    }
  }

  @Override
  public String toString() {
    return "piped stream";
  }
}
