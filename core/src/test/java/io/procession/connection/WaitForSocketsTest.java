package io.procession.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.procession.testing.Deadlines;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Connections over sockets and listeners in a wait for any.
@Tag("platforms")
@SuppressWarnings("try") // closes early, which is what is tested
class WaitForSocketsTest {
  private static final int MANY = 2_500;

  private static final Set<Thread.State> WAITING =
      Set.of(Thread.State.WAITING, Thread.State.TIMED_WAITING);

  private final List<AutoCloseable> opened = Collections.synchronizedList(new ArrayList<>());

  @AfterEach
  void closeAll() throws Exception {
    for (AutoCloseable each : opened) {
      each.close();
    }
  }

  private <T extends AutoCloseable> T keep(T object) {
    opened.add(object);
    return object;
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void closingAListenerEndsTheWaitWithAnErrorThatNamesIt(boolean authenticated) throws Exception {
    ConnectionOptions options = ConnectionOptions.defaults();
    ConnectionOptions used = authenticated ? options.withAuthKey(AuthKey.of("known")) : options;
    Listener listener = keep(Listener.open(used));
    String address = listener.address().toString();
    var wait =
        new FutureTask<>(() -> {
          assertThatIllegalStateException()
              .isThrownBy(() -> Waitable.awaitAny(List.of(listener)))
              .withMessageContaining("closed in this process")
              .withMessageContaining(address);
          return null;
        });
    Thread waiter = Thread.ofVirtual().start(wait);
    await()
        .atMost(Deadlines.MEDIUM)
        .until(() -> WAITING.contains(waiter.getState()) || !waiter.isAlive());
    listener.close();
    wait.get(Deadlines.MEDIUM.toMillis(), TimeUnit.MILLISECONDS);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void listenerIsReadyWhenAConnectionIs(boolean authenticated) throws Exception {
    ConnectionOptions options = ConnectionOptions.defaults();
    ConnectionOptions used = authenticated ? options.withAuthKey(AuthKey.of("known")) : options;
    Listener listener = keep(Listener.open(used));
    Listener idle = keep(Listener.open(used));
    List<Listener> both = List.of(idle, listener);
    assertThat(Waitable.awaitAny(both, Duration.ZERO)).isEmpty();
    Thread connecting = Thread.ofVirtual().start(() -> keepClient(listener.address(), used));
    assertThat(Waitable.awaitAny(both)).containsExactly(listener);
    keep(listener.accept(Deadlines.LONG).orElseThrow());
    connecting.join();
    assertThat(Waitable.awaitAny(both, Duration.ZERO)).isEmpty();
    listener.close();
    assertThatIllegalStateException()
        .isThrownBy(() -> Waitable.awaitAny(both, Duration.ZERO))
        .withMessageContaining(listener.address().toString());
  }

  private void keepClient(Address address, ConnectionOptions options) {
    try {
      keep(Client.connect(address, options));
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void thousandsOfConnectionsAreWaitedForAtOnce() throws Exception {
    assumeThat(descriptors()).as("needs %d descriptors", 3 * MANY).isGreaterThan(3L * MANY);
    Listener listener = keep(Listener.open());
    List<Connection> clients = new ArrayList<>();
    List<Connection> servers = new ArrayList<>();
    for (int i = 0; i < MANY; i++) {
      clients.add(keep(Client.connect(listener.address())));
      servers.add(keep(listener.accept()));
    }
    assertThat(Waitable.awaitAny(servers, Duration.ZERO)).isEmpty();
    for (int i = 0; i < MANY; i += 100) {
      Connection client = clients.get(i);
      Thread sender = Thread.ofVirtual().start(() -> send(client));
      assertThat(Waitable.awaitAny(servers)).containsExactly(servers.get(i));
      assertThat(servers.get(i).recvBytes()).hasSize(1);
      sender.join();
    }
    for (Connection client : clients) {
      send(client);
    }
    assertThat(Waitable.awaitAny(servers)).hasSize(MANY);
    clients.getFirst().close();
    assertThat(servers.getFirst().recvBytes()).hasSize(1);
    for (Connection server : servers.subList(1, MANY)) {
      assertThat(server.recvBytes()).hasSize(1);
    }
    assertThat(Waitable.awaitAny(servers)).containsExactly(servers.getFirst());
  }

  private static void send(Connection connection) {
    try {
      connection.sendBytes(new byte[1]);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /// The limit of open files, where the system says it.
  private static long descriptors() throws Exception {
    Path limits = Path.of("/proc/self/limits");
    if (!Files.exists(limits)) {
      return 0;
    }
    for (String line : Files.readAllLines(limits)) {
      if (line.startsWith("Max open files")) {
        return Long.parseLong(line.substring("Max open files".length()).strip().split(" ", 2)[0]);
      }
    }
    return 0;
  }
}
