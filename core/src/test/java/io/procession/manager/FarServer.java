package io.procession.manager;

import static java.util.Objects.requireNonNull;

import io.procession.connection.Address;
import io.procession.connection.AuthKey;
import io.procession.connection.Connection;
import io.procession.connection.Pipe;
import io.procession.process.JvmProcess;
import io.procession.serial.SerializableFunction;
import java.io.IOException;

/// A manager's server in a process of its own, that this one reaches over TCP only.
final class FarServer implements AutoCloseable {
  static final String KEY = "of this test";

  private final JvmProcess process;
  private final Address address;

  private FarServer(JvmProcess process, Address address) {
    this.process = process;
    this.address = address;
  }

  /// Starts one.
  ///
  /// @param maker makes its manager, of options with an address and a key
  static FarServer start(SerializableFunction<ManagerOptions, BaseManager> maker) throws Exception {
    try (Pipe pipe = Pipe.duplex()) {
      Connection told = pipe.second();
      JvmProcess process = JvmProcess.of(() -> serve(maker, told));
      process.start();
      return new FarServer(process, (Address) requireNonNull(pipe.first().recv()));
    }
  }

  private static void serve(
      SerializableFunction<ManagerOptions, BaseManager> maker, Connection told) throws Exception {
    try (ManagerServer served = maker.apply(options(Address.tcp("localhost", 0))).getServer()) {
      told.send(served.address().orElseThrow());
      served.serveForever();
    }
  }

  private static ManagerOptions options(Address address) {
    return ManagerOptions.defaults().withAddress(address).withAuthKey(AuthKey.of(KEY));
  }

  /// For who calls it.
  ManagerOptions options() {
    return options(address);
  }

  /// One that calls it, with the types of a `SyncManager`.
  SyncManager client() throws IOException, InterruptedException {
    return new SyncManager(options()).connect();
  }

  @Override
  public void close() {
    process.kill();
    process.close();
  }
}
