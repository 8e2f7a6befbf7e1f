package io.procession.manager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.procession.connection.Address;
import io.procession.connection.AuthKey;
import io.procession.connection.AuthenticationException;
import io.procession.connection.Client;
import io.procession.connection.Connection;
import io.procession.connection.ConnectionOptions;
import io.procession.process.JvmProcess;
import io.procession.process.ProcessException;
import io.procession.process.RemoteCallException;
import io.procession.serial.SerializableRunnable;
import io.procession.testing.ChildJvm;
import io.procession.testing.Deadlines;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.time.LocalDate;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Lock;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Managers of types of one's own, and servers that others connect to.
@Timeout(value = 60, unit = TimeUnit.SECONDS)
@SuppressWarnings("LockNotBeforeTry") // locks are what is tested
class BaseManagerIT {
  private static final AuthKey KEY = AuthKey.of("a key of this test");

  @SuppressWarnings("unchecked") // the class literal has no type arguments
  private static final Class<Comparable<Integer>> COMPARABLE =
      (Class<Comparable<Integer>>) (Class<?>) Comparable.class;

  interface Counter {
    int increment();

    int value();

    default int twice() {
      increment();
      return increment();
    }

    Counter self();

    Iterator<Integer> numbers(int count);

    void fail(String why) throws IOException;

    Object unsendable();

    long pid();
  }

  static final class OneCounter implements Counter {
    private final AtomicInteger count;

    OneCounter(int first) {
      count = new AtomicInteger(first);
    }

    @Override
    public int increment() {
      return count.incrementAndGet();
    }

    @Override
    public int value() {
      return count.get();
    }

    @Override
    public Counter self() {
      return this;
    }

    @Override
    public Iterator<Integer> numbers(int count) {
      return IntStream.range(0, count).iterator();
    }

    @Override
    public void fail(String why) throws IOException {
      throw new IOException(why);
    }

    @Override
    public Object unsendable() {
      return new Object();
    }

    @Override
    public long pid() {
      return ProcessHandle.current().pid();
    }

    @Override
    public String toString() {
      return "a counter at " + count;
    }
  }

  private static final ManagedType<Counter> COUNTER =
      ManagedType.taking(
              Counter.class, given -> new OneCounter(given.isEmpty() ? 0 : (int) given.getFirst()))
          .returningIterator("numbers");

  private static final ManagedType<Counter> CHAIN = COUNTER.returning("self", COUNTER);

  private record Unknown(int x) implements Serializable {}

  @Test
  void objectOfAnOwnTypeIsServed() throws Exception {
    try (BaseManager manager = new BaseManager().register(CHAIN).start()) {
      Counter counter = manager.create(CHAIN, 40);
      try (JvmProcess other = JvmProcess.of(() -> counter.twice())) {
        other.start();
      }
      assertThat(counter.value()).isEqualTo(42);
      assertThat(counter).hasToString("a counter at 42");
      assertThat(counter.pid()).isEqualTo(manager.process().orElseThrow().pid());
      assertThat(counter.self()).isEqualTo(counter).hasSameHashCodeAs(counter);
      assertThat(counter.self().increment()).isEqualTo(43);
      assertThat(counter.numbers(2000)).toIterable().hasSize(2000).endsWith(1999);
      assertThatThrownBy(() -> counter.fail("no reason"))
          .isExactlyInstanceOf(IOException.class)
          .hasMessage("no reason");
      assertThatThrownBy(counter::unsendable)
          .isInstanceOf(RemoteCallException.class)
          .hasMessageContaining("java.lang.Object");
      assertThat(counter.value()).isEqualTo(43);
      assertThat(manager.debugInfo()).contains("a counter at 43");
    }
  }

  @Test
  void methodThatIsNotExposedDoesNotExist() {
    try (BaseManager manager = new BaseManager().register(COUNTER.exposing("value")).start()) {
      Counter counter = manager.create(COUNTER);
      assertThat(counter.value()).isZero();
      assertThatThrownBy(counter::increment)
          .isInstanceOf(RemoteCallException.class)
          .hasMessageContaining("not exposed: method=increment");
    }
    assertThatThrownBy(() -> new BaseManager().register(COUNTER.exposing("no")).getServer())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("method=no");
  }

  @Test
  void mistakesAreToldBeforeAnythingHappens() throws Exception {
    BaseManager manager = new BaseManager();
    assertThatThrownBy(() -> manager.create(COUNTER))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("call start or connect");
    assertThatThrownBy(manager::connect).hasMessageContaining("use withAddress");
    assertThatThrownBy(() -> ManagedType.of(String.class, () -> ""))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("by an interface");
    manager.close();
    try (BaseManager started = new BaseManager().start()) {
      assertThatThrownBy(started::start).isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(() -> started.register(COUNTER)).isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(() -> started.create(COUNTER))
          .isInstanceOf(RemoteCallException.class)
          .hasMessageContaining("no such type: type=Counter");
    }
  }

  @Test
  void serverThatCannotBeginSaysWhy() {
    BaseManager manager = new BaseManager();
    assertThatThrownBy(() ->
            manager.start(() -> {
              throw new IllegalStateException("not today");
            }))
        .isInstanceOf(ProcessException.class)
        .hasMessageContaining("not today");
    BaseManager dying = new BaseManager();
    assertThatThrownBy(() -> dying.start(() -> Runtime.getRuntime().halt(3)))
        .isInstanceOfSatisfying(
            ProcessException.class,
            e -> assertThat(e.certificate().orElseThrow().exitCode()).isEqualTo(3));
  }

