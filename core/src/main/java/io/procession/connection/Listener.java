package io.procession.connection;

import static java.util.Objects.requireNonNull;

import io.procession.internal.arena.ExitHooks;
import io.procession.internal.arena.PrivateFiles;
import io.procession.internal.arena.Unreachable;
import io.procession.internal.check.Require;
import io.procession.internal.loan.Lending;
import io.procession.internal.loan.Loan;
import io.procession.internal.posix.ListeningSocket;
import io.procession.internal.posix.NativeListening;
import io.procession.internal.posix.Readiness;
import io.procession.internal.posix.SocketName;
import io.procession.internal.posix.Sockets;
import io.procession.internal.posix.Until;
import io.procession.internal.ring.RingClaim;
import io.procession.internal.watch.ReadinessSource;
import io.procession.internal.watch.Source;
import io.procession.internal.watch.Sources;
import java.io.IOException;
import java.io.NotSerializableException;
import java.io.ObjectStreamException;
import java.io.Serializable;
import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Listens at an address for connections that [Client]s, in Java or in Python, open.
///
/// ```java
/// try (Listener listener = Listener.open(Address.of("localhost:0"), options)) {
///   Connection connection = listener.accept();
/// }
/// ```
///
/// The file of a Unix domain socket can be used by its owner only, from the moment it is there. It is
/// deleted when the process that has opened the listener closes it.
///
/// With a key or TLS in the options, peers have to prove themselves before they are accepted. That
/// happens beside: one that is slow, silent or hostile holds up nobody, and is never heard of, except
/// in [#refusals]. While nobody accepts, connections wait in the system.
///
/// A listener can be sent to other processes of the session, unless it has TLS: then any of them
/// accepts, each connection once. Each has to close its own.
///
/// Safe for all threads: several may accept.
public final class Listener implements Waitable, Serializable, AutoCloseable {
  private static final long serialVersionUID = 1L;

  static {
    Sources.register(Listener.class, new SourceOfListener());
  }

  /// How many connections may wait to be accepted, unless it is said otherwise; the system may allow
  /// less (`/proc/sys/net/core/somaxconn`).
  public static final int DEFAULT_BACKLOG = 128;

  private final transient Address address;
  private final transient ListeningSocket socket;
  private final transient ConnectionOptions options;
  private final transient Reception reception;
  private final transient Lending lending = new Lending(RingClaim.FACTORY);
  private final transient Cleaner.Cleanable net;
  private transient volatile @Nullable Address lastAccepted;

  private Listener(
      Address address, ListeningSocket socket, ConnectionOptions options, @Nullable Object file) {
    this.address = address;
    this.socket = socket;
    this.options = options;
    this.reception = new Reception(new SocketDoor(socket), options);
    ExitHooks.Hook atExit = file == null ? null : deletingAtExit(address, file);
    this.net =
        Unreachable.watch(this, new Close(socket, reception, lending, address, file, atExit));
  }

  /// A process that ends in order, by Ctrl-C, say, leaves no file that nobody listens at.
  private static ExitHooks.@Nullable Hook deletingAtExit(Address address, Object file) {
    try {
      return ExitHooks.addEssential(
          "delete-socket", ExitHooks.DAEMONS, () -> Places.deleteFile(address, file));
    } catch (IllegalStateException e) {
      return null; // it is ending right now
    }
  }

  /// Listens at an address that is free and private: a Unix domain socket in a folder that only this
  /// user may enter, which goes with this process however it ends. [#address] is what clients need.
  ///
  /// @return the listener
  /// @throws IOException if the system refuses
  public static Listener open() throws IOException {
    return open(ConnectionOptions.defaults());
  }

  /// Listens at an address that is free and private, as [#open()] does.
  ///
  /// @param options how connections are to be
  /// @return the listener
  /// @throws IOException if the system refuses
  public static Listener open(ConnectionOptions options) throws IOException {
    return open(Address.unix(PrivateFiles.fresh()), options);
  }

  /// Listens at an address.
  ///
  /// @param address where; port 0 takes a free port
  /// @return the listener
  /// @throws IOException if the address is in use, or the system refuses for another reason
  public static Listener open(Address address) throws IOException {
    return open(address, ConnectionOptions.defaults());
  }

  /// Listens at an address.
  ///
  /// @param address where; port 0 takes a free port
  /// @param options how connections are to be
  /// @return the listener
  /// @throws IOException if the address is in use, or the system refuses for another reason
  public static Listener open(Address address, ConnectionOptions options) throws IOException {
    return open(address, options, DEFAULT_BACKLOG);
  }

