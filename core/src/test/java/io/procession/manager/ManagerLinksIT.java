package io.procession.manager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.procession.connection.Address;
import io.procession.connection.AuthKey;
import io.procession.connection.Connection;
import io.procession.connection.ConnectionOptions;
import io.procession.connection.Listener;
import io.procession.connection.Pipe;
import io.procession.process.JvmProcess;
import io.procession.process.ProcessException;
import io.procession.testing.Deadlines;
import java.io.IOException;
import java.io.Serializable;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.AbstractMap.SimpleEntry;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.function.BiFunction;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What managers of one process have in common, servers that do not answer, and results that have other
/// objects in them.
@Timeout(value = 60, unit = TimeUnit.SECONDS)
@SuppressWarnings("LockNotBeforeTry") // locks are what is tested
class ManagerLinksIT {
  private static final AuthKey KEY = AuthKey.of("a key of this test");

  interface Shelf {
    Set<String> names();

    String[] array();

    Iterator<Map.Entry<String, Integer>> entries();
  }

  private static final class Books implements Shelf {
    @Override
    public Set<String> names() {
      return new TreeSet<>(Set.of("b", "a"));
    }

    @Override
    public String[] array() {
      return new String[] {"a"};
    }

    @Override
    public Iterator<Map.Entry<String, Integer>> entries() {
      return new TreeMap<>(Map.of("a", 1, "b", 2)).entrySet().iterator();
    }
  }

  private static final ManagedType<Shelf> SHELF =
      ManagedType.<Shelf>of(Shelf.class, Books::new).returningIterator("entries");

  interface Coin {
    int worth();

    Coin twin();
  }

  /// The same to others.
  interface Medal {
    int worth();

    Medal twin();
  }

  private static final class Gold implements Coin {
    @Override
    public int worth() {
      return 20;
    }

    @Override
    public Coin twin() {
      return new Gold();
    }
  }

  private static final String PIECE = "piece";
  private static final ManagedType<Coin> COIN = ManagedType.named(PIECE, Coin.class);
  private static final ManagedType<Medal> MEDAL = ManagedType.named(PIECE, Medal.class);
  private static final ManagedType<Coin> GOLD =
      ManagedType.<Coin>of(Coin.class, Gold::new).withName(PIECE).returning("twin", COIN);

  private static SyncManager manager;

  @BeforeAll
  static void start() {
    manager =
        new SyncManager(options(Address.tcp("localhost", 0)))
            .register(SHELF)
            .register(GOLD)
            .start();
  }

  @AfterAll
  static void shutDown() {
    manager.close();
  }

  private static ManagerOptions options(Address address) {
    return ManagerOptions.defaults().withAddress(address).withAuthKey(KEY);
  }

  @Test
  void aClientThatIsClosedLeavesOthersTheirs() throws Exception {
    List<Integer> list = manager.list(List.of(1));
    ManagerOptions there = options(manager.address().orElseThrow());
    SyncManager first = new SyncManager(there).connect();
    SyncManager second = new SyncManager(there).connect();
    List<Integer> seconds = second.list(List.of(2));
    first.close();
    first.close();
    assertThat(list).containsExactly(1);
    assertThat(seconds).containsExactly(2);
    second.close();
    assertThat(list).containsExactly(1);
  }

  @Test
  void eachManagerSeesObjectsByItsOwnInterfaces() throws Exception {
    ManagerOptions there = options(manager.address().orElseThrow());
    try (SyncManager ofCoins = new SyncManager(there);
        SyncManager ofMedals = new SyncManager(there)) {
      ofCoins.register(COIN).connect();
      ofMedals.register(MEDAL).connect();
      Coin coin = ofCoins.create(COIN);
      Medal medal = ofMedals.create(MEDAL);
      assertThat(coin.twin().worth()).isEqualTo(20);
      assertThat(medal.twin().worth()).isEqualTo(20);
      List<Medal> medals = ofMedals.list(List.of(medal));
      Medal again = medals.getFirst();
      assertThat(again.worth()).isEqualTo(20);
      List<Object> coins = ofCoins.list(List.of(medal)); // passed on as what it is at the server
      Coin same = (Coin) coins.getFirst();
      assertThat(same.worth()).isEqualTo(20);
      assertThat((Object) same).isEqualTo(again).isEqualTo(medal).isNotEqualTo(coin);
      ofMedals.pipeline(p -> p.run(medal, Medal::worth));
      ofCoins.shutdown();
      assertThat(medals.getFirst().twin().worth()).isEqualTo(20);
    }
  }

