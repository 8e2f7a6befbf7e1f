package io.procession.manager;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.procession.connection.Address;
import io.procession.connection.AuthKey;
import io.procession.process.JvmProcess;
import io.procession.process.ProcessException;
import io.procession.queue.SharedQueue;
import io.procession.testing.Deadlines;
import java.io.Serializable;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Connections that come to a manager's server later than what is said of them, or after something that
/// cannot be taken for one.
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class LatecomersIT {
  private static final String KEY = "a key of this test";

  /// Wants two interrupts.
  interface Stubborn {
    /// How many it has got; -1 before it rests.
    int interrupts();

    void rest() throws InterruptedException;
  }

  private static final class Rock implements Stubborn {
    private volatile int interrupts = -1;

    @Override
    public int interrupts() {
      return interrupts;
    }

    @Override
    public void rest() throws InterruptedException {
      interrupts = 0;
      try {
        new CountDownLatch(1).await();
      } catch (InterruptedException e) {
        interrupts = 1;
        new CountDownLatch(1).await();
      }
    }
  }

  private static final ManagedType<Stubborn> STUBBORN = ManagedType.of(Stubborn.class, Rock::new);

  /// Cannot be read, and says so by what no exception is.
  private record Unreadable() implements Serializable {
    private Object readResolve() {
      throw new AssertionError("of this test");
    }
  }

  private static SyncManager manager;

  private static ManagerOptions options(Address address) {
    return ManagerOptions.defaults().withAddress(address).withAuthKey(AuthKey.of(KEY));
  }

  @BeforeAll
  static void start() {
    manager = new SyncManager(options(Address.tcp("localhost", 0))).register(STUBBORN).start();
  }

  @AfterAll
  static void shutDown() {
    manager.close();
  }

  @Test
  void interruptThatComesBeforeItsConnectionIsNotLost() throws Exception {
    Address address = manager.address().orElseThrow();
    String id = UUID.randomUUID().toString();
    try (RawCaller control = RawCaller.known(address, KEY)) {
      control.send(RawCaller.greeting(id, "control", 0));
      assertThat(control.receive()).startsWith("#RETURN");
      control.send(new Object[] {"cancel", 1L, 2L});
      control.send(new Object[] {"ping"});
      assertThat(control.receive()).containsExactly("ping"); // so it was heard
      try (RawCaller calls = RawCaller.known(address, KEY)) {
        calls.send(RawCaller.greeting(id, "calls", 1));
        Object[] made = calls.call(null, "create", "queue", Integer.MAX_VALUE);
        assertThat(made).startsWith("#RETURN");
        String queue = String.valueOf(((Object[]) made[1])[0]);
        Object[] reply = calls.call(queue, "take");
        assertThat(reply).startsWith("#ERROR");
        assertThat(reply[1]).isInstanceOf(InterruptedException.class);
      }
    }
  }

  @Test
  void eachInterruptOfACallIsTold() throws Exception {
    Stubborn rock = manager.create(STUBBORN);
    CompletableFuture<@Nullable Throwable> thrown = new CompletableFuture<>();
    Thread thread =
        Thread.ofPlatform()
            .start(() -> {
              try {
                rock.rest();
                thrown.complete(null);
              } catch (Throwable t) {
                thrown.complete(t);
              }
            });
    await().atMost(Deadlines.LONG).until(() -> rock.interrupts() == 0);
    thread.interrupt();
    await().atMost(Deadlines.LONG).until(() -> rock.interrupts() == 1);
    thread.interrupt();
    assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
  }

  @Test
  void managerThatIsClosedAsItConnectsLeavesNoConnection() throws Exception {
    try (FarServer far = FarServer.start(SyncManager::new);
        Forwarder network = Forwarder.before(requireNonNull(far.options().address()))) {
      SyncManager client = new SyncManager(far.options().withAddress(network.address())).connect();
      await()
          .atMost(Deadlines.LONG)
          .until(() -> network.streams() == 0); // it has asked who that is
      network.hold();
      CompletableFuture<List<Integer>> first = CompletableFuture.supplyAsync(client::list);
      network.awaitHeld();
      client.close();
      network.letGo();
      assertThatThrownBy(first::join).hasCauseInstanceOf(ProcessException.class);
      await().atMost(Deadlines.LONG).until(() -> network.streams() == 0);
    }
  }

  @Test
  @SuppressWarnings({"unchecked", "rawtypes"}) // what is no connection is put among them
  void serverGoesOnAfterWhatItCannotReadAtItsDoor() throws Exception {
    SharedQueue door = requireNonNull(manager.link().ref().door());
    List<Integer> list = manager.list();
    door.put(new Unreadable());
    JvmProcess other = JvmProcess.of(() -> list.add(1));
    other.start();
    other.join();
    assertThat(list).containsExactly(1);
  }
}
