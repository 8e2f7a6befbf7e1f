package io.procession.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.connection.Address;
import io.procession.connection.AuthKey;
import io.procession.manager.ManagerOptions;
import io.procession.manager.SyncManager;
import java.util.concurrent.BlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A manager serves at an address that another has just left.
@Timeout(180)
class ManagerAddressIT {
  @Test
  void addressServesAgainAtOnce() throws Exception {
    Address address = serveAt(Address.tcp("localhost", 0));
    assertThat(serveAt(address)).isEqualTo(address);
  }

  private Address serveAt(Address wanted) throws Exception {
    try (SyncManager server = new SyncManager(options(wanted)).start()) {
      Address address = server.address().orElseThrow();
      try (SyncManager client = new SyncManager(options(address)).connect()) {
        BlockingQueue<String> queue = client.queue();
        queue.put("hello");
        assertThat(queue.take()).isEqualTo("hello");
      }
      return address;
    }
  }

  private static ManagerOptions options(Address address) {
    return ManagerOptions.defaults()
        .withAddress(address)
        .withAuthKey(AuthKey.of("a key of this test"));
  }
}