  /// What a server takes of strangers only if it is listed.
  private record Unlisted(String content) implements Serializable {}

  @Test
  void whoHasAWayWithinTheSessionIsNotHeldToTheRulesOfTheNetwork() throws Exception {
    ManagerOptions strict = options(Address.tcp("localhost", 0)).withMaxMessageBytes(10_000);
    try (SyncManager server = new SyncManager(strict).start();
        SyncManager same =
            new SyncManager(strict.withAddress(server.address().orElseThrow())).connect()) {
      ConcurrentMap<String, Object> map = same.map();
      map.put("a", new Unlisted("x".repeat(10_000)));
      assertThat(((Unlisted) map.get("a")).content()).hasSize(10_000);
      map.merge("b", 1, (BiFunction<Object, Object, Object> & Serializable) (a, _) -> a);
      Address address = server.address().orElseThrow();
      try (Pipe pipe = Pipe.duplex()) {
        Connection told = pipe.second();
        JvmProcess other = JvmProcess.of(() -> tellWhatIsRefused(told, address));
        other.start();
        assertThat((String) pipe.first().recv())
            .startsWith("the request is longer than the server takes: bytes=");
        assertThat((String) pipe.first().recv())
            .contains("Unlisted; objects of this class are not taken here");
        other.join();
      }
    }
  }

  /// In a process of the session that knows the server by its address alone.
  private static void tellWhatIsRefused(Connection told, Address server) throws Exception {
    try (SyncManager client = new SyncManager(options(server)).connect()) {
      ConcurrentMap<String, Object> map = client.map();
      for (int length : List.of(10_000, 1)) {
        try {
          map.put("a", new Unlisted("x".repeat(length)));
        } catch (RuntimeException e) {
          told.send(String.valueOf(e.getMessage()));
        }
      }
    }
  }

  @Test
  void aServerThatIsStoppedIsKilledInTime() throws Exception {
    SyncManager stopped =
        new SyncManager(ManagerOptions.defaults().withShutdownLimit(Duration.ofMillis(100)))
            .start();
    List<Integer> list = stopped.list();
    long pid = stopped.process().orElseThrow().pid();
    new ProcessBuilder("kill", "-STOP", String.valueOf(pid)).start().waitFor();
    stopped.close();
    assertThat(stopped.process().orElseThrow().isAlive()).isFalse();
    assertThatThrownBy(list::size).isInstanceOf(ProcessException.class);
  }

  @Test
  void aManagerThatIsClosedHereSaysThatItWasClosedHere() throws Exception {
    SyncManager client = new SyncManager(options(manager.address().orElseThrow())).connect();
    SyncManager own = new SyncManager().start();
    for (SyncManager closed : List.of(client, own)) {
      closed.close();
      for (ThrowingCallable use :
          List.<ThrowingCallable>of(
              closed::list,
              closed::numberOfObjects,
              closed::debugInfo,
              () -> closed.pipeline(p -> {}),
              closed::start,
              closed::getServer)) {
        assertThatIllegalStateException()
            .isThrownBy(use)
            .withMessageStartingWith("closed in this process: manager=manager-");
      }
    }
    assertThat(client.address()).isPresent();
    assertThat(own.address()).isEmpty();
  }

  @Test
  void aServerThatSaysNothingIsNotWaitedForForEver() throws Exception {
    ConnectionOptions asServer = ConnectionOptions.defaults().withAuthKey(KEY);
    try (Listener listener = Listener.open(Address.tcp("localhost", 0), asServer)) {
      ConcurrentLinkedQueue<Connection> held = new ConcurrentLinkedQueue<>();
      Thread accepting =
          Thread.ofPlatform()
              .start(() -> {
                try {
                  while (true) {
                    held.add(listener.accept());
                  }
                } catch (IOException | InterruptedException e) {
                  held.forEach(Connection::close);
                }
              });
      assertThatThrownBy(() ->
              new SyncManager(options(listener.address()).withKeepAlive(Duration.ofMillis(100)))
                  .connect())
          .isInstanceOf(SocketTimeoutException.class)
          .hasMessageContaining("the server does not answer: address=");
      accepting.interrupt();
      accepting.join();
    }
  }

