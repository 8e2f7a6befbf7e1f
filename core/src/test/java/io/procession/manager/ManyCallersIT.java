package io.procession.manager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.procession.connection.Address;
import io.procession.connection.AuthKey;
import io.procession.process.RemoteCallException;
import io.procession.sync.Barrier;
import io.procession.testing.ChildJvm;
import io.procession.testing.Deadlines;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Many callers of one server at a time, each with two connections, as processes elsewhere have.
@Timeout(value = 240, unit = TimeUnit.SECONDS)
class ManyCallersIT {
  private static final int CALLERS = Integer.getInteger("procession.test.callers", 300);
  private static final int OF_A_PROCESS = 1_250;
  private static final int CALLS = 20;
  private static final int AT_ONCE = 600;
  private static final String KEY = "a key of this test";

  private static final int RESULT_BYTES = 8 << 20;
  private static final long MOST_BYTES = 64L << 20;
  private static final int TAKERS = 24; // more than the 16 connections that a server always has

  interface Words {
    void put(String word) throws InterruptedException;

    String take() throws InterruptedException;

    int size();
  }

  /// One for all callers.
  private static final class OnlyWords extends LinkedBlockingQueue<String> implements Words {
    private static final long serialVersionUID = 1L;
    static final OnlyWords ALL = new OnlyWords();
  }

  private static final ManagedType<Words> WORDS = ManagedType.of(Words.class, () -> OnlyWords.ALL);

  private static ManagerOptions options() {
    return ManagerOptions.defaults()
        .withAddress(Address.tcp("localhost", 0))
        .withKeepAlive(Duration.ofMinutes(5)) // these callers do not say that they live
        .withAuthKey(AuthKey.of(KEY));
  }

  private static SyncManager started() {
    return new SyncManager(options()).start();
  }

  private static long pid(SyncManager manager) {
    return manager.process().orElseThrow().pid();
  }

  private static long descriptors(SyncManager manager) {
    try (Stream<Path> all = Files.list(Path.of("/proc/" + pid(manager) + "/fd"))) {
      return all.count();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /// A figure of the server's process, as the system has it.
  private static long status(SyncManager manager, String name) throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/" + pid(manager) + "/status"))) {
      if (line.startsWith(name + ":")) {
        return Long.parseLong(line.replaceAll("\\D", ""));
      }
    }
    throw new AssertionError(name);
  }

  /// Callers that are all there at once, and then all call.
  private static void crowd(Address address, String list, int callers) throws Exception {
    List<RawCaller[]> there = new ArrayList<>();
    long start = System.nanoTime();
    for (int i = 0; i < callers; i++) {
      there.add(RawCaller.calling(address, KEY));
    }
    long connected = System.nanoTime();
    System.out.println("there");
    if (callers > CALLERS / 2 && CALLERS <= OF_A_PROCESS) {
      call(list, there, connected - start);
    } else {
      System.in.read(); // until all the others are there too
      call(list, there, connected - start);
    }
    for (RawCaller[] lines : there) {
      lines[0].close();
      lines[1].close();
    }
  }

