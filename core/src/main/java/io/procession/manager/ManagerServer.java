package io.procession.manager;

import io.procession.connection.Address;
import io.procession.connection.Connection;
import io.procession.connection.ConnectionOptions;
import io.procession.connection.Listener;
import io.procession.internal.arena.Estate;
import io.procession.internal.remote.Admission;
import io.procession.internal.remote.NetworkTerms;
import io.procession.internal.remote.ObjectServer;
import io.procession.internal.remote.ServedType;
import io.procession.internal.remote.ServerRef;
import io.procession.queue.SharedQueue;
import io.procession.serial.Codec;
import java.io.IOException;
import java.util.Collection;
import java.util.Optional;

/// The server of a manager, in this process: see [BaseManager#getServer]. Safe for all threads.
public final class ManagerServer implements AutoCloseable {
  private final ObjectServer server;
  private final SharedQueue<Connection> door;

  private ManagerServer(ObjectServer server, SharedQueue<Connection> door) {
    this.server = server;
    this.door = door;
  }

  /// Opens a server.
  static ManagerServer open(
      String name,
      Collection<ServedType> types,
      ManagerOptions options,
      ConnectionOptions connection)
      throws IOException {
    Address address = options.address();
    Codec codec = options.codec();
    if (codec == null) { // for strangers, and without an address there are none
      codec =
          address == null
              ? Codec.standard()
              : Codec.standard(Admission.of(types, options.allowed()));
    }
    Listener listener =
        address == null ? null : Listener.open(address, connection.withCodec(codec));
    // it ends with this process, also when that is killed
    SharedQueue<Connection> door =
        Estate.open(name).make(() -> SharedQueue.<Connection>create(), SharedQueue::destroy);
    NetworkTerms terms = new NetworkTerms(options.keepAlive(), codec, options.maxMessageBytes());
    ObjectServer server = new ObjectServer(name, types, door, listener, terms);
    return new ManagerServer(server, door);
  }

  /// Serves until somebody asks for its end: [BaseManager#shutdown], or [#close].
  ///
  /// @throws InterruptedException if the thread is interrupted; the server is closed then too
  public void serveForever() throws InterruptedException {
    try (this) {
      server.start();
      server.awaitEnd();
    }
  }

  /// Where it listens for others than processes of its session.
  ///
  /// @return the address, with the port that it has got; empty if it listens nowhere
  public Optional<Address> address() {
    return Optional.ofNullable(server.ref().address());
  }

  ServerRef ref() {
    return server.ref();
  }

  /// Ends it: calls under way are interrupted, and all callers find it gone. Closing again does
  /// nothing.
  @Override
  public void close() {
    server.close();
    door.destroy();
  }

  @Override
  public String toString() {
    return server.toString();
  }
}