  @Test
  void resultsAreOfTheirClassWhateverWasPassedOn() {
    Shelf shelf = manager.create(SHELF);
    List<Object> list = manager.list();
    list.add(shelf); // from now on the server looks for what callers have passed on
    assertThat(shelf.names()).containsExactly("a", "b");
    assertThat(shelf.array()).containsExactly("a");
    assertThat(shelf.entries())
        .toIterable()
        .containsExactly(new SimpleEntry<>("a", 1), new SimpleEntry<>("b", 2));
    list.add(Map.of("shelf", shelf));
    list.add(Set.of(List.of(shelf)));
    list.add(new Object[] {shelf});
    assertThat(((Map<?, ?>) list.get(1)).get("shelf")).isEqualTo(shelf);
    assertThat((Set<?>) list.get(2)).hasSize(1);
    assertThat((Object[]) list.get(3)).containsExactly(shelf);
  }

  @Test
  void listsCanBeComparedCrosswise() throws Exception {
    List<Object> first = manager.list();
    List<Object> second = manager.list();
    for (int i = 0; i < 200; i++) {
      first.add(i);
      second.add(i);
    }
    Thread other =
        Thread.ofPlatform()
            .start(() -> {
              for (int i = 0; i < 500; i++) {
                assertThat(second.equals(first)).isTrue();
                boolean _ = second.removeAll(List.of("none"));
                boolean _ = second.contains(first);
              }
            });
    for (int i = 0; i < 500; i++) {
      assertThat(first.equals(second)).isTrue();
      boolean _ = first.contains(second);
    }
    other.join();
    assertThat(first.remove((Object) 7)).isTrue();
    assertThat(first.removeAll(List.of(8, 9))).isTrue();
    assertThat(first.retainAll(List.of(1, 2))).isTrue();
    assertThat(first).containsExactly(1, 2);
  }

  @Test
  void mapsSayWhatMustNotBeNull() {
    ConcurrentMap<String, Integer> map = manager.map();
    assertThatNullPointerException()
        .isThrownBy(() -> map.put("a", null))
        .withMessage("value must not be null: a managed map has no nulls");
    assertThatNullPointerException()
        .isThrownBy(() -> map.get(null))
        .withMessageStartingWith("key must not be null");
  }

  @Test
  void theHolderOfALockIsSaidToBeGoneOnlyIfItIs() throws Exception {
    ConcurrentLinkedQueue<String> said = new ConcurrentLinkedQueue<>();
    Handler handler =
        new Handler() {
          @Override
          public void publish(LogRecord log) {
            said.add(log.getMessage());
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    Logger logger = Logger.getLogger("io.procession.manager");
    logger.addHandler(handler);
    ManagerServer server = new SyncManager(options(Address.tcp("localhost", 0))).getServer();
    try {
      Thread serving =
          Thread.ofPlatform()
              .start(() -> {
                try {
                  server.serveForever();
                } catch (InterruptedException e) {
                  // that was its end
                }
              });
      ManagerOptions there = options(server.address().orElseThrow());
      SyncManager leaving = new SyncManager(there).connect();
      leaving.lock().lock();
      leaving.close();
      Awaitility.await()
          .atMost(Deadlines.LONG)
          .untilAsserted(() ->
              assertThat(said)
                  .singleElement()
                  .asString()
                  .contains("its process has ended, or closed its manager")
                  .contains("owner=thread ", " of process "));
      said.clear();
      SyncManager staying = new SyncManager(there).connect();
      Lock lock = staying.lock();
      lock.lock();
      server.close();
      serving.join();
      staying.close();
      assertThat(said).isEmpty();
    } finally {
      server.close();
      logger.removeHandler(handler);
    }
  }
}
