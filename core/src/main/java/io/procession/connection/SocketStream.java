package io.procession.connection;

import io.procession.internal.arena.Unreachable;
import io.procession.internal.loan.Lending;
import io.procession.internal.loan.Loan;
import io.procession.internal.posix.NativeStream;
import io.procession.internal.posix.Readiness;
import io.procession.internal.posix.StreamSocket;
import io.procession.internal.ring.RingClaim;
import io.procession.internal.watch.ReadinessSource;
import io.procession.internal.watch.Source;
import java.io.IOException;
import java.io.ObjectStreamException;
import java.lang.ref.Cleaner;
import java.nio.ByteBuffer;
import java.util.Optional;

/// A stream over a socket of this process.
final class SocketStream implements ByteStream {
  private final StreamSocket socket;
  private final Lending lending = new Lending(RingClaim.FACTORY);
  private final Cleaner.Cleanable net;

  SocketStream(StreamSocket socket) {
    this.socket = socket;
    this.net = Unreachable.watch(this, new Close(socket, lending));
  }

  /// What ends it, also when it is unreachable.
  private record Close(StreamSocket socket, Lending lending) implements Runnable {
    @Override
    public void run() {
      socket.close();
      lending.end();
    }
  }

  @Override
  public int read(ByteBuffer target, long deadline) throws IOException, InterruptedException {
    try {
      return socket.read(target, deadline);
    } catch (IOException e) {
      throw Places.lost(toString(), e);
    }
  }

  @Override
  public void write(ByteBuffer source, long deadline) throws IOException, InterruptedException {
    try {
      socket.write(source, deadline);
    } catch (IOException e) {
      throw Places.lost(toString(), e);
    }
  }

  @Override
  public boolean awaitReadable(long deadline) throws IOException, InterruptedException {
    return socket.awaitReadable(deadline);
  }

  @Override
  public Source source() {
    return new Incoming(socket);
  }

  /// Ready when there are bytes, or the end of the stream.
  private static final class Incoming extends ReadinessSource {
    private final StreamSocket socket;

    Incoming(StreamSocket socket) {
      super(socket.readiness(), Readiness.READ);
      this.socket = socket;
    }

    @Override
    protected boolean isReadyNow() throws IOException {
      return socket.isReadable();
    }

    @Override
    public String toString() {
      return socket.toString();
    }
  }

  @Override
  public boolean isOfThisUser() {
    return socket.isOfThisUser();
  }

  @Override
  public Optional<Address> peer() {
    return Places.address(socket.peerName());
  }

  @Override
  public boolean isClosed() {
    return socket.isClosed();
  }

  @Override
  public void close() {
    net.clean();
  }

  @Override
  public Object handle(StreamTraits traits) throws ObjectStreamException {
    Loan.checkPlatform(this);
    Loan loan = lending.loan(((NativeStream) socket).descriptor(), new byte[0], this);
    return loan.handle(new SocketContent.OfConnection(traits, toString()));
  }

  @Override
  public String toString() {
    return socket.toString();
  }
}
