package io.procession.internal.posix;

import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Sockets by the JDK's channels.
final class PortableSockets implements Sockets {
  static final PortableSockets INSTANCE = new PortableSockets();

  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rw-------");
  private static final Set<PosixFilePermission> OWNERS_FOLDER =
      PosixFilePermissions.fromString("rwx------");

  private PortableSockets() {}

  @Override
  public ListeningSocket listen(SocketName name, int backlog) throws IOException {
    boolean isInet = name instanceof SocketName.Inet;
    ServerSocketChannel channel =
        isInet ? ServerSocketChannel.open() : ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    boolean done = false;
    try {
      if (name instanceof SocketName.Local local) {
        bindPrivately(channel, local, backlog);
      } else {
        channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
        channel.bind(address(name), backlog);
      }
      channel.configureBlocking(false);
      PortableListening socket =
          new PortableListening(channel, isInet ? name(channel.getLocalAddress()) : name);
      done = true;
      return socket;
    } finally {
      if (!done) {
        channel.close();
      }
    }
  }

  /// A file that `bind` makes has the mode of the umask, and others could connect before it is changed.
  /// So unless nobody else may enter its folder, it is made in one that nobody may, changed, and then
  /// given its name by a link, which fails if there is one.
  private static void bindPrivately(ServerSocketChannel channel, SocketName.Local name, int backlog)
      throws IOException {
    Path path = Path.of(name.path()).toAbsolutePath();
    Path parent = path.getParent();
    if (parent != null && Files.getPosixFilePermissions(parent).equals(OWNERS_FOLDER)) {
      channel.bind(UnixDomainSocketAddress.of(name.path()), backlog);
      Files.setPosixFilePermissions(path, OWNER_ONLY);
      return;
    }
    Path folder = Files.createTempDirectory(parent, ".p");
    Path file = folder.resolve("s");
    try {
      channel.bind(UnixDomainSocketAddress.of(file), backlog);
      Files.setPosixFilePermissions(file, OWNER_ONLY);
      Files.createLink(path, file);
    } catch (FileAlreadyExistsException e) {
      BindException inUse = new BindException("there is a file of that name");
      inUse.initCause(e);
      throw inUse;
    } finally {
      Files.deleteIfExists(file);
      Files.deleteIfExists(folder);
    }
  }

  @Override
  public StreamSocket connect(SocketName name, long deadline)
      throws IOException, InterruptedException {
    SocketAddress address = address(name);
    boolean isPrivate = name instanceof SocketName.Local local && isPrivate(Path.of(local.path()));
    SocketChannel channel =
        name instanceof SocketName.Inet
            ? SocketChannel.open()
            : SocketChannel.open(StandardProtocolFamily.UNIX);
    boolean done = false;
    try {
      connect(channel, address, deadline);
      done = true;
    } finally {
      if (!done) {
        channel.close();
      }
    }
    return stream(channel, isPrivate);
  }

  /// Connects on a thread of its own: an interrupt in the midst would close the channel, and one that
  /// does not block (as on a virtual thread) fails where the queue of a Unix domain socket is full.
  private static void connect(SocketChannel channel, SocketAddress address, long deadline)
      throws IOException, InterruptedException {
    FutureTask<Boolean> task = new FutureTask<>(() -> channel.connect(address));
    Thread.ofPlatform().daemon().name("procession-connector").start(task);
    try {
      boolean _ = task.get(Until.nanosLeft(deadline), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      SocketTimeoutException late =
          new SocketTimeoutException("not connected in time: address=" + address);
      late.initCause(e);
      throw late;
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException cause ? cause : new IOException(e.getCause());
    }
  }

  /// Takes charge of a connected channel; closes it if that fails.
  ///
  /// @param isPrivate whether the other end of a Unix domain socket must be of this user
  static PortableStream stream(SocketChannel channel, boolean isPrivate) throws IOException {
    boolean done = false;
    try {
      channel.configureBlocking(false);
      SocketName local = name(channel.getLocalAddress());
      if (local instanceof SocketName.Inet) {
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        TcpProbes.sendBy(channel);
      }
      PortableStream stream =
          new PortableStream(channel, local, name(channel.getRemoteAddress()), isPrivate);
      done = true;
      return stream;
    } finally {
      if (!done) {
        channel.close();
      }
    }
  }

  private static boolean isPrivate(Path path) {
    try {
      UserPrincipal user =
          path.getFileSystem()
              .getUserPrincipalLookupService()
              .lookupPrincipalByName(System.getProperty("user.name"));
      return Files.getOwner(path, LinkOption.NOFOLLOW_LINKS).equals(user)
          && Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS).equals(OWNER_ONLY);
    } catch (IOException | UnsupportedOperationException e) {
      return false; // it is not known
    }
  }

  private static SocketAddress address(SocketName name) throws IOException {
    return switch (name) {
      case SocketName.Inet inet -> new InetSocketAddress(inet.address(), inet.port());
      case SocketName.Local local when local.isAbstract() ->
          throw new IOException(
              "abstract names of sockets need native calls: leave -Dprocession.platform=portable"
                  + " out, or use a path: address="
                  + local);
      case SocketName.Local local -> UnixDomainSocketAddress.of(local.path());
    };
  }

  private static SocketName name(SocketAddress address) {
    return switch (address) {
      case InetSocketAddress inet -> new SocketName.Inet(inet.getAddress(), inet.getPort());
      case UnixDomainSocketAddress unix -> new SocketName.Local(unix.getPath().toString());
      default -> throw new IllegalStateException("no address of a stream: " + address);
    };
  }
}
