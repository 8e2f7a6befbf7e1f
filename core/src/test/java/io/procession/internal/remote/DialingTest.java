package io.procession.internal.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.procession.connection.Address;
import io.procession.connection.Connection;
import io.procession.connection.ConnectionOptions;
import io.procession.connection.Listener;
import io.procession.testing.Deadlines;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// A server that does not answer is told of in time, and keeps nobody from another.
class DialingTest {
  private static final Duration SOON = Duration.ofMillis(300);

  /// A port whose queue is full: the system drops what comes, as a network that is cut does.
  @Test
  void whoDoesNotAnswerIsGivenUp() throws Exception {
    List<SocketChannel> fill = new ArrayList<>();
    try (ServerSocket deaf = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Listener other = Listener.open(Address.tcp("localhost", 0))) {
      InetSocketAddress place = (InetSocketAddress) deaf.getLocalSocketAddress();
      for (int i = 0; i < 4; i++) {
        SocketChannel channel = SocketChannel.open();
        channel.configureBlocking(false);
        channel.connect(place);
        fill.add(channel);
      }
      Address address = Address.tcp(place.getHostString(), place.getPort());
      List<Thread> waiting = new ArrayList<>();
      Dialing dialing = new Dialing();
      for (int i = 0; i < 16; i++) {
        waiting.add(
            Thread.ofVirtual()
                .start(() ->
                    assertThatThrownBy(() ->
                            dialing.connect(
                                address, ConnectionOptions.defaults(), Deadlines.MEDIUM))
                        .isInstanceOf(InterruptedException.class)));
      }
      assertThatThrownBy(() -> new Dialing().connect(address, ConnectionOptions.defaults(), SOON))
          .isInstanceOf(SocketTimeoutException.class);
      try (Connection connected =
          new Dialing().connect(other.address(), ConnectionOptions.defaults(), Deadlines.LONG)) {
        assertThat(connected.isClosed()).isFalse();
      }
      for (Thread thread : waiting) {
        thread.interrupt();
        thread.join();
      }
    } finally {
      for (SocketChannel channel : fill) {
        channel.close();
      }
    }
  }
}
