package io.procession.internal.posix;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// A listening socket by system calls.
public final class NativeListening extends ListeningSocket {
  private final Descriptor descriptor;

  NativeListening(Descriptor descriptor, SocketName name) {
    super(name);
    this.descriptor = descriptor;
  }

  /// Takes charge of a listening socket; closes it if that fails.
  public static NativeListening of(Descriptor descriptor) throws IOException {
    boolean done = false;
    try {
      int number = descriptor.enter();
      try {
        NativeListening socket = new NativeListening(descriptor, SocketCalls.localName(number));
        done = true;
        return socket;
      } finally {
        descriptor.exit();
      }
    } finally {
      if (!done) {
        descriptor.close();
      }
    }
  }

  @Override
  public @Nullable StreamSocket tryAccept() throws IOException {
    int number = descriptor.enter();
    try {
      int accepted = SocketCalls.accept(number);
      while (accepted != SocketCalls.WOULD_WAIT) {
        NativeStream stream = stream(accepted);
        if (stream != null) {
          return stream;
        }
        accepted = SocketCalls.accept(number);
      }
      return null;
    } finally {
      descriptor.exit();
    }
  }

  /// The stream of a connection; null if its other end has reset it before it was accepted.
  private static @Nullable NativeStream stream(int accepted) throws IOException {
    try {
      return NativeStream.of(new Descriptor(accepted));
    } catch (ErrnoException e) {
      if (e.errno() == Errno.ENOTCONN || e.errno() == Errno.ECONNRESET) {
        return null;
      }
      throw e;
    }
  }

  @Override
  public boolean isReadable() throws IOException {
    return descriptor.isReadable();
  }

  @Override
  public Readiness readiness() {
    return descriptor;
  }

  /// What can be passed to another process.
  public Descriptor descriptor() {
    return descriptor;
  }

  @Override
  public void close() {
    descriptor.close();
  }
}
