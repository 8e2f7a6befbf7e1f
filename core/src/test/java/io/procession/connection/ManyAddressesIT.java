package io.procession.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.procession.testing.ChildJvm;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A host that has several addresses is reached by any of them, within the time limit of the caller, also if
/// the first one is silent.
class ManyAddressesIT {
  private static final String SILENT = "127.0.0.2";
  private static final String LIVELY = "127.0.0.1";
  private static final String HOST = "two-places";

  /// In a JVM that knows the host.
  private static void connect(int port) throws Exception {
    assertThat(InetAddress.getAllByName(HOST)).hasSize(2);
    ConnectionOptions options = ConnectionOptions.defaults();
    Address silent = Address.tcp(SILENT, port);
    assertThatExceptionOfType(SocketTimeoutException.class)
        .as("nothing answers there")
        .isThrownBy(() -> Client.connect(silent, options, Duration.ofMillis(300)));
    Duration limit = Duration.ofSeconds(6);
    long start = System.nanoTime();
    try (Connection connection = Client.connect(Address.tcp(HOST, port), options, limit)) {
      assertThat(System.nanoTime() - start)
          .as("the time that the first address had, of two")
          .isLessThan(limit.toNanos());
      connection.sendBytes(new byte[] {1});
    }
  }

  @Test
  void nextAddressIsTriedInTime(@TempDir Path folder) throws Exception {
    Path hosts =
        Files.writeString(
            folder.resolve("hosts"), SILENT + " " + HOST + "\n" + LIVELY + " " + HOST + "\n");
    try (Listener listener = Listener.open(Address.tcp(LIVELY, 0))) {
      int port = ((Address.Tcp) listener.address()).port();
      try (Silence _ = new Silence(port);
          ChildJvm child =
              ChildJvm.body(() -> connect(port)).flags("-Djdk.net.hosts.file=" + hosts).start();
          Connection connection = listener.accept()) {
        assertThat(connection.recvBytes()).containsExactly(1);
        child.succeed();
      }
    }
  }

  /// A port that is open and takes nobody: the system answers no more once as many wait as may.
  private static final class Silence implements AutoCloseable {
    private static final int TIMEOUT_MILLIS = 200;

    private final ServerSocket door;
    private final List<Socket> waiting = new ArrayList<>();

    Silence(int port) throws IOException {
      door = new ServerSocket(port, 1, InetAddress.getByName(SILENT));
      while (waits(port)) {
        assertThat(waiting).as("who waits at a door for one").hasSizeLessThan(100);
      }
    }

    private boolean waits(int port) throws IOException {
      Socket socket = new Socket();
      waiting.add(socket);
      try {
        socket.connect(new InetSocketAddress(SILENT, port), TIMEOUT_MILLIS);
        return true;
      } catch (SocketTimeoutException e) {
        return false;
      }
    }

    @Override
    public void close() throws IOException {
      for (Socket socket : waiting) {
        socket.close();
      }
      door.close();
    }
  }
}
