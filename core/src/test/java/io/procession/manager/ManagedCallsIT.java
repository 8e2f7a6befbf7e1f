package io.procession.manager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.procession.connection.Address;
import io.procession.connection.AuthKey;
import io.procession.pool.TaskPool;
import io.procession.process.JvmProcess;
import io.procession.process.RemoteCallException;
import io.procession.serial.StandInException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Where a call is carried out, by which way it gets there, and what comes back.
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class ManagedCallsIT {
  private static final String KEY = "a key of this test";

  /// Of 2,000 elements: a batch may be cut short where the server is slow, so this is not the least.
  private static final int FEW_TRIPS = 100;

  private static SyncManager manager;

  interface Place {
    long pid();

    /// Would not be the same if the caller ran it.
    default long own() {
      return ProcessHandle.current().pid();
    }

    void fail(String why) throws Unsendable;

    Iterator<Integer> numbers(int end);
  }

  static final class Unsendable extends Exception {
    private static final long serialVersionUID = 1L;

    @SuppressWarnings({"serial", "unused"}) // it is why this cannot be sent
    private final Object part = new Object();

    Unsendable(String why) {
      super(why);
    }
  }

  static final class Server implements Place {
    @Override
    public long pid() {
      return ProcessHandle.current().pid();
    }

    @Override
    public void fail(String why) throws Unsendable {
      throw new Unsendable(why);
    }

    @Override
    public Iterator<Integer> numbers(int end) {
      return IntStream.range(0, end).iterator();
    }
  }

  private static final ManagedType<Place> PLACE =
      ManagedType.<Place>of(Place.class, Server::new).returningIterator("numbers");

  private static final ManagedType<Place> DEFAULT_ONLY =
      ManagedType.<Place>of(Place.class, Server::new).withName("DefaultOnly").exposing("own");

  @BeforeAll
  static void start() {
    ManagerOptions options =
        ManagerOptions.defaults()
            .withAddress(Address.tcp("localhost", 0))
            .withAuthKey(AuthKey.of(KEY));
    manager = new SyncManager(options).register(PLACE).register(DEFAULT_ONLY).start();
  }

  @AfterAll
  static void shutDown() {
    manager.close();
  }

  @Test
  void defaultMethodsRunAtTheServer() {
    long server = manager.process().orElseThrow().pid();
    Place place = manager.create(PLACE);
    assertThat(place.own()).isEqualTo(place.pid()).isEqualTo(server);
    Place only = manager.create(DEFAULT_ONLY);
    assertThat(only.own()).isEqualTo(server);
    assertThatThrownBy(only::pid).hasMessageContaining("not exposed: method=pid");
  }

  @Test
  void exceptionOfTheObjectHasTheServersStack() {
    List<Integer> list = manager.list();
    assertThatThrownBy(() -> list.get(7))
        .isInstanceOf(IndexOutOfBoundsException.class)
        .satisfies(e ->
            assertThat(e.getStackTrace())
                .extracting(StackTraceElement::getClassName)
                .contains(ServedList.class.getName())
                .doesNotContain(ListProxy.class.getName(), ManagedCallsIT.class.getName()));
  }

  @Test
  void exceptionThatCannotBeSentIsToldByAnother() {
    Place place = manager.create(PLACE);
    assertThatThrownBy(() -> place.fail("for no reason"))
        .isInstanceOf(RemoteCallException.class)
        .hasMessageContaining("fail of manager-")
        .hasMessageContaining("Unsendable: for no reason")
        .cause()
        .isInstanceOfSatisfying(
            StandInException.class,
            e -> {
              assertThat(e.originalClassName()).isEqualTo(Unsendable.class.getName());
              assertThat(e).hasMessage("for no reason");
              assertThat(e.getStackTrace()[0].getClassName()).isEqualTo(Server.class.getName());
              assertThat(e.getStackTrace()[0].getMethodName()).isEqualTo("fail");
            });
    assertThat(place.own()).isPositive();
  }

  private static long trips(ThrowingCallable action) {
    long before = manager.link().requests();
    try {
      action.call();
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
    return manager.link().requests() - before;
  }

  @Test
  void elementsAreFetchedManyAtATime() {
    Place place = manager.create(PLACE);
    assertThat(trips(() -> assertThat(place.numbers(2_000)).toIterable().hasSize(2_000)))
        .as("generator")
        .isBetween(3L, (long) FEW_TRIPS);
    List<Integer> many = IntStream.range(0, 2_000).boxed().toList();
    Set<Integer> set = manager.set(many);
    ConcurrentMap<Integer, Integer> map =
        manager.map(many.stream().collect(Collectors.toMap(Function.identity(), x -> -x)));
    BlockingQueue<Integer> queue = manager.queue();
    queue.addAll(many);
    for (Iterable<?> each : Arrays.asList(set, map.keySet(), map.values(), map.entrySet(), queue)) {
      assertThat(
              trips(() -> {
                int count = 0;
                for (Object _ : each) {
                  count++;
                }
                assertThat(count).isEqualTo(2_000);
              }))
          .as("%s", each.getClass())
          .isBetween(1L, (long) FEW_TRIPS);
    }
  }

  /// How many connections this machine has to a port.
  private static long connectionsTo(int port) throws IOException {
    String ending = ":%04X".formatted(port);
    long count = 0;
    for (String table : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
      for (String line : Files.readAllLines(Path.of(table))) {
        String[] fields = line.strip().split(" +", -1);
        boolean isEstablished = fields[3].equals("01");
        count += isEstablished && fields[2].endsWith(ending) ? 1 : 0;
      }
    }
    return count;
  }

  @Test
  void processesOfTheSessionNeedNoConnectionThoughThereIsAnAddress() throws Exception {
    assumeTrue(Files.exists(Path.of("/proc/net/tcp6")));
    Address address = manager.address().orElseThrow();
    int port = ((Address.Tcp) address).port();
    List<Long> seen = manager.list();
    for (int i = 0; i < 20; i++) {
      seen.add(connectionsTo(port));
    }
    try (JvmProcess child =
        JvmProcess.of(() -> {
          for (int i = 0; i < 20; i++) {
            seen.add(connectionsTo(port));
          }
        })) {
      child.start();
      child.join();
      assertThat(child.exitCode()).as("%s", child.certificate()).hasValue(0);
    }
    assertThat(seen).hasSize(40).containsOnly(0L);
    try (RawCaller _ = RawCaller.known(address, KEY)) {
      assertThat(connectionsTo(port)).as("of a stranger").isOne();
    }
  }

  @Test
  void poolHasAWorkerForEachProcessor() throws Exception {
    try (TaskPool pool = manager.pool()) {
      assertThat(pool.processes()).isEqualTo(io.procession.Procession.usableCpuCount());
      assertThat(pool.map(x -> x + 1, List.of(1, 2, 3))).containsExactly(2, 3, 4);
    }
  }
}
