package io.procession.connection;

import io.procession.internal.posix.Errno;
import io.procession.internal.posix.ErrnoException;
import io.procession.internal.posix.Platform;
import io.procession.internal.posix.SocketName;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// From addresses to what the system calls so, and from what it says to what its users can do.
final class Places {
  private Places() {}

  /// The places that an address names: several if a host has several addresses.
  ///
  /// @throws UnknownHostException if there is no such host
  static List<SocketName> resolve(Address address) throws IOException {
    return switch (address) {
      case Address.Unix unix -> {
        if (unix.isAbstract() && Platform.current() == Platform.PORTABLE) {
          throw new IOException(
              "names without a file need native calls: address="
                  + address
                  + "; use a path, or leave -Dprocession.platform=portable out");
        }
        yield List.of(new SocketName.Local(unix.path()));
      }
      case Address.Tcp(String host, int port) -> {
        List<SocketName> names = new ArrayList<>();
        for (InetAddress each : inet(host)) {
          names.add(new SocketName.Inet(each, port));
        }
        yield names;
      }
    };
  }

  private static InetAddress[] inet(String host) throws UnknownHostException {
    try {
      return InetAddress.getAllByName(host);
    } catch (UnknownHostException e) {
      UnknownHostException unknown =
          new UnknownHostException("no such host: host=" + host + "; look for a slip in the name");
      unknown.initCause(e);
      throw unknown;
    }
  }

  /// The address of a place, or nothing if it has no name, as the client's side of a Unix domain
  /// socket.
  static Optional<Address> address(SocketName name) {
    return switch (name) {
      case SocketName.Local local when local.isUnnamed() -> Optional.empty();
      case SocketName.Local(String path) -> Optional.of(new Address.Unix(path));
      case SocketName.Inet(InetAddress address, int port) ->
          Optional.of(new Address.Tcp(address.getHostAddress(), port));
    };
  }

  /// The failure to listen, said so that it can be helped.
  static IOException cannotListen(Address address, IOException cause) {
    IOException said =
        switch (errno(cause)) {
          case Errno.EADDRINUSE -> new BindException(inUse(address));
          case Errno.EADDRNOTAVAIL ->
              new BindException(
                  "the host is not this one: address="
                      + address
                      + "; take an address of this host");
          case Errno.EACCES ->
              new BindException(
                  "not permitted: address="
                      + address
                      + (address instanceof Address.Unix
                          ? "; the folder must be writable for this user"
                          : "; ports below 1024 may be for root only"));
          case Errno.ENOENT -> new BindException("there is no such folder: address=" + address);
          case Errno.EMFILE, Errno.ENFILE -> noDescriptors(address);
          default -> new IOException("cannot listen: address=" + address, cause);
        };
    return caused(said, cause);
  }

  /// The failure to connect, said so that it can be helped.
  static IOException cannotConnect(Address address, IOException cause) {
    if (cause instanceof SocketTimeoutException) {
      return caused(
          new SocketTimeoutException(
              "nobody answered in time: address="
                  + address
                  + "; the host is off or filtered, or its listener does not accept"),
          cause);
    }
    IOException said =
        switch (errno(cause)) {
          case Errno.ECONNREFUSED ->
              new ConnectException(
                  "connection refused: nobody listens at address="
                      + address
                      + "; start the listener first");
          case Errno.ENOENT ->
              new ConnectException(
                  "connection refused: there is no such file: address="
                      + address
                      + "; start the listener first");
          case Errno.EACCES, Errno.EPERM ->
              new ConnectException(
                  "connection refused: not permitted: address="
                      + address
                      + "; a Unix domain socket is for the user who made it alone");
          case Errno.EHOSTUNREACH, Errno.ENETUNREACH ->
              new NoRouteToHostException("there is no way to that host: address=" + address);
          case Errno.EMFILE, Errno.ENFILE -> noDescriptors(address);
          default -> new IOException("cannot connect: address=" + address, cause);
        };
    return caused(said, cause);
  }

