package io.procession.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.procession.process.JvmProcess;
import io.procession.process.LaunchOptions;
import io.procession.serial.ByteSink;
import io.procession.serial.Codec;
import io.procession.serial.NotSendableException;
import io.procession.serial.SerializableFunction;
import io.procession.testing.ChildJvm;
import io.procession.testing.Deadlines;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What users of other pools of processes complain of, each with its answer.
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class PoolComplaintsIT {
  private static ProcessPool pool;

  @TempDir Path folder;

  @BeforeAll
  static void open() {
    pool = ProcessPool.open(2);
  }

  @AfterAll
  static void close() {
    pool.close();
  }

  private static List<Integer> numbers(int count) {
    return IntStream.range(0, count).boxed().toList();
  }

  /// Waits for a file at a number.
  private SerializableFunction<Integer, Integer> gatedAt(int number) {
    String gate = folder.resolve("gate-" + number).toString();
    return x -> {
      if (x == number) {
        Files.createFile(Path.of(gate + "-reached"));
        await().atMost(Deadlines.LONG).until(() -> Files.exists(Path.of(gate)));
      }
      return x;
    };
  }

  /// "`Pool.map` hangs for ever after a child was killed."
  @Test
  void mapWhoseWorkersAreKilledEnds() {
    SerializableFunction<Integer, Integer> gated = gatedAt(3);
    AsyncResult<List<Integer>> map = pool.mapAsync(gated, numbers(100), 10);
    await().atMost(Deadlines.LONG).until(() -> Files.exists(folder.resolve("gate-3-reached")));
    pool.workers().forEach(JvmProcess::kill);

    assertThatThrownBy(() -> map.get(50, TimeUnit.SECONDS))
        .cause()
        .isInstanceOf(TaskException.class)
        .hasCauseInstanceOf(WorkerDiedException.class);
    assertThat(pool.map(x -> x, numbers(100))).isEqualTo(numbers(100));
  }

  /// "A process in the process pool was terminated abruptly": one death breaks the executor and
  /// fails all that was submitted.
  @Test
  void deathOfOneTaskFailsNoOther() {
    List<AsyncResult<Integer>> others = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      others.add(pool.applyAsync(x -> x, i));
    }
    AsyncResult<Integer> deadly =
        pool.applyAsync(
            code -> {
              Runtime.getRuntime().halt(code);
              return code;
            },
            9);
    for (int i = 50; i < 200; i++) {
      others.add(pool.applyAsync(x -> x, i));
    }

    assertThatThrownBy(deadly::join).rootCause().isInstanceOf(WorkerDiedException.class);
    for (int i = 0; i < 200; i++) {
      assertThat(others.get(i).join()).isEqualTo(i);
    }
  }

  /// A result or an exception that cannot be sent, or cannot be read here, hangs the pool.
  @Test
  void resultsAndExceptionsThatCannotTravelAreToldOf() {
    List<AsyncResult<Object>> results = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      results.add(pool.applyAsync(PoolComplaintsIT::neverArrives, i));
    }
    for (AsyncResult<Object> result : results) {
      assertThatThrownBy(() -> result.get(50, TimeUnit.SECONDS))
          .cause()
          .isInstanceOf(TaskException.class)
          .hasCauseInstanceOf(Exception.class);
    }
    assertThatThrownBy(() -> pool.map(PoolComplaintsIT::neverArrives, numbers(20)))
        .isInstanceOf(TaskException.class);
    var outcomes = pool.imap(PoolComplaintsIT::neverArrives, numbers(20));
    for (int i = 0; i < 20; i++) {
      assertThatThrownBy(() -> outcomes.next(Duration.ofSeconds(50)))
          .isInstanceOf(TaskException.class);
    }
    assertThat(outcomes.hasNext()).isFalse();
  }

  private static Object neverArrives(int number) throws Unsendable {
    return switch (number % 3) {
      case 0 -> Thread.currentThread();
      case 1 -> new Unreadable();
      default -> throw new Unsendable();
    };
  }

  private static final class Unreadable implements java.io.Serializable {
    private static final long serialVersionUID = 1L;

    private void readObject(java.io.ObjectInputStream in) {
      throw new IllegalStateException("not here");
    }
  }

  private static final class Unsendable extends Exception {
    private static final long serialVersionUID = 1L;

    @SuppressWarnings({"serial", "unused"})
    private final Thread thread = Thread.currentThread();
  }

  /// "`imap` reads my whole generator and fills memory."
  @Test
  void inputsAreNotReadBeforeTheyAreNeeded() {
    var read = new AtomicInteger();
    Iterable<Integer> endless = () -> Stream.generate(read::getAndIncrement).iterator();
    try (var ordered = pool.imap(gatedAt(0), endless);
        var unordered = pool.imapUnordered(x -> x, endless)) {
      int before = read.get();
      assertThat(unordered.hasNext()).isTrue();
      assertThat(ordered.hasNext()).isTrue();
      assertThat(before).isLessThan(1_000);
      assertThat(read.get()).isLessThan(1_000);
    }
  }

  /// "`map` of a large list pickles all of it before the first task begins."
  @Test
  void tasksBeginBeforeTheLastInputIsRead() {
    String seen = folder.resolve("seen").toString();
    Iterable<Integer> inputs =
        () -> Stream.iterate(0, i -> i + 1).limit(5_000).peek(i -> awaitSeen(i, seen)).iterator();

    assertThat(
            pool.map(
                x -> {
                  if (x == 0) {
                    Files.createFile(Path.of(seen));
                  }
                  return x;
                },
                inputs))
        .isEqualTo(numbers(5_000));
  }

  private static void awaitSeen(int number, String seen) {
    if (number == 4_999) {
      await().atMost(Deadlines.LONG).until(() -> Files.exists(Path.of(seen)));
    }
  }

  /// "daemonic processes are not allowed to have children": pools in tasks of pools.
  @Test
  void poolsNest() {
    List<Integer> sums =
        pool.map(
            x -> {
              try (ProcessPool inner = ProcessPool.open(1)) {
                return inner.map(y -> y + 1, List.of(x)).getFirst();
              }
            },
            List.of(1, 2));

    assertThat(sums).containsExactly(2, 3);
  }

  /// "Cannot pickle": and nobody says what.
  @Test
  void whatCannotBeSentIsNamedWithTheWayToIt() {
    Iterator<Object> inputs = List.<Object>of(1, List.of("fine", new Object())).iterator();

    assertThatThrownBy(() -> pool.map(x -> x, () -> inputs))
        .isInstanceOf(NotSendableException.class)
        .hasMessageContaining("java.lang.Object");
  }

  /// "A worker that is killed takes the queue's lock along": each worker dies with its ring's lock.
  @Test
  void lockOfTheTransportDoesNotDieWithItsHolder() {
    List<String> points =
        Integer.getInteger("procession.test.kills", 20) > 20
            ? List.of("RING_HEAD_MOVED:3", "RING_TAIL_MOVED:3")
            : List.of("RING_HEAD_MOVED:3");
    for (String point : points) {
      var options =
          PoolOptions.defaults()
              .withProcesses(1)
              .withRetries(20)
              .withLaunch(LaunchOptions.defaults().withSystemProperty("procession.crash", point));
      try (ProcessPool fragile = ProcessPool.open(options)) {
        List<Long> pids = fragile.map(_ -> ProcessHandle.current().pid(), numbers(4), 1);
        assertThat(pids).hasSize(4);
        assertThat(Set.copyOf(pids)).as(point).hasSizeGreaterThan(1);
      }
    }
  }

  /// "The workers stay when my program was killed."
  @Test
  void workersEndWithTheirKilledParent() {
    try (var parent = ChildJvm.body(PoolComplaintsIT::openAPool).start()) {
      String line = parent.awaitLine("worker ");
      ProcessHandle worker = ProcessHandle.of(Long.parseLong(line.strip())).orElseThrow();
      parent.kill();
      await().atMost(Deadlines.LONG).until(() -> !worker.isAlive());
    }
  }

  private static void openAPool() throws InterruptedException {
    ProcessPool open = ProcessPool.open(1);
    long pid = open.apply(() -> ProcessHandle.current().pid());
    System.out.println("worker " + pid);
    var _ =
        open.applyAsync(() -> {
          while (true) {
            Thread.onSpinWait();
          }
        });
    Thread.currentThread().join();
  }

  /// A pool by its parts, and tasks of it that sleep.
  private static final class Parts {
    private static final SerializableFunction<Long, Integer> SLEEP =
        millis -> {
          Thread.sleep(millis);
          return 1;
        };

    private final Dispatcher dispatcher;
    private final Crew crew;
    private final CallbackLane lane = new CallbackLane();
    private final Codec codec = Codec.standard();

    Parts(int processes) {
      var options = PoolOptions.defaults().withProcesses(processes);
      dispatcher = new Dispatcher("failing", options);
      crew = Crew.open("failing", options, dispatcher);
    }

    AsyncResult<Integer> sleep(long millis) {
      long id = dispatcher.nextId();
      return AsyncResult.of(lane, dispatcher, codec, id, message(id, millis), null, null);
    }

    ByteSink message(long id, long millis) {
      return TaskLayout.apply(id, codec, SLEEP, millis, TaskLayout.open());
    }

    void assertThatAllEnd(List<AsyncResult<Integer>> results, Class<? extends Throwable> cause) {
      for (AsyncResult<Integer> result : results) {
        assertThatThrownBy(() -> result.get(50, TimeUnit.SECONDS))
            .cause()
            .isInstanceOf(TaskException.class)
            .hasMessageContaining("a thread of the pool failed")
            .hasCauseInstanceOf(cause);
      }
      assertThatThrownBy(() -> sleep(1)).isInstanceOf(IllegalStateException.class);
    }
  }

  /// "A thread of the pool fails, and all futures wait for ever."
  @Test
  void futuresEndWhenAThreadOfThePoolFails() {
    Parts pool = new Parts(1);
    try {
      List<AsyncResult<Integer>> results =
          List.of(pool.sleep(100_000), pool.sleep(100_000), pool.sleep(100_000));
      pool.crew.fail("a thread of the pool failed", new InternalError("of the test"));
      pool.assertThatAllEnd(results, InternalError.class);
    } finally {
      pool.crew.terminate();
    }
  }

  /// The thread that reads a worker's results has no memory to hand one on, again and again.
  @Test
  void futuresEndWhenAResultCannotBeHandedOn() {
    Parts pool = new Parts(1);
    try {
      AsyncResult<Integer> before = pool.sleep(100_000);
      AtomicInteger tries = new AtomicInteger();
      long id = pool.dispatcher.nextId();
      Object[] elements = {0L};
      var sleep = new FunctionBytes(pool.codec, Parts.SLEEP);
      ByteSink message = TaskLayout.chunk(id, TaskLayout.MAP, pool.codec, sleep, elements);
      pool.dispatcher.submit(new ChunkJob(id, message, 0, 1, true, noMemory(tries)), false);
      List<AsyncResult<Integer>> behind = List.of(pool.sleep(100_000), pool.sleep(100_000));
      before.cancel(true); // the worker comes to it
      pool.assertThatAllEnd(behind, Error.class);
      assertThat(tries).hasValueGreaterThan(1);
    } finally {
      pool.crew.terminate();
    }
  }

  private static LinkedBlockingQueue<ChunkJob.Arrival> noMemory(AtomicInteger tries) {
    return new LinkedBlockingQueue<>() {
      private static final long serialVersionUID = 1L;

      @Override
      public boolean add(ChunkJob.Arrival arrival) {
        tries.incrementAndGet();
        throw new OutOfMemoryError("of the test");
      }
    };
  }

  /// "How do I give my workers a flag?"
  @Test
  void workersHaveFlagsClassPathEnvironmentAndFolderOfTheirOwn() throws Exception {
    Path extra = Files.createDirectories(folder.resolve("extra"));
    Files.writeString(extra.resolve("note.txt"), "found");
    var launch =
        LaunchOptions.defaults()
            .withJvmFlags("-Xss640k")
            .withMaxHeap(48 << 20)
            .withSystemProperty("of.worker", "p")
            .withEnvironment("OF_WORKER", "e")
            .withWorkingFolder(extra)
            .withClassPath(extra);
    try (ProcessPool own =
        ProcessPool.open(PoolOptions.defaults().withProcesses(1).withLaunch(launch))) {
      List<String> seen =
          own.apply(() ->
              List.of(
                  String.valueOf(
                      ManagementFactory.getRuntimeMXBean()
                          .getInputArguments()
                          .contains("-Xss640k")),
                  String.valueOf(Runtime.getRuntime().maxMemory() <= 48 << 20),
                  System.getProperty("of.worker"),
                  System.getenv("OF_WORKER"),
                  Path.of("").toAbsolutePath().getFileName().toString(),
                  new String(
                      ClassLoader.getSystemResourceAsStream("note.txt").readAllBytes(),
                      StandardCharsets.UTF_8)));
      assertThat(seen).containsExactly("true", "true", "p", "e", "extra", "found");
    }
  }
}
