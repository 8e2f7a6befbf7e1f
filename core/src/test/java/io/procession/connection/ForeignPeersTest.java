package io.procession.connection;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.procession.testing.Deadlines;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ProtocolException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Whoever connects to the port of another protocol is told that.
class ForeignPeersTest {
  private static final ConnectionOptions WITH_KEY =
      ConnectionOptions.defaults()
          .withAuthKey(AuthKey.of("a key of this test"))
          .withHandshakeLimit(Deadlines.LONG);

  /// Says something to the first who comes, and hangs up.
  private static ServerSocket saying(byte[] words) throws IOException {
    ServerSocket door = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    Thread.ofVirtual()
        .start(() -> {
          try (Socket visitor = door.accept()) {
            visitor.getOutputStream().write(words);
            visitor.shutdownOutput();
            byte[] _ = visitor.getInputStream().readAllBytes();
          } catch (IOException e) {
            // the visitor has gone
          }
        });
    return door;
  }

  private static Address address(ServerSocket door) {
    return Address.tcp("127.0.0.1", door.getLocalPort());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"HTTP/1.1 400 Bad Request\r\n\r\n", "SSH-2.0-OpenSSH_9.9\r\n", "220 smtp\r\n"})
  void whoAuthenticatesIsToldWhatIsThere(String words) throws Exception {
    try (ServerSocket door = saying(words.getBytes(US_ASCII))) {
      assertThatExceptionOfType(ProtocolException.class)
          .isThrownBy(() -> Client.connect(address(door), WITH_KEY))
          .withMessageStartingWith(
              "what is at the other end, "
                  + address(door)
                  + ", does not speak this protocol: it began with '"
                  + words.substring(0, 4)
                  + "'; look at the host and the port")
          .withMessageContaining("maxLength=256");
    }
  }

  @Test
  void whoHasALimitIsNotToldToRaiseIt() throws Exception {
    try (ServerSocket door = saying("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(US_ASCII))) {
      assertThatExceptionOfType(ProtocolException.class)
          .isThrownBy(() -> Client.connect(address(door), WITH_KEY.withMaxMessageBytes(64 << 20)))
          .withMessageContaining("it began with 'HTTP'; look at the host and the port");
    }
  }

  @Test
  void whoHasNoKeyIsToldWhenItReceives() throws Exception {
    try (ServerSocket door = saying("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(US_ASCII));
        Connection client = Client.connect(address(door))) {
      assertThatExceptionOfType(ProtocolException.class)
          .isThrownBy(client::recvBytes)
          .withMessageContaining("it began with 'HTTP'; look at the host and the port")
          .withMessageEndingWith("the stream ended in the middle of a message");
      assertThatIOException()
          .isThrownBy(client::recvBytes)
          .withMessageContaining("what it says is text: 'HTTP'");
    }
  }

  /// Whose first message has come whole speaks the protocol, and has a length that is wrong.
  @Test
  void whatComesLaterIsALength() throws Exception {
    byte[] words =
        ByteBuffer.allocate(9).putInt(1).put((byte) 7).put("HTTP".getBytes(US_ASCII)).array();
    try (ServerSocket door = saying(words);
        Connection client = Client.connect(address(door))) {
      byte[] _ = client.recvBytes();
      assertThatExceptionOfType(ProtocolException.class)
          .isThrownBy(() -> client.recvBytes(10))
          .withMessageStartingWith("bad message length: length=1213486160, maxLength=10");
    }
  }
}
