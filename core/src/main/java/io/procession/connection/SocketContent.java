package io.procession.connection;

import io.procession.internal.loan.Lendable;
import io.procession.internal.loan.Loan;
import io.procession.internal.posix.NativeListening;
import io.procession.internal.posix.NativeStream;
import io.procession.serial.Codec;
import java.io.IOException;
import java.time.Duration;

/// What a descriptor that goes to another process is of.
sealed interface SocketContent extends Lendable {
  /// A connection.
  ///
  /// @param text names both ends
  record OfConnection(StreamTraits traits, String text) implements SocketContent {
    @Override
    public Object open(Loan.Fetched fetched) throws IOException {
      return Connection.over(new SocketStream(NativeStream.of(fetched.descriptor())), traits);
    }

    @Override
    public String toString() {
      return "connection " + text;
    }
  }

  /// A listener; its key goes with the descriptor, not with the message.
  record OfListener(
      Address address,
      Codec codec,
      Duration handshakeLimit,
      int maxMessageBytes,
      boolean receivesObjectsFromAnyone,
      boolean acceptsMd5)
      implements SocketContent {

    static OfListener of(Address address, ConnectionOptions options) {
      return new OfListener(
          address,
          options.codec(),
          options.handshakeLimit(),
          options.maxMessageBytes(),
          options.receivesObjectsFromAnyone(),
          options.acceptsMd5());
    }

    @Override
    public Object open(Loan.Fetched fetched) throws IOException {
      byte[] key = fetched.secret();
      ConnectionOptions options =
          new ConnectionOptions(
              codec,
              key.length == 0 ? null : AuthKey.of(key),
              null,
              handshakeLimit,
              maxMessageBytes,
              receivesObjectsFromAnyone,
              acceptsMd5);
      return Listener.received(address, NativeListening.of(fetched.descriptor()), options);
    }

    @Override
    public String toString() {
      return "listener at " + address;
    }
  }
}
