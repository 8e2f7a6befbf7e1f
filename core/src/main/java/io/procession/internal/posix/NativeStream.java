package io.procession.internal.posix;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// A stream socket by system calls.
public final class NativeStream extends StreamSocket {
  private final Descriptor descriptor;
  private final boolean ofThisUser;

  private NativeStream(
      Descriptor descriptor, SocketName local, SocketName peer, boolean ofThisUser) {
    super(local, peer);
    this.descriptor = descriptor;
    this.ofThisUser = ofThisUser;
  }

  /// Takes charge of a connected socket; closes it if that fails.
  public static NativeStream of(Descriptor descriptor) throws IOException {
    boolean done = false;
    try {
      int number = descriptor.enter();
      try {
        if (SocketCalls.isTcp(number)) {
          SocketCalls.setUpTcp(number);
        }
        NativeStream stream =
            new NativeStream(
                descriptor,
                SocketCalls.localName(number),
                SocketCalls.peerName(number),
                SocketCalls.isPeerOfThisUser(number));
        done = true;
        return stream;
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
  int tryRead(ByteBuffer target) throws IOException {
    Scratch scratch = Scratch.take();
    try {
      int number = descriptor.enter();
      try {
        int count;
        if (target.isDirect()) {
          count = SocketCalls.receive(scratch.errno, number, MemorySegment.ofBuffer(target));
          if (count > 0) {
            target.position(target.position() + count);
          }
        } else {
          int most = Math.min(target.remaining(), Scratch.BYTES);
          count = SocketCalls.receive(scratch.errno, number, scratch.bytes.address(), most);
          if (count > 0) {
            target.put(scratch.bytes.asSlice(0, count).asByteBuffer());
          }
        }
        return count == 0 ? -1 : count;
      } finally {
        descriptor.exit();
      }
    } finally {
      scratch.giveBack();
    }
  }

  @Override
  boolean awaitBytes(long deadline) throws IOException, InterruptedException {
    return descriptor.awaitHere(Readiness.READ, deadline);
  }

  @Override
  int tryWrite(ByteBuffer source) throws IOException {
    Scratch scratch = Scratch.take();
    try {
      int number = descriptor.enter();
      try {
        int count;
        if (source.isDirect()) {
          count = SocketCalls.send(scratch.errno, number, MemorySegment.ofBuffer(source));
        } else {
          int length = Math.min(source.remaining(), Scratch.BYTES);
          ByteBuffer part = source.slice(source.position(), length);
          scratch.bytes.asByteBuffer().put(part);
          count = SocketCalls.send(scratch.errno, number, scratch.bytes.address(), length);
        }
        if (count > 0) {
          source.position(source.position() + count);
        }
        return count;
      } finally {
        descriptor.exit();
      }
    } finally {
      scratch.giveBack();
    }
  }

  @Override
  public boolean isReadable() throws IOException {
    return descriptor.isReadable();
  }

  @Override
  public boolean isOfThisUser() {
    return ofThisUser;
  }

  @Override
  public Readiness readiness() {
    return descriptor;
  }

  /// What can be passed to another process.
  public Descriptor descriptor() {
    return descriptor;
  }

  /// Sends a byte over a Unix domain socket, and a descriptor with it.
  ///
  /// @throws SocketTimeoutException at the deadline
  public void sendDescriptor(int data, Descriptor passed, long deadline)
      throws IOException, InterruptedException {
    while (true) {
      int number = descriptor.enter();
      try {
        int other = passed.enter();
        try {
          if (SocketCalls.sendDescriptor(number, data, other)) {
            return;
          }
        } finally {
          passed.exit();
        }
      } finally {
        descriptor.exit();
      }
      if (!descriptor.await(Readiness.WRITE, deadline)) {
        throw new SocketTimeoutException("the other end takes no descriptor: " + this);
      }
    }
  }

  /// What has come over a Unix domain socket.
  ///
  /// @param data the byte, or -1 at the end of the stream
  /// @param descriptor what came with it, or null
  public record Passed(int data, @Nullable Descriptor descriptor) {}

  /// Receives a byte, and the descriptor that came with it.
  ///
  /// @throws SocketTimeoutException at the deadline
  public Passed receiveDescriptor(long deadline) throws IOException, InterruptedException {
    while (true) {
      int number = descriptor.enter();
      try {
        SocketCalls.Received received = SocketCalls.receiveDescriptor(number);
        if (received.data() != SocketCalls.WOULD_WAIT) {
          int came = received.descriptor();
          return new Passed(received.data(), came < 0 ? null : new Descriptor(came));
        }
      } finally {
        descriptor.exit();
      }
      if (!descriptor.await(Readiness.READ, deadline)) {
        throw new SocketTimeoutException("no descriptor came in time: " + this);
      }
    }
  }

  @Override
  public void close() {
    descriptor.close();
  }
}