  /// Listens at an address.
  ///
  /// @param address where; port 0 takes a free port
  /// @param options how connections are to be
  /// @param backlog how many connections may wait to be accepted; the system may allow less
  /// @return the listener
  /// @throws IllegalArgumentException if the backlog is not positive
  /// @throws IOException if the address is in use, or the system refuses for another reason
  public static Listener open(Address address, ConnectionOptions options, int backlog)
      throws IOException {
    Require.notNull("options", options);
    Require.positive("backlog", backlog);
    SocketName wanted = Places.resolve(address).getFirst();
    try {
      ListeningSocket socket = Sockets.current().listen(wanted, backlog);
      return new Listener(bound(address, socket), socket, options, Places.fileKey(address));
    } catch (IOException e) {
      throw Places.cannotListen(address, e);
    }
  }

  private static Address bound(Address address, ListeningSocket socket) {
    return address instanceof Address.Tcp(String host, int _)
            && socket.name() instanceof SocketName.Inet inet
        ? new Address.Tcp(host, inet.port())
        : address;
  }

  /// The next connection; waits for it. Peers that fail the handshake are passed over.
  ///
  /// @return the connection
  /// @throws IOException if the listener is closed, before or meanwhile, or no descriptor is left
  /// @throws InterruptedException if interrupted while waiting; no connection is lost
  public Connection accept() throws IOException, InterruptedException {
    return requireNonNull(accept(Until.FOREVER));
  }

  /// The next connection; waits for it up to a time limit.
  ///
  /// @param limit how long to wait at most
  /// @return the connection, or nothing if none has come
  /// @throws IOException if the listener is closed, before or meanwhile, or no descriptor is left
  /// @throws InterruptedException if interrupted while waiting; no connection is lost
  public Optional<Connection> accept(Duration limit) throws IOException, InterruptedException {
    return Optional.ofNullable(accept(Until.after(limit)));
  }

  private @Nullable Connection accept(long deadline) throws IOException, InterruptedException {
    try {
      Connection accepted = reception.accept(deadline);
      if (accepted != null) {
        lastAccepted = accepted.channel().peer().orElse(null);
      }
      return accepted;
    } catch (ClosedChannelException e) {
      throw new IOException("closed in this process: listener=" + address, e);
    } catch (IOException e) {
      throw Places.cannotAccept(address, e);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  /// Where it listens, with the real port: what clients connect to.
  ///
  /// @return the address
  public Address address() {
    return address;
  }

  /// Where the connection comes from that was accepted last.
  ///
  /// @return its address; nothing if none was accepted, or it has none, as clients of Unix domain
  ///     sockets mostly have none
  public Optional<Address> lastAccepted() {
    return Optional.ofNullable(lastAccepted);
  }

  /// How many peers came and were turned away, since they did not prove themselves, or not in time.
  ///
  /// @return the number, of this process's listener
  public long refusals() {
    return reception.refusals();
  }

  /// Whether it is closed in this process.
  ///
  /// @return whether
  public boolean isClosed() {
    return socket.isClosed();
  }

  /// Ends the listening; threads that accept get an [IOException], and peers that were not accepted
  /// an end of the stream. Connections stay. Closing again does nothing.
  @Override
  public void close() {
    net.clean();
  }

  private static final class SourceOfListener implements Sources.Of<Listener> {
    @Override
    public Source source(Listener listener) {
      if (listener.isClosed()) {
        throw new IllegalStateException("closed in this process: listener=" + listener.address);
      }
      return Handshake.isNeeded(listener.options)
          ? listener.reception
          : new Arrivals(listener.socket);
    }
  }

  /// Ready when a stream has come, which is a connection at once.
  private static final class Arrivals extends ReadinessSource {
    private final ListeningSocket socket;

    Arrivals(ListeningSocket socket) {
      super(socket.readiness(), Readiness.READ);
      this.socket = socket;
    }

    @Override
    protected boolean isReadyNow() throws IOException {
      return socket.isReadable();
    }

    @Override
    public String toString() {
      return "listener at " + socket;
    }
  }

  /// The listener of a socket that was received.
  static Listener received(Address address, ListeningSocket socket, ConnectionOptions options) {
    return new Listener(address, socket, options, null);
  }

  private Object writeReplace() throws ObjectStreamException {
    Loan.checkPlatform(this);
    if (options.tls() != null) {
      throw new NotSerializableException(
          "a listener with TLS cannot be sent, since its certificates cannot: " + this);
    }
    AuthKey key = options.authKey();
    Loan loan =
        lending.loan(
            ((NativeListening) socket).descriptor(),
            key == null ? new byte[0] : key.toBytes(),
            this);
    return loan.handle(SocketContent.OfListener.of(address, options));
  }

  @Override
  public String toString() {
    return "listener at " + address + (isClosed() ? " (closed)" : "");
  }

  /// What ends it, also when it is unreachable.
  private record Close(
      ListeningSocket socket,
      Reception reception,
      Lending lending,
      Address address,
      @Nullable Object file,
      ExitHooks.@Nullable Hook atExit)
      implements Runnable {
    @Override
    public void run() {
      if (atExit != null) {
        boolean _ = atExit.remove();
      }
      Places.deleteFile(address, file); // while it surely is the one of this socket
      socket.close();
      reception.close();
      lending.end();
    }
  }
}
