package io.procession.manager;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.Objects.requireNonNull;

import io.procession.connection.Address;
import io.procession.serial.ByteSink;
import io.procession.serial.ByteSource;
import io.procession.serial.Codec;
import io.procession.testing.Deadlines;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/// A caller of a manager's server by the bytes of its protocol, who may send what it likes.
final class RawCaller implements AutoCloseable {
  private final Socket socket = new Socket();
  final DataInputStream in;
  final OutputStream out;

  RawCaller(Address address) throws IOException {
    int port = ((Address.Tcp) address).port();
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    socket.setTcpNoDelay(true);
    socket.setSoTimeout((int) Deadlines.LONG.toMillis());
    in = new DataInputStream(socket.getInputStream());
    out = socket.getOutputStream();
  }

  /// One that has authenticated itself.
  static RawCaller known(Address address, String key) throws IOException {
    RawCaller caller = new RawCaller(address);
    try {
      caller.authenticate(key);
      return caller;
    } catch (IOException e) {
      caller.close();
      throw e;
    }
  }

  /// One that has a connection for calls, and the one for control that this needs.
  static RawCaller[] calling(Address address, String key) throws IOException {
    return calling(address, key, null);
  }

  /// The same.
  ///
  /// @param mostBytes how long a reply may be; null to say nothing of it
  static RawCaller[] calling(Address address, String key, @Nullable Long mostBytes)
      throws IOException {
    String id = UUID.randomUUID().toString();
    RawCaller control = known(address, key);
    try {
      Object[] words = {id, "hostile", "control", 0L, mostBytes};
      control.send(new Object[] {null, "accept_connection", words, 1L});
      Object[] reply = control.receive();
      if (!reply[0].equals("#RETURN")) {
        throw new IOException(String.valueOf(reply[1]));
      }
      RawCaller calls = known(address, key);
      calls.send(greeting(id, "calls", 1));
      return new RawCaller[] {control, calls};
    } catch (IOException e) {
      control.close();
      throw e;
    }
  }

  static Object[] greeting(String process, String purpose, long line) {
    Object[] words = {process, "hostile", purpose, line};
    return new Object[] {null, "accept_connection", words, 1L};
  }

  void authenticate(String key) throws IOException {
    byte[] challenge = frame();
    frame(digest(key, Arrays.copyOfRange(challenge, 11, challenge.length)));
    expect("#WELCOME#");
    frame(("#CHALLENGE#{sha256}" + "0123456789".repeat(4)).getBytes(US_ASCII));
    frame(); // that the server knows the key is nothing to this one
    frame("#WELCOME#".getBytes(US_ASCII));
  }

  static byte[] digest(String key, byte[] message) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key.getBytes(US_ASCII), "HmacSHA256"));
      byte[] digest = mac.doFinal(message);
      return ByteBuffer.allocate(8 + digest.length)
          .put("{sha256}".getBytes(US_ASCII))
          .put(digest)
          .array();
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private void expect(String word) throws IOException {
    String got = new String(frame(), US_ASCII);
    if (!got.equals(word)) {
      throw new IOException("refused: " + got);
    }
  }

  static byte[] encoded(@Nullable Object value) {
    ByteSink sink = new ByteSink();
    Codec.standard().encode(value, sink);
    return sink.toByteArray();
  }

  void send(@Nullable Object value) throws IOException {
    frame(encoded(value));
  }

  void frame(byte[] bytes) throws IOException {
    out.write(ByteBuffer.allocate(4 + bytes.length).putInt(bytes.length).put(bytes).array());
  }

  byte[] frame() throws IOException {
    byte[] bytes = new byte[in.readInt()];
    in.readFully(bytes);
    return bytes;
  }

  Object[] receive() throws IOException {
    try {
      return (Object[]) requireNonNull(Codec.standard().decode(new ByteSource(frame())));
    } catch (ClassNotFoundException e) {
      throw new IOException(e);
    }
  }

  /// A call and its reply.
  Object[] call(@Nullable String ident, String method, @Nullable Object... arguments)
      throws IOException {
    send(new Object[] {ident, method, arguments, 1L});
    return receive();
  }

  /// Waits until the server has closed the connection.
  void awaitEnd() throws IOException {
    try {
      while (in.read() >= 0) {
        // whatever it says before
      }
    } catch (EOFException | java.net.SocketException e) {
      // by a reset
    }
  }

  int localPort() {
    return socket.getLocalPort();
  }

  /// Has the end be a reset.
  void resetAtClose() throws IOException {
    socket.setSoLinger(true, 0);
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      // closed all the same
    }
  }
}
