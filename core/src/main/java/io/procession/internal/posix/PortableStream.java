package io.procession.internal.posix;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/// A stream socket by the JDK's channels.
final class PortableStream extends StreamSocket {
  private final SocketChannel channel;
  private final SelectedChannel readiness;
  private final boolean ofThisUser;

  /// A byte that was read to see whether there is one: channels cannot be asked. Guarded by itself.
  private final ByteBuffer ahead = ByteBuffer.allocate(1).flip();

  private boolean hasEnded; // guarded by ahead

  /// Takes charge of a connected channel that does not block.
  PortableStream(SocketChannel channel, SocketName local, SocketName peer, boolean ofThisUser) {
    super(local, peer);
    this.channel = channel;
    this.readiness = new SelectedChannel(channel);
    this.ofThisUser = ofThisUser;
  }

  @Override
  int tryRead(ByteBuffer target) throws IOException {
    synchronized (ahead) {
      if (ahead.hasRemaining() && channel.isOpen()) {
        target.put(ahead);
        return 1;
      }
      int count = channel.read(target);
      return count == 0 ? WOULD_WAIT : count;
    }
  }

  @Override
  int tryWrite(ByteBuffer source) throws IOException {
    int count = channel.write(source);
    return count == 0 ? WOULD_WAIT : count;
  }

  @Override
  public boolean isReadable() throws IOException {
    synchronized (ahead) {
      if (!hasEnded && !ahead.hasRemaining()) {
        ahead.clear();
        try {
          hasEnded = channel.read(ahead) < 0;
        } finally {
          ahead.flip();
        }
      }
      return hasEnded || ahead.hasRemaining();
    }
  }

  @Override
  public boolean isOfThisUser() {
    return ofThisUser;
  }

  @Override
  public Readiness readiness() {
    return readiness;
  }

  @Override
  public void close() {
    readiness.close();
  }
}
