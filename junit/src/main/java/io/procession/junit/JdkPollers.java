package io.procession.junit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/// The epoll descriptors that the JDK opens with the first virtual thread that waits for a socket, and
/// never closes. Opened beforehand, they are no leak of the test that happens to come first.
final class JdkPollers {
  private static volatile boolean open;

  private JdkPollers() {}

  static void open() {
    if (open) {
      return;
    }
    open = true;
    try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        var client = new Socket(server.getInetAddress(), server.getLocalPort())) {
      Thread reader = Thread.ofVirtual().start(() -> read(client));
      try (Socket accepted = server.accept()) {
        while (reader.isAlive() && reader.getState() != Thread.State.WAITING) {
          Thread.onSpinWait();
        }
        accepted.getOutputStream().write(1);
        reader.join();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void read(Socket socket) {
    try {
      int one = socket.getInputStream().read();
      assert one == 1;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
