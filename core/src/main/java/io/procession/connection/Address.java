package io.procession.connection;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.procession.internal.check.Require;
import java.io.Serializable;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Where a [Listener] listens and a [Client] connects.
///
/// Addresses are values. [#of(String)] reads what `toString` writes.
public sealed interface Address extends Serializable permits Address.Tcp, Address.Unix {

  /// A TCP port of a host.
  ///
  /// @param host a name, or the digits of an IPv4 or IPv6 address; `0.0.0.0` or `::` listens on all
  ///     interfaces
  /// @param port from 1 to 65535, or 0 for a listener that takes a free one
  record Tcp(String host, int port) implements Address {
    private static final int MAX_PORT = 65_535;

    /// Checks the address; resolves nothing.
    ///
    /// @throws IllegalArgumentException if the host is blank or the port out of range
    public Tcp {
      if (host.isBlank()) {
        throw new IllegalArgumentException(
            "a host must be named: host='" + host + "'; 0.0.0.0 or :: listens on all interfaces");
      }
      Require.between("port", port, 0, MAX_PORT);
    }

    /// As `host:port`, or `[host]:port` if the host has colons.
    @Override
    public String toString() {
      return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
  }

  /// A Unix domain socket of this machine.
  ///
  /// @param path the path of its file; or, on Linux with native calls only, a NUL and a name that has
  ///     no file, and no file mode that keeps other users out
  record Unix(String path) implements Address {
    /// Most bytes of a path, as UTF-8: the system's limit on Linux.
    public static final int MAX_PATH_BYTES = 107;

    /// Checks the address.
    ///
    /// @throws IllegalArgumentException if the path is empty, too long, or has a NUL in it
    public Unix {
      int bytes = path.getBytes(UTF_8).length;
      if (path.isEmpty() || path.equals("\0")) {
        throw new IllegalArgumentException(
            "a Unix domain socket must have a path: path=''; give the path of a file in a folder"
                + " that is there");
      }
      if (bytes > MAX_PATH_BYTES) {
        throw new IllegalArgumentException(
            "the path of a Unix domain socket has at most "
                + MAX_PATH_BYTES
                + " bytes: bytes="
                + bytes
                + ", path="
                + path.replace('\0', '@')
                + "; take a shorter folder, or a path relative to the working folder");
      }
      if (path.indexOf('\0', 1) >= 0) {
        throw new IllegalArgumentException(
            "a path has no NUL, except as the first of an abstract name: path="
                + path.replace('\0', '@')
                + "; leave it out");
      }
    }

    /// True if it is a name of Linux without a file.
    ///
    /// @return whether
    public boolean isAbstract() {
      return path.charAt(0) == '\0';
    }

    /// As `unix:` and the path; `unix:@` and the name of one without a file.
    @Override
    public String toString() {
      return "unix:" + (isAbstract() ? "@" + path.substring(1) : path);
    }
  }

  /// A TCP port.
  ///
  /// @param host a name, or the digits of an address
  /// @param port from 1 to 65535, or 0 for a listener that takes a free one
  /// @return the address
  /// @throws IllegalArgumentException if the host is blank or the port out of range
  static Tcp tcp(String host, int port) {
    return new Tcp(host, port);
  }

  /// A Unix domain socket.
  ///
  /// @param path the path of its file
  /// @return the address
  /// @throws IllegalArgumentException if the path is empty or too long
  static Unix unix(Path path) {
    return new Unix(path.toString());
  }

  /// Reads an address:
  ///
  /// | form | means |
  /// |---|---|
  /// | `host:port` | TCP, the host by name or as an IPv4 address |
  /// | `[::1]:port` | TCP, the host as an IPv6 address |
  /// | `unix:path` | the Unix domain socket with this path |
  /// | `/a/path`, `./a/path` or whatever has a slash | the same |
  /// | `unix:@name`, or a NUL and the name | a Unix domain socket of Linux without a file |
  ///
  /// An address is no URL: `tcp://host:port` is refused.
  ///
  /// Windows names its pipes `\\.\pipe\name`: these are recognised, and refused.
  ///
  /// @param text the address
  /// @return the address
  /// @throws IllegalArgumentException if it has none of these forms
  static Address of(String text) {
    Require.notNull("text", text);
    if (text.startsWith("\\\\")) {
      throw new IllegalArgumentException(
          "named pipes of Windows cannot be used here: address="
              + text
              + "; use a Unix domain socket (unix:path) or TCP (host:port)");
    }
    if (text.contains("://") && !text.startsWith("unix:")) {
      throw new IllegalArgumentException(
          "an address is no URL: address="
              + text
              + "; write host:port, or unix:path for a Unix domain socket");
    }
    if (text.startsWith("@")) {
      throw new IllegalArgumentException(
          "an abstract name has unix: before it: address=" + text + "; write unix:" + text);
    }
    if (text.startsWith("unix:@")) {
      return new Unix('\0' + text.substring("unix:@".length()));
    }
    if (text.startsWith("unix:")) {
      return new Unix(text.substring("unix:".length()));
    }
    if (text.startsWith("\0") || text.indexOf('/') >= 0) {
      return new Unix(text);
    }
    return tcp(text);
  }

  private static Tcp tcp(String text) {
    int colon = text.lastIndexOf(':');
    String host = text.substring(0, Math.max(colon, 0));
    boolean isBracketed = host.startsWith("[") && host.endsWith("]");
    if (isBracketed) {
      host = host.substring(1, host.length() - 1);
    }
    boolean isBare = !isBracketed && host.indexOf(':') >= 0;
    if (host.isBlank() || isBare) {
      throw noAddress(text, null);
    }
    try {
      return new Tcp(host, Integer.parseInt(text, colon + 1, text.length(), 10));
    } catch (NumberFormatException e) {
      throw noAddress(text, e);
    }
  }

  private static IllegalArgumentException noAddress(String text, @Nullable Throwable cause) {
    return new IllegalArgumentException(
        "an address is host:port, [IPv6 address]:port, unix:path or a path with a slash: address="
            + text
            + "; write it like 127.0.0.1:5000",
        cause);
  }
}
