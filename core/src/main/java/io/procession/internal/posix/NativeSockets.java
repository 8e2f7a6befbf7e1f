package io.procession.internal.posix;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// Sockets by the system calls of Linux.
final class NativeSockets implements Sockets {
  static final NativeSockets INSTANCE = new NativeSockets();

  /// There is no event for room in the queue of a listening Unix domain socket: looked for so often.
  private static final long LOOK_EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  private NativeSockets() {}

  @Override
  public ListeningSocket listen(SocketName name, int backlog) throws IOException {
    Descriptor descriptor = new Descriptor(SocketCalls.socket(name));
    boolean done = false;
    try {
      int number = descriptor.enter();
      try {
        SocketCalls.bind(number, name);
        SocketCalls.listen(number, backlog, name);
      } finally {
        descriptor.exit();
      }
      done = true;
    } finally {
      if (!done) {
        descriptor.close();
      }
    }
    return NativeListening.of(descriptor);
  }

  @Override
  public StreamSocket connect(SocketName name, long deadline)
      throws IOException, InterruptedException {
    Descriptor descriptor = new Descriptor(SocketCalls.socket(name));
    boolean done = false;
    try {
      connect(descriptor, name, deadline);
      done = true;
    } finally {
      if (!done) {
        descriptor.close();
      }
    }
    return NativeStream.of(descriptor);
  }

  private static void connect(Descriptor descriptor, SocketName name, long deadline)
      throws IOException, InterruptedException {
    int number = descriptor.enter();
    try {
      int state = SocketCalls.connect(number, name);
      while (state == Errno.EAGAIN) {
        long left = Until.nanosLeft(deadline);
        if (left <= 0) {
          throw timeout(name);
        }
        LockSupport.parkNanos(descriptor, Math.min(left, LOOK_EVERY_NANOS));
        Interruption.checkInterrupt();
        state = SocketCalls.connect(number, name);
      }
      if (state == Errno.EINPROGRESS) {
        while (!SocketCalls.isReady(number, Readiness.WRITE)) {
          if (!descriptor.await(Readiness.WRITE, deadline)) {
            throw timeout(name);
          }
        }
        int error = SocketCalls.error(number);
        if (error != 0) {
          throw new ErrnoException("connect(" + name + ")", error);
        }
      }
    } finally {
      descriptor.exit();
    }
  }

  private static SocketTimeoutException timeout(SocketName name) {
    return new SocketTimeoutException("not connected in time: address=" + name);
  }
}