  /// The failure to take a connection that has come, said so that it can be helped.
  static IOException cannotAccept(Address address, IOException cause) {
    int errno = errno(cause);
    return errno == Errno.EMFILE || errno == Errno.ENFILE
        ? caused(noDescriptors(address), cause)
        : cause;
  }

  /// True if a connection could not be taken for want of descriptors or memory.
  static boolean isShortage(IOException cause) {
    return switch (errno(cause)) {
      case Errno.EMFILE, Errno.ENFILE, Errno.ENOBUFS, Errno.ENOMEM -> true;
      default -> false;
    };
  }

  private static IOException noDescriptors(Address address) {
    return new IOException(
        "no descriptor is left for another socket: address="
            + address
            + "; close connections, or raise the limit of open files (ulimit -n)");
  }

  private static String inUse(Address address) {
    if (address instanceof Address.Unix unix && !unix.isAbstract()) {
      boolean isSocket = Files.exists(Path.of(unix.path())) && !isOrdinary(Path.of(unix.path()));
      return "address in use: address="
          + address
          + (isSocket
              ? "; there is a socket of that name: if no process listens there any more, delete it"
              : "; there is a file of that name, which is no socket: take another name");
    }
    return "address in use: address=" + address + "; take another, or port 0 for a free one";
  }

  private static boolean isOrdinary(Path file) {
    return Files.isRegularFile(file) || Files.isDirectory(file) || Files.isSymbolicLink(file);
  }

  /// The failure to send or receive since the other end is gone, said so; another failure as it is.
  static IOException lost(String stream, IOException cause) {
    String message = String.valueOf(cause.getMessage());
    boolean isGone =
        switch (errno(cause)) {
          case Errno.EPIPE, Errno.ECONNRESET -> true;
          default -> message.contains("roken pipe") || message.contains("onnection reset");
        };
    return isGone
        ? new IOException(
            "broken pipe: the other end of "
                + stream
                + " has closed it or died, and what was under way is lost; close this end, and connect"
                + " again",
            cause)
        : cause;
  }

  /// The error number; for an exception of the JDK's the one that it most likely had.
  private static int errno(IOException cause) {
    if (cause instanceof ErrnoException system) {
      return system.errno();
    }
    String message = String.valueOf(cause.getMessage());
    if (message.contains("ermission denied") || cause instanceof AccessDeniedException) {
      return Errno.EACCES;
    }
    if (message.contains("o such file") || cause instanceof NoSuchFileException) {
      return Errno.ENOENT;
    }
    if (message.contains("oo many open files")) {
      return Errno.EMFILE;
    }
    return switch (cause) {
      case BindException _ ->
          message.contains("ssign requested") ? Errno.EADDRNOTAVAIL : Errno.EADDRINUSE;
      case ConnectException _ -> Errno.ECONNREFUSED;
      case NoRouteToHostException _ -> Errno.EHOSTUNREACH;
      default -> 0;
    };
  }

  private static <E extends IOException> E caused(E said, IOException cause) {
    if (said.getCause() == null) {
      said.initCause(cause);
    }
    return said;
  }

  /// What tells a file from another that has its name later; null if it cannot be told.
  static @Nullable Object fileKey(Address address) {
    if (address instanceof Address.Unix unix && !unix.isAbstract()) {
      try {
        return Files.readAttributes(
                Path.of(unix.path()), BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
            .fileKey();
      } catch (IOException e) {
        return null;
      }
    }
    return null;
  }

  /// Deletes the file of a Unix domain socket, if it still is the one with this key.
  static void deleteFile(Address address, @Nullable Object key) {
    if (key != null && key.equals(fileKey(address)) && address instanceof Address.Unix unix) {
      try {
        Files.deleteIfExists(Path.of(unix.path()));
      } catch (IOException e) {
        // the folder is not ours to change any more: the next listener there is told
      }
    }
  }
}
