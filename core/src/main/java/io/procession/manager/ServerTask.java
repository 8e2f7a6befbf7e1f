package io.procession.manager;

import io.procession.connection.Address;
import io.procession.connection.Connection;
import io.procession.connection.TlsOptions;
import io.procession.internal.order.EndsLast;
import io.procession.internal.remote.ServedType;
import io.procession.process.LaunchOptions;
import io.procession.serial.Codec;
import io.procession.serial.SerializableCallable;
import io.procession.serial.SerializableRunnable;
import io.procession.serial.StandInException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What the process of a manager's server does.
///
/// @param name for messages
/// @param types what it serves
/// @param place where, and how
/// @param starter whom it tells how it is reached, or why it cannot be
/// @param initializer what it does first
record ServerTask(
    String name,
    List<ServedType> types,
    Place place,
    Connection starter,
    SerializableRunnable initializer)
    implements SerializableRunnable, EndsLast {

  /// What is sent of a manager's options. The key is not: a process has its own.
  record Place(
      @Nullable Address address,
      @Nullable SerializableCallable<TlsOptions> tls,
      @Nullable Codec codec,
      Set<String> allowed,
      int maxMessageBytes,
      Duration keepAlive)
      implements java.io.Serializable {

    static Place of(ManagerOptions options) {
      return new Place(
          options.address(),
          options.tls(),
          options.codec(),
          options.allowed(),
          options.maxMessageBytes(),
          options.keepAlive());
    }

    ManagerOptions options() {
      return new ManagerOptions(
          address,
          null,
          tls,
          codec,
          allowed,
          maxMessageBytes,
          keepAlive,
          Duration.ofSeconds(1),
          LaunchOptions.defaults());
    }
  }

  @Override
  public void run() throws Exception {
    ManagerServer server;
    try {
      initializer.run();
      ManagerOptions options = place.options();
      server = ManagerServer.open(name, types, options, options.way().options());
    } catch (Exception | LinkageError e) {
      tell(StandInException.sendable(e, Codec.standard()));
      return;
    }
    tell(server.ref());
    server.serveForever();
  }

  private void tell(Object what) throws IOException, InterruptedException {
    starter.send(what);
    starter.close();
  }
}
