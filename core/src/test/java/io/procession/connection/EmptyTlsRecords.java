package io.procession.connection;

import static java.util.Objects.requireNonNull;

import io.procession.internal.posix.Until;
import java.io.IOException;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;

/// A TLS client that sends records without content once it has shaken hands: requests for new keys.
final class EmptyTlsRecords {
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final ByteStream stream;
  private final SSLEngine engine;
  private final ByteBuffer in;
  private final ByteBuffer out;

  EmptyTlsRecords(ByteStream stream, ConnectionOptions options) throws SSLException {
    this.stream = stream;
    this.engine = requireNonNull(options.tls()).context().createSSLEngine("localhost", 1);
    engine.setUseClientMode(true);
    in = ByteBuffer.allocate(engine.getSession().getPacketBufferSize()).flip();
    out = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
    engine.beginHandshake();
  }

  void shakeHands() throws IOException, InterruptedException {
    var plain = ByteBuffer.allocate(engine.getSession().getApplicationBufferSize());
    while (engine.getHandshakeStatus() != HandshakeStatus.NOT_HANDSHAKING) {
      switch (engine.getHandshakeStatus()) {
        case NEED_TASK -> engine.getDelegatedTask().run();
        case NEED_WRAP -> wrap();
        default -> {
          if (engine.unwrap(in, plain).getStatus() == SSLEngineResult.Status.BUFFER_UNDERFLOW) {
            in.compact();
            stream.read(in, Until.FOREVER);
            in.flip();
          }
        }
      }
    }
  }

  /// Sends so many.
  void send(int count) throws IOException, InterruptedException {
    for (int i = 0; i < count; i++) {
      engine.beginHandshake();
      wrap();
    }
  }

  private void wrap() throws IOException, InterruptedException {
    engine.wrap(NOTHING, out.clear());
    stream.write(out.flip(), Until.FOREVER);
  }
}
