package io.procession.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.procession.internal.arena.Session;
import io.procession.process.JvmProcess;
import io.procession.serial.NotSendableException;
import io.procession.serial.SerializableCallable;
import io.procession.serial.SerializableFunction;
import io.procession.serial.StandInException;
import io.procession.testing.Deadlines;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What a pool does as long as no worker dies.
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class ProcessPoolIT {
  private static ProcessPool pool;
  private static int cells;
  private static int units;

  @TempDir Path folder;

  @BeforeAll
  static void open() {
    // an earlier class may have sent an object and only closed it: it lives until the session ends
    cells = Session.current().directory().inUse();
    units = Session.current().units().inUse();
    pool = ProcessPool.open(2);
  }

  @AfterAll
  static void close() {
    pool.close();
    // an archive for children may just be trained, by a child that has a cell until it ends
    await().atMost(Deadlines.LONG).until(() -> Session.current().directory().inUse() <= cells);
    await().atMost(Deadlines.LONG).until(() -> Session.current().units().inUse() <= units);
  }

  @Test
  void firstProgramOfTheReadmeWorks() {
    assertThat(pool.map(x -> x * x, List.of(1, 2, 3))).containsExactly(1, 4, 9);
  }

  @Test
  void tasksRunInTheWorkers() {
    List<Long> workers = pool.workers().stream().map(JvmProcess::pid).toList();

    assertThat(workers).hasSize(2).doesNotHaveDuplicates();
    assertThat(pool.apply(() -> ProcessHandle.current().pid())).isIn(workers);
    assertThat(pool.workers()).extracting(JvmProcess::isDaemon).containsOnly(true);
    assertThat(pool.workers().getFirst().name()).matches("pool-\\d+-worker-1");
  }

  @Test
  void functionsAreAppliedToTheirArgument() throws Exception {
    String greeting = "hello ";

    String greeted = pool.apply(name -> greeting + name, "world");
    int length = pool.apply(String::length, "four");
    String nothing = pool.<Integer, @Nullable String>apply(x -> null, 1);

    assertThat(greeted).isEqualTo("hello world");
    assertThat(length).isEqualTo(4);
    assertThat(nothing).isNull();
    assertThat(pool.applyAsync(() -> greeting).get()).isEqualTo(greeting);
    assertThat(pool.applyAsync(x -> x + 1, 41).join()).isEqualTo(42);
  }

  @Test
  void mapKeepsTheOrderOfItsInputs() {
    List<Integer> inputs = IntStream.range(0, 10_000).boxed().toList();

    List<String> results = pool.map(x -> "<" + x + ">", inputs);
    List<String> inSmallChunks = pool.map(x -> "<" + x + ">", inputs.subList(0, 100), 1);

    assertThat(results).isEqualTo(inputs.stream().map(x -> "<" + x + ">").toList());
    assertThat(inSmallChunks).isEqualTo(results.subList(0, 100));
    assertThat(pool.map(x -> x, List.<String>of())).isEmpty();
  }

  @Test
  void mapTakesAnyIterableAndNulls() {
    Iterable<Integer> inputs = () -> IntStream.range(0, 50).iterator();

    assertThat(pool.map(x -> x + 1, inputs)).hasSize(50).startsWith(1, 2).endsWith(49, 50);
    assertThat(pool.<Integer, @Nullable String>map(x -> null, Set.of(1))).containsOnlyNulls();
  }

  @Test
  void slowElementsOfAChunkComeBackAlone() {
    SerializableFunction<Integer, Integer> slow =
        x -> {
          Thread.sleep(12);
          return x;
        };

    List<Integer> inputs = IntStream.range(0, 20).boxed().toList();

    assertThat(pool.map(slow, inputs, 10)).isEqualTo(inputs);
    assertThat(all(pool.imapUnordered(slow, inputs, 10))).hasSameElementsAs(inputs);
  }

  @Test
  void exceptionsKeepTheirTypeAndTheWorkersStack() {
    assertThatThrownBy(() -> pool.apply(ProcessPoolIT::fail))
        .isInstanceOf(TaskException.class)
        .hasMessageMatching("task failed in pool-\\d+-worker-\\d: java.io.IOException: no luck")
        .cause()
        .isExactlyInstanceOf(IOException.class)
        .hasMessage("no luck")
        .satisfies(cause -> {
          assertThat(cause.getStackTrace()[0].getMethodName()).isEqualTo("fail");
          assertThat(cause.getStackTrace())
              .anyMatch(frame -> frame.getClassName().endsWith("WorkerLoop"));
          assertThat(cause.getSuppressed()).hasSize(1);
        });
    assertThatThrownBy(() -> pool.applyAsync(ProcessPoolIT::fail).get())
        .isInstanceOf(ExecutionException.class)
        .cause()
        .isInstanceOf(TaskException.class)
        .hasCauseExactlyInstanceOf(IOException.class);
    assertThatThrownBy(() -> pool.map(x -> 10 / x, List.of(2, 1, 0)))
        .isInstanceOf(TaskException.class)
        .hasCauseExactlyInstanceOf(ArithmeticException.class);
  }

  private static int fail() throws IOException {
    IOException failure = new IOException("no luck");
    failure.addSuppressed(new IllegalStateException("and worse"));
    throw failure;
  }

  @Test
  void errorsFailTheirTaskOnly() {
    List<Long> before = pool.workers().stream().map(JvmProcess::pid).toList();

    assertThatThrownBy(() -> pool.apply(ProcessPoolIT::recurse, 1))
        .hasCauseExactlyInstanceOf(StackOverflowError.class);
    assertThatThrownBy(() ->
            pool.apply(() -> {
              throw new NoClassDefFoundError("lost");
            }))
        .hasCauseExactlyInstanceOf(NoClassDefFoundError.class);
    assertThatThrownBy(() -> pool.apply(ProcessPoolIT::fillMemory))
        .hasCauseExactlyInstanceOf(OutOfMemoryError.class);
    assertThat(pool.apply(() -> 42)).isEqualTo(42);
    assertThat(pool.workers()).extracting(JvmProcess::pid).isEqualTo(before);
  }

  private static int recurse(int depth) {
    return depth < 0 ? 0 : recurse(depth + 1) + depth;
  }

  private static int fillMemory() {
    List<long[]> all = new ArrayList<>();
    while (all.size() < 1_000) {
      all.add(new long[Integer.MAX_VALUE - 8]);
    }
    return all.size();
  }

  @Test
  void whatCannotBeSentFailsInTheCaller() {
    Thread thread = Thread.currentThread();

    assertThatThrownBy(() -> pool.apply(() -> thread.getName()))
        .isInstanceOf(NotSendableException.class)
        .hasMessageContaining("java.lang.Thread");
    assertThatThrownBy(() -> pool.applyAsync(x -> x, thread))
        .isInstanceOf(NotSendableException.class);
    assertThatThrownBy(() -> pool.map(x -> 1, List.of(1, thread, 2), 1))
        .isInstanceOf(NotSendableException.class);
    assertThatThrownBy(() -> pool.imapUnordered(x -> thread.getName(), List.of(1)))
        .isInstanceOf(NotSendableException.class);
  }

  @Test
  void resultThatCannotBeSentFailsItsTask() {
    assertThatThrownBy(() -> pool.apply(() -> Thread.currentThread()))
        .isInstanceOf(TaskException.class)
        .cause()
        .isInstanceOf(NotSendableException.class)
        .hasMessageContaining("the result of the task cannot be sent")
        .hasMessageContaining("java.lang.Thread");
    assertThatThrownBy(() -> pool.map(x -> x == 3 ? Thread.currentThread() : x, List.of(1, 2, 3)))
        .hasCauseInstanceOf(NotSendableException.class);
  }

  @Test
  void elementsOfAnImapFailEachForItself() {
    var results =
        pool.imapUnordered(
            x -> x % 3 == 0 ? fail() : x == 4 ? Thread.currentThread() : x,
            IntStream.rangeClosed(1, 9).boxed().toList(),
            9);
    List<Object> values = new ArrayList<>();
    int failures = 0;
    while (results.hasNext()) {
      try {
        values.add(results.next());
      } catch (TaskException e) {
        failures++;
      }
    }

    assertThat(values).containsExactlyInAnyOrder(1, 2, 5, 7, 8);
    assertThat(failures).isEqualTo(4);
  }

  private static final class Unsendable extends Exception {
    private static final long serialVersionUID = 1L;

    @SuppressWarnings({"serial", "unused"})
    private final Thread thread = Thread.currentThread();

    Unsendable(String message) {
      super(message);
    }
  }

  @Test
  void exceptionThatCannotBeSentIsStoodInFor() {
    assertThatThrownBy(() ->
            pool.apply(() -> {
              throw new Unsendable("told all the same");
            }))
        .isInstanceOf(TaskException.class)
        .cause()
        .isInstanceOf(StandInException.class)
        .hasMessage("told all the same")
        .hasToString(Unsendable.class.getName() + ": told all the same");
  }

  @Test
  void dependentsRunNeitherOnTransportThreadsNorHoldThemUp() throws Exception {
    Set<String> threads = ConcurrentHashMap.newKeySet();
    String gate = folder.resolve("dependent is there").toString();
    var blocked =
        pool.applyAsync(
                () -> {
                  await().atMost(Deadlines.LONG).until(() -> Files.exists(Path.of(gate)));
                  return 1;
                })
            .thenApply(x -> {
              threads.add(Thread.currentThread().getName());
              await().atMost(Deadlines.LONG).until(() -> threads.contains("go on"));
              return x;
            });
    // of a task that is done already, a dependent would run, and wait, in this thread
    Files.createFile(Path.of(gate));
    List<Future<Integer>> others = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      others.add(
          pool.applyAsync(x -> x, i)
              .thenApply(x -> {
                threads.add(Thread.currentThread().getName());
                return x;
              }));
    }
    for (int i = 0; i < 50; i++) {
      assertThat(others.get(i).get()).isEqualTo(i);
    }
    assertThat(blocked).isNotDone();
    threads.add("go on");

    assertThat(blocked.get()).isEqualTo(1);
    assertThat(threads).noneMatch(name -> name.startsWith("procession-pool"));
  }

  @Test
  void resultsAreFuturesAndSayHowTheyAre() throws Exception {
    Path gate = folder.resolve("gate");
    AsyncResult<Integer> waiting = pool.applyAsync(gated(gate, 7));
    AsyncResult<Integer> failing = pool.applyAsync(ProcessPoolIT::fail);

    assertThat(waiting.ready()).isFalse();
    assertThatThrownBy(waiting::successful).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> waiting.get(10, TimeUnit.MILLISECONDS))
        .isInstanceOf(TimeoutException.class);
    Files.createFile(gate);

    assertThat(waiting.get(20, TimeUnit.SECONDS)).isEqualTo(7);
    assertThat(waiting.ready()).isTrue();
    assertThat(waiting.successful()).isTrue();
    assertThatThrownBy(failing::join).hasCauseInstanceOf(TaskException.class);
    assertThat(failing.successful()).isFalse();
  }

  @Test
  void cancelledTaskThatWasNotBegunNeverRuns() throws Exception {
    Path gate = folder.resolve("gate");
    Path trace = folder.resolve("trace");
    List<AsyncResult<Integer>> running = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      running.add(pool.applyAsync(gated(gate, i)));
    }
    String traceName = trace.toString();
    List<AsyncResult<Path>> queued = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      queued.add(pool.applyAsync(() -> Files.createFile(Path.of(traceName))));
    }
    for (var result : queued) {
      assertThat(result.cancel(false)).isTrue();
      assertThat(result.isCancelled()).isTrue();
    }
    Files.createFile(gate);

    assertThat(running.get(0).get()).isZero();
    assertThat(running.get(1).get()).isEqualTo(1);
    assertThat(pool.map(x -> x, List.of(1, 2, 3, 4), 1)).hasSize(4);
    assertThat(trace).doesNotExist();
  }

  @Test
  void taskBehindALongOneIsTakenOverByAnIdleWorker() throws Exception {
    Path gate = folder.resolve("gate");
    AsyncResult<Integer> longOne = pool.applyAsync(gated(gate, 1));
    List<AsyncResult<Integer>> others = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      others.add(pool.applyAsync(x -> x, i));
    }
    for (int i = 0; i < 20; i++) {
      assertThat(others.get(i).get()).isEqualTo(i);
    }
    assertThat(longOne).isNotDone();
    Files.createFile(gate);

    assertThat(longOne.get()).isEqualTo(1);
  }

  @Test
  void waitEndsWhenItsThreadIsInterrupted() throws Exception {
    Path gate = folder.resolve("gate");
    Path started = folder.resolve("started");
    Path ended = folder.resolve("ended");
    String startedName = started.toString();
    String endedName = ended.toString();
    SerializableCallable<Integer> gated = gated(gate, 1);
    Thread main = Thread.currentThread();
    Thread interrupter =
        Thread.ofVirtual()
            .start(() -> {
              await().atMost(Deadlines.LONG).until(() -> Files.exists(started));
              main.interrupt();
            });

    assertThatThrownBy(() ->
            pool.apply(() -> {
              Files.createFile(Path.of(startedName));
              gated.call();
              return Files.createFile(Path.of(endedName));
            }))
        .isInstanceOf(CancellationException.class);

    assertThat(Thread.interrupted()).isTrue();
    interrupter.join();
    Files.createFile(gate);
    await().atMost(Deadlines.LONG).until(() -> Files.exists(ended)); // the folder is about to go
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> pool.map(x -> x, List.of(1)))
        .isInstanceOf(CancellationException.class);
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void virtualThreadsMayWaitForManyTasks() throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Integer>> results = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        int number = i;
        results.add(
            threads.submit(() ->
                number % 2 == 0
                    ? pool.apply(x -> x + 1, number)
                    : pool.applyAsync(x -> x + 1, number).get()));
      }
      for (int i = 0; i < 200; i++) {
        assertThat(results.get(i).get()).isEqualTo(i + 1);
      }
    }
  }

  @Test
  void platformThreadsShareThePool() throws Exception {
    try (ExecutorService threads =
        Executors.newFixedThreadPool(5, Thread.ofPlatform().name("caller").factory())) {
      List<Future<Integer>> results = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        int start = 1000 * i;
        results.add(
            threads.submit(() -> {
              int sum = 0;
              for (int k = 0; k < 300; k++) {
                sum += pool.apply(x -> x, start + k) - start - k;
              }
              return sum;
            }));
      }
      for (Future<Integer> result : results) {
        assertThat(result.get()).isZero();
      }
    }
  }

  @Test
  void imapReadsItsInputsNoFurtherAheadThanNeeded() {
    var read = new int[1];
    Iterable<Integer> endless = () -> IntStream.generate(() -> read[0]++).iterator();

    try (var results = pool.imapUnordered(x -> x, endless, 3)) {
      for (int taken = 1; taken <= 3000; taken++) {
        results.next();
        assertThat(read[0] - taken).isBetween(0, 200);
      }
      assertThat(results.hasNext()).isTrue();
    }
  }

  @Test
  void imapHandsOutWhatIsDoneWhenThePoolIsClosed() {
    var inputs = new int[1];
    Iterable<Integer> endless = () -> IntStream.generate(() -> inputs[0]++).iterator();
    ProcessPool closed = ProcessPool.open(1);
    var results = closed.imapUnordered(x -> x, endless, 3);
    List<Integer> taken = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      taken.add(results.next());
    }
    int read = inputs[0];
    closed.close();

    assertThatThrownBy(() -> results.forEachRemaining(taken::add))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed: pool=");

    assertThat(taken).containsExactlyInAnyOrderElementsOf(numbers(read));
    assertThat(inputs[0]).isLessThanOrEqualTo(read + 3);
    assertThat(results.hasNext()).isFalse();
    assertThatThrownBy(() -> closed.imapUnordered(x -> x, List.of(1)))
        .isInstanceOf(IllegalStateException.class);
  }

  private static List<Integer> numbers(int count) {
    return IntStream.range(0, count).boxed().toList();
  }

  @Test
  void moreWorkersThanCanBeAreRefusedBeforeAnythingStarts() {
    int before = JvmProcess.activeChildren().size();

    for (int number : new int[] {5_000, 100_000, Integer.MAX_VALUE}) {
      assertThatThrownBy(() -> ProcessPool.open(number))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("processes=" + number);
    }

    assertThat(JvmProcess.activeChildren()).hasSize(before);
  }

  @Test
  void manyWorkersStartAFewAtATime() {
    int number = 3 * StartGate.AT_ONCE;
    try (ProcessPool many = ProcessPool.open(number)) {
      assertThat(many.workers()).hasSizeLessThanOrEqualTo(StartGate.AT_ONCE);
      assertThat(many.map(x -> x + 1, List.of(1, 2, 3))).containsExactly(2, 3, 4);
      await().atMost(Deadlines.LONG).until(() -> many.workers().size() == number);
    }
  }

  @Test
  void poolThatIsClosedWhileItsWorkersStartEnds() {
    ProcessPool many = ProcessPool.open(10 * StartGate.AT_ONCE);
    many.close();
    assertThat(many.workers()).isEmpty();
    many = ProcessPool.open(10 * StartGate.AT_ONCE);
    many.terminate();
    assertThat(many.workers()).isEmpty();
  }

  @Test
  void aPoolInsideAWorkerWorks() {
    int sum =
        pool.apply(() -> {
          try (ProcessPool inner = ProcessPool.open(2)) {
            return inner.map(x -> x * x, List.of(1, 2, 3)).stream()
                .mapToInt(Integer::intValue)
                .sum();
          }
        });

    assertThat(sum).isEqualTo(14);
  }

  @Test
  void twoPoolsDoNotDisturbEachOther() throws Exception {
    try (ProcessPool other = ProcessPool.open(PoolOptions.defaults().withProcesses(1))) {
      AsyncResult<Long> here = pool.applyAsync(() -> ProcessHandle.current().pid());
      AsyncResult<Long> there = other.applyAsync(() -> ProcessHandle.current().pid());

      assertThat(here.get()).isNotEqualTo(there.get());
      assertThat(other.workers()).extracting(JvmProcess::pid).containsExactly(there.get());
    }
  }

  /// A task that waits for a file.
  private static SerializableCallable<Integer> gated(Path gate, int result) {
    String name = gate.toString();
    return () -> {
      await().atMost(Deadlines.LONG).until(() -> Files.exists(Path.of(name)));
      return result;
    };
  }

  private static <T> List<T> all(ResultIterator<T> results) {
    List<T> all = new ArrayList<>();
    results.forEachRemaining(all::add);
    return Collections.unmodifiableList(all);
  }
}
