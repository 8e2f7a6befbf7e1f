package io.procession.internal.posix;

import java.io.IOException;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;

/// When the system asks whether the other end of a silent connection is there. A host that is gone is noticed
/// then, and a router in between that forgets silent connections is kept from that: usual ones do after five
/// minutes and more. The systems' own time is two hours.
final class TcpProbes {
  /// So long nothing has come or gone.
  static final int IDLE_SECONDS = 60;

  /// So long after one that was not answered.
  static final int PAUSE_SECONDS = 15;

  /// After so many in vain the connection is lost.
  static final int MOST = 8;

  private TcpProbes() {}

  /// The times are options of a module that an image of Java may lack, and of systems that have them: without
  /// these the system's own count.
  static void sendBy(SocketChannel channel) throws IOException {
    channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
    for (SocketOption<?> option : channel.supportedOptions()) {
      switch (option.name()) {
        case "TCP_KEEPIDLE" -> set(channel, option, IDLE_SECONDS);
        case "TCP_KEEPINTERVAL" -> set(channel, option, PAUSE_SECONDS);
        case "TCP_KEEPCOUNT" -> set(channel, option, MOST);
        default -> {}
      }
    }
  }

  @SuppressWarnings("unchecked") // all of these take a number
  private static void set(SocketChannel channel, SocketOption<?> option, int value)
      throws IOException {
    channel.setOption((SocketOption<Integer>) option, value);
  }
}
