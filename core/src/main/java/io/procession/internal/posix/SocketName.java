package io.procession.internal.posix;

import java.net.Inet6Address;
import java.net.InetAddress;

/// Where a stream socket is, as the system knows it.
public sealed interface SocketName {

  /// A port of an address of the Internet.
  record Inet(InetAddress address, int port) implements SocketName {
    @Override
    public String toString() {
      String host = address.getHostAddress();
      return (address instanceof Inet6Address ? "[" + host + "]" : host) + ":" + port;
    }
  }

  /// A Unix domain socket.
  ///
  /// @param path the path of its file, a NUL and an abstract name, or nothing if it has no name
  record Local(String path) implements SocketName {
    /// Most bytes of a path; one more is its end.
    public static final int MAX_PATH_BYTES = 107;

    /// True if it has no file.
    public boolean isAbstract() {
      return path.startsWith("\0");
    }

    public boolean isUnnamed() {
      return path.isEmpty();
    }

    @Override
    public String toString() {
      return "unix:" + (isAbstract() ? "@" + path.substring(1) : path);
    }
  }
}