  private static void call(String list, List<RawCaller[]> there, long connecting) throws Exception {
    List<Future<long[]>> times = new ArrayList<>();
    long start = System.nanoTime();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (RawCaller[] lines : there) {
        times.add(
            threads.submit(() -> {
              long[] nanos = new long[CALLS];
              for (int i = 0; i < CALLS; i++) {
                long before = System.nanoTime();
                assertThat(lines[1].call(list, "get", 0)).containsExactly("#RETURN", "x");
                nanos[i] = System.nanoTime() - before;
              }
              return nanos;
            }));
      }
    }
    long took = System.nanoTime() - start;
    List<long[]> all = new ArrayList<>();
    for (Future<long[]> one : times) {
      all.add(one.get());
    }
    long[] sorted = all.stream().flatMapToLong(Arrays::stream).sorted().toArray();
    System.out.println(
        String.format(
            Locale.ROOT,
            "callers %d: connected in %.2f s; %d calls each at once, %.0f calls/s, median %.2f ms,"
                + " 99th percentile %.1f ms",
            there.size(),
            connecting / 1e9,
            CALLS,
            sorted.length * 1e9 / took,
            sorted[sorted.length / 2] / 1e6,
            sorted[sorted.length * 99 / 100] / 1e6));
  }

  @Test
  void allAreServedAndNothingIsLeft() throws Exception {
    try (SyncManager manager = started()) {
      Address address = manager.address().orElseThrow();
      List<String> list = manager.list(List.of("x"));
      String id = BaseProxy.of(list).id();
      long descriptors = descriptors(manager);
      if (CALLERS <= OF_A_PROCESS) {
        crowd(address, id, CALLERS);
      } else {
        crowds(manager, address, id);
      }
      assertThat(status(manager, "Threads")).isLessThan(100);
      Awaitility.await()
          .atMost(Deadlines.LONG)
          .until(() -> descriptors(manager) <= descriptors + 8);
      assertThat(list).containsExactly("x");
    }
  }

  private static void crowds(SyncManager manager, Address address, String id) throws IOException {
    long descriptors = descriptors(manager);
    long before = status(manager, "VmRSS");
    List<ChildJvm> processes = new ArrayList<>();
    try {
      for (int rest = CALLERS; rest > 0; rest -= OF_A_PROCESS) {
        int callers = Math.min(rest, OF_A_PROCESS);
        processes.add(ChildJvm.body(() -> crowd(address, id, callers)).start());
      }
      for (ChildJvm process : processes) {
        String _ = process.awaitLine("there");
      }
      assertThat(descriptors(manager)).isGreaterThanOrEqualTo(descriptors + 2L * CALLERS);
      System.out.println(
          CALLERS
              + " callers at a server: "
              + (status(manager, "VmRSS") - before)
              + " kB more resident, "
              + status(manager, "Threads")
              + " threads, "
              + descriptors(manager)
              + " descriptors");
      processes.forEach(process -> process.send("all are there"));
      for (ChildJvm process : processes) {
        process.succeed();
        System.out.print(process.out());
      }
    } finally {
      processes.forEach(ChildJvm::close);
    }
  }

  /// Many threads that begin at once are many strangers to the listener until they have shown the key.
  @Test
  void threadsThatBeginAtOnceAreServed() {
    try (SyncManager manager = started()) {
      Address address = manager.address().orElseThrow();
      try (ChildJvm caller = ChildJvm.body(() -> beginAtOnce(address)).start()) {
        caller.succeed(Deadlines.LONG.multipliedBy(3));
      }
    }
  }

  private static void beginAtOnce(Address address) throws Exception {
    SyncManager client =
        new SyncManager(ManagerOptions.defaults().withAddress(address).withAuthKey(AuthKey.of(KEY)))
            .connect();
    Barrier all = client.barrier(AT_ONCE);
    List<Future<Integer>> arrivals = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < AT_ONCE; i++) {
        arrivals.add(threads.submit(() -> all.await()));
      }
      for (Future<Integer> arrival : arrivals) {
        assertThat(arrival.get()).isLessThan(AT_ONCE);
      }
    }
    client.close();
  }

  /// What a server has for the objects of all.
  interface Heap {
    long used();
  }

  private static final ManagedType<Heap> HEAP =
      ManagedType.of(
          Heap.class,
          () ->
              () -> {
                System.gc();
                return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
              });

  /// Who has fetched much once, and rests, has none of the server's memory, whether it has said how much it takes or not.
  @Test
  void whoRestsHasNoMemoryOfTheServer() throws Exception {
    try (SyncManager manager = new SyncManager(options()).register(HEAP).start()) {
      Address address = manager.address().orElseThrow();
      List<byte[]> list = manager.list();
      for (int i = 0; i < 32; i++) {
        list.add(new byte[RESULT_BYTES / 32]);
      }
      String id = BaseProxy.of(list).id();
      Heap heap = manager.create(HEAP);
      long before = heap.used();
      List<RawCaller[]> callers = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        RawCaller[] lines = RawCaller.calling(address, KEY, i % 2 == 0 ? MOST_BYTES : null);
        callers.add(lines);
        lines[1].send(new Object[] {id, "#GETVALUE", new Object[0], 1L});
        assertThat(lines[1].frame()).hasSizeGreaterThan(RESULT_BYTES);
      }
      Awaitility.await() // the server is done with a reply a little after it has come
          .atMost(Deadlines.LONG)
          .untilAsserted(() -> assertThat(heap.used()).isLessThan(before + RESULT_BYTES / 2));
      for (RawCaller[] lines : callers) {
        assertThat(lines[1].call(id, "size")).containsExactly("#RETURN", 32);
        lines[0].close();
        lines[1].close();
      }
    }
  }

  /// A listener drops who is not finished when too many come.
  @Test
  void whoWasDroppedTriesAgain() throws Exception {
    try (SyncManager manager = started();
        Forwarder network = Forwarder.before(manager)) {
      network.dropFirst(6);
      Address address = network.address();
      try (ChildJvm caller =
          ChildJvm.body(
                  () -> {
                    SyncManager client =
                        new SyncManager(
                                ManagerOptions.defaults()
                                    .withAddress(address)
                                    .withAuthKey(AuthKey.of(KEY)))
                            .connect();
                    assertThat(client.list(List.of(1))).hasSize(1);
                    client.close();
                  })
              .start()) {
        caller.succeed();
      }
    }
  }

  /// Has a server use up the few descriptors that it may have from now on.
  ///
  /// @return those that did, the last of whom was refused
  private static List<RawCaller> fill(SyncManager manager) throws Exception {
    assumeThat(Files.isExecutable(Path.of("/usr/bin/prlimit")))
        .as("prlimit, which sets the limit of another process")
        .isTrue();
    long highest = 450 + 40; // what it keeps for itself, and some
    Process limit =
        new ProcessBuilder(
                "/usr/bin/prlimit", "--pid=" + pid(manager), "--nofile=" + highest + ":20000")
            .inheritIO()
            .start();
    assertThat(limit.waitFor()).isZero();
    Address address = manager.address().orElseThrow();
    List<RawCaller> callers = new ArrayList<>();
    Awaitility.await() // the server looks at the limit now and then
        .atMost(Deadlines.LONG)
        .until(() -> {
          RawCaller caller = RawCaller.known(address, KEY);
          callers.add(caller);
          caller.send(RawCaller.greeting("caller-" + callers.size(), "control", 0));
          Object[] reply = caller.receive();
          return String.valueOf(reply[1]).contains("too many connections");
        });
    return callers;
  }

  /// In a process of another session: more threads wait than the server has room for.
  private static void waitForElements(Address address) throws Exception {
    SyncManager client = new SyncManager(options().withAddress(address)).register(WORDS).connect();
    Words words = client.create(WORDS);
    List<Future<?>> takers = new ArrayList<>();
    List<Throwable> refusals = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < TAKERS; i++) {
        takers.add(
            threads.submit(() -> {
              try {
                return words.take();
              } catch (RuntimeException e) {
                System.out.println("refused");
                throw e;
              }
            }));
      }
    }
    for (Future<?> taker : takers) {
      if (taker.state() == Future.State.FAILED) {
        refusals.add(taker.exceptionNow());
      }
    }
    assertThat(refusals)
        .isNotEmpty()
        .allSatisfy(refusal ->
            assertThat(refusal)
                .isInstanceOf(RemoteCallException.class)
                .hasMessageContaining("take of manager-")
                .hasMessageContaining(" was refused: too many connections: most=16"));
    for (int i = 0; i < TAKERS; i++) { // by lines that were not refused
      assertThat(words.size()).isEqualTo(refusals.size());
    }
    client.close();
  }

  /// Who is refused another connection is told why, and goes on with those that it has.
  @Test
  void threadsThatAreTooManyAreToldSo() throws Exception {
    try (SyncManager manager = new SyncManager(options()).register(WORDS).start()) {
      Address address = manager.address().orElseThrow();
      fill(manager).forEach(RawCaller::close);
      Words words = manager.create(WORDS);
      try (ChildJvm caller = ChildJvm.body(() -> waitForElements(address)).start()) {
        String _ = caller.awaitLine("refused");
        assertThatThrownBy(() -> new SyncManager(options().withAddress(address)).connect())
            .isInstanceOf(IOException.class)
            .hasMessageContaining(" has refused the connection: too many connections: most=16");
        for (int i = 0; i < TAKERS; i++) {
          words.put("word");
        }
        caller.succeed();
      }
    }
  }

  /// A server that has no descriptor left refuses new callers, says why, and serves those it has.
  @Test
  void serverWithoutDescriptorsServesThoseItHas() throws Exception {
    try (SyncManager manager = started()) {
      Address address = manager.address().orElseThrow();
      List<String> list = manager.list(List.of("x"));
      String id = BaseProxy.of(list).id();
      RawCaller[] first = RawCaller.calling(address, KEY);
      assertThat(first[1].call(id, "get", 0)).containsExactly("#RETURN", "x");
      List<RawCaller> more = fill(manager);
      assertThat(more).hasSizeBetween(10, 200);
      for (int i = 0; i < 100; i++) {
        assertThat(first[1].call(id, "get", 0)).containsExactly("#RETURN", "x");
      }
      assertThat(list).containsExactly("x");
      more.forEach(RawCaller::close);
      RawCaller[] later =
          Awaitility.await()
              .atMost(Deadlines.LONG)
              .ignoreExceptions()
              .until(() -> RawCaller.calling(address, KEY), lines -> true);
      assertThat(later[1].call(id, "get", 0)).containsExactly("#RETURN", "x");
      for (RawCaller[] lines : List.of(first, later)) {
        lines[0].close();
        lines[1].close();
      }
    }
  }
}
