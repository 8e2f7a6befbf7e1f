package io.procession.benchmarks.peers;

import io.procession.benchmarks.measure.Effort;
import io.procession.benchmarks.measure.Folders;
import io.procession.benchmarks.measure.Latencies;
import io.procession.benchmarks.measure.Side;
import java.io.EOFException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.List;

/// A Unix domain socket between two JVMs: messages of a length and that many bytes, one write each.
public final class UnixSocket {
  private static final String NAME = "unix-socket";
  private static final int ECHO = 64;
  private static final int BUFFER = 1 << 16;

  private UnixSocket() {}

  /// Another JVM sends small messages one way.
  public static Side messages() {
    return Side.of(NAME, effort -> rate(effort, Stream.MESSAGE));
  }

  /// Gigabytes a second in messages of `size` bytes, each copied to the heap.
  public static Side large(int size) {
    return Side.of(NAME, effort -> rate(effort, size) * size / 1e9);
  }

  /// Another JVM sends back what it gets.
  public static Side roundTrip(double fraction, double nanosOfUnit) {
    return Side.of(NAME, effort -> echoed(effort, fraction) / nanosOfUnit);
  }

  private static double rate(Effort effort, int size) throws Exception {
    return connected(
        Sender.class,
        size,
        (channel, sender) -> {
          var buffer = ByteBuffer.allocateDirect(Math.max(BUFFER, Integer.BYTES + size));
          var message = new byte[size];
          return Stream.rate(effort, sender, () -> take(channel, buffer, message));
        });
  }

  private static long take(SocketChannel channel, ByteBuffer buffer, byte[] message)
      throws IOException {
    if (channel.read(buffer) < 0) {
      throw new EOFException("the other JVM closed the socket");
    }
    buffer.flip();
    long taken = 0;
    while (buffer.remaining() >= Integer.BYTES + message.length) {
      buffer.get(message, 0, buffer.getInt());
      taken++;
    }
    buffer.compact();
    return taken;
  }

  private static double echoed(Effort effort, double fraction) throws Exception {
    return connected(
        Echo.class,
        ECHO,
        (channel, _) -> {
          var buffer = ByteBuffer.allocateDirect(Integer.BYTES + ECHO);
          return Latencies.percentile(
              effort,
              fraction,
              100,
              () -> {
                buffer.clear().putInt(ECHO).position(0);
                writeAll(channel, buffer);
                readAll(channel, buffer.clear());
              });
        });
  }

  /// What to do with the socket to the other JVM.
  @FunctionalInterface
  private interface Connected {
    double run(SocketChannel channel, SecondJvm other) throws Exception;
  }

  private static double connected(Class<?> main, int size, Connected body) throws Exception {
    Path folder = Folders.createShared();
    try (var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      Path path = folder.resolve("socket");
      server.bind(UnixDomainSocketAddress.of(path));
      try (var other = SecondJvm.start(List.of(), main, path.toString(), Integer.toString(size));
          var channel = server.accept()) {
        return body.run(channel, other);
      }
    } finally {
      Folders.delete(folder);
    }
  }

  private static SocketChannel connect(String path) throws IOException {
    return SocketChannel.open(UnixDomainSocketAddress.of(path));
  }

  private static void writeAll(SocketChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      int _ = channel.write(bytes);
    }
  }

  private static void readAll(SocketChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      if (channel.read(bytes) < 0) {
        throw new EOFException("the other JVM closed the socket");
      }
    }
  }

  /// The JVM that sends without end.
  static final class Sender {
    private Sender() {}

    public static void main(String[] arguments) throws IOException {
      SecondJvm.endWithParent();
      try (var channel = connect(arguments[0])) {
        int size = Integer.parseInt(arguments[1]);
        var message = ByteBuffer.allocateDirect(Integer.BYTES + size);
        message.putInt(size);
        while (true) {
          writeAll(channel, message.position(0));
        }
      }
    }
  }

  /// The JVM that sends back what it gets.
  static final class Echo {
    private Echo() {}

    public static void main(String[] arguments) throws IOException {
      SecondJvm.endWithParent();
      try (var channel = connect(arguments[0])) {
        var message = ByteBuffer.allocateDirect(Integer.BYTES + ECHO);
        while (true) {
          readAll(channel, message.clear());
          writeAll(channel, message.flip());
        }
      }
    }
  }
}
