package io.procession.benchmarks.workloads;

import io.procession.Procession;
import io.procession.connection.Address;
import io.procession.manager.ManagerOptions;
import io.procession.manager.SyncManager;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// A manager as its callers reach it: by shared memory, or by TCP as from another machine.
final class ManagerPlace implements AutoCloseable {
  private final SyncManager manager;
  private final @Nullable Child starter;

  private ManagerPlace(SyncManager manager, @Nullable Child starter) {
    this.manager = manager;
    this.starter = starter;
  }

  /// Who starts a manager reaches it by shared memory; so for TCP another process does.
  static ManagerPlace open(boolean isOverTcp) throws Exception {
    if (!isOverTcp) {
      return new ManagerPlace(Procession.manager(), null);
    }
    ManagerOptions options = ManagerOptions.defaults();
    Child starter =
        Child.start(
            "starter",
            orders -> {
              try (SyncManager started =
                  new SyncManager(
                          ManagerOptions.defaults().withAddress(Address.tcp("127.0.0.1", 0)))
                      .start()) {
                orders.send(started.address().orElseThrow());
                long _ = Child.next(orders); // the end
              }
            });
    if (starter.answer() instanceof Address address) {
      return new ManagerPlace(new SyncManager(options.withAddress(address)).connect(), starter);
    }
    throw new IllegalStateException("no address of a manager");
  }

  SyncManager manager() {
    return manager;
  }

  @Override
  public void close() throws IOException {
    manager.close();
    if (starter != null) {
      starter.close();
    }
  }
}