  @Test
  void othersConnectOverTcp() throws Exception {
    ManagerOptions options =
        ManagerOptions.defaults().withAddress(Address.tcp("localhost", 0)).withAuthKey(KEY);
    try (SyncManager manager = new SyncManager(options).start()) {
      Address address = manager.address().orElseThrow();
      try (ChildJvm stranger = ChildJvm.body(() -> useFromAfar(address)).start()) {
        assertThat(stranger.join(Deadlines.LONG)).as("%s", stranger.err()).isZero();
      }
      await().atMost(Deadlines.LONG).until(() -> manager.numberOfObjects() == 0);
    }
  }

  /// In a process of another session.
  private static void useFromAfar(Address address) throws Exception {
    ManagerOptions there = ManagerOptions.defaults().withAddress(address).withAuthKey(KEY);
    assertThatThrownBy(() -> new SyncManager(there.withAuthKey(AuthKey.of("another"))).connect())
        .isInstanceOf(AuthenticationException.class);
    SyncManager client = new SyncManager(there).connect();
    BlockingQueue<String> queue = client.queue();
    queue.put("over TCP");
    assertThat(queue.take()).isEqualTo("over TCP");
    List<Object> list = client.list();
    list.add(List.of(1, 2));
    list.add(TimeUnit.DAYS);
    list.add(LocalDate.of(2026, 1, 1));
    list.add(new TreeMap<>(Map.of("a", new int[] {1})));
    list.add(queue);
    assertThat(list.subList(0, 3))
        .containsExactly(List.of(1, 2), TimeUnit.DAYS, LocalDate.of(2026, 1, 1));
    assertThat(list.get(4)).isEqualTo(queue);
    for (Object refused :
        List.of(
            new Unknown(1),
            new Unknown[] {},
            List.of(new Unknown(1)),
            (SerializableRunnable) () -> System.exit(1),
            new java.util.Random())) {
      assertThatThrownBy(() -> list.add(refused))
          .as("%s", refused)
          .isInstanceOf(RemoteCallException.class)
          .hasMessageContaining("cannot be read");
    }
    assertThat(list).hasSize(5);
    Lock lock = client.lock();
    lock.lock();
    assertThatThrownBy(lock::lock).isInstanceOf(IllegalMonitorStateException.class);
  }

  @Test
  void garbageEndsItsConnectionOnly() throws Exception {
    ManagerOptions options =
        ManagerOptions.defaults().withAddress(Address.tcp("localhost", 0)).withAuthKey(KEY);
    try (SyncManager manager = new SyncManager(options).start()) {
      List<Integer> list = manager.list(List.of(1));
      ConnectionOptions hostile = ConnectionOptions.defaults().withAuthKey(KEY);
      Address address = manager.address().orElseThrow();
      try (Connection connection = Client.connect(address, hostile)) {
        connection.sendBytes(new byte[] {127, 2, 3, 4, 5});
        assertThat((Object[]) connection.recv()).startsWith("#REFUSED");
        assertThatThrownBy(connection::recv).isInstanceOf(IOException.class);
      }
      try (Connection connection = Client.connect(address, hostile)) {
        connection.send("hello");
        assertThat((Object[]) connection.recv()).startsWith("#REFUSED");
      }
      assertThat(list).containsExactly(1);
    }
  }

  @Test
  void serverServesInThisProcessToo() throws Exception {
    ManagerOptions options =
        ManagerOptions.defaults().withAddress(Address.tcp("localhost", 0)).withAuthKey(KEY);
    ManagerServer server = new BaseManager(options).register(COUNTER).getServer();
    Thread serving =
        Thread.ofPlatform()
            .start(() -> {
              try {
                server.serveForever();
              } catch (InterruptedException e) {
                // that was its end
              }
            });
    ManagedType<Counter> named = ManagedType.named("Counter", Counter.class);
    BaseManager client =
        new BaseManager(options.withAddress(server.address().orElseThrow()))
            .register(named)
            .connect();
    Counter counter = client.create(named, 1);
    assertThat(counter.increment()).isEqualTo(2);
    server.close();
    serving.join();
    assertThatThrownBy(counter::value).isInstanceOf(ProcessException.class);
    client.close();
    assertThatThrownBy(
            () -> new BaseManager(options.withAddress(server.address().orElseThrow())).connect())
        .isInstanceOf(IOException.class)
        .isNotInstanceOf(UncheckedIOException.class);
  }

  /// Its class loader knows nothing of this library.
  @Test
  void interfacesOfTheJdkAreServed() throws Exception {
    ManagedType<Comparable<Integer>> five =
        ManagedType.of(COMPARABLE, () -> other -> Integer.compare(5, other));
    try (BaseManager manager = new BaseManager().register(five).start()) {
      Comparable<Integer> proxy = manager.create(five);
      assertThat(proxy.compareTo(4)).isOne();
      JvmProcess other = JvmProcess.of(() -> System.exit(proxy.compareTo(5) == 0 ? 0 : 1));
      other.start();
      other.join();
      assertThat(other.exitCode()).as("%s", other.certificate()).hasValue(0);
      other.close();
    }
  }
}
