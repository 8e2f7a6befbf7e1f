package io.procession.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.procession.serial.NotSendableException;
import io.procession.serial.SerializableFunction;
import io.procession.testing.Deadlines;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Maps over several inputs, in the background, in order and bit by bit; callbacks.
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class PoolMapsIT {
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

  /// A function that waits for a file when it comes to a number, or for the end of the test: what is
  /// taken back may be running, and the pool's end would wait for it.
  private SerializableFunction<Integer, Integer> gatedAt(int number) {
    String room = folder.toString();
    return x -> {
      if (x == number) {
        await()
            .atMost(Deadlines.LONG)
            .until(() -> Files.exists(Path.of(room, "gate")) || !Files.exists(Path.of(room)));
      }
      return x;
    };
  }

  private void openGate() throws Exception {
    Files.createFile(folder.resolve("gate"));
  }

  @Test
  void mapTakesTwoOrThreeInputsToTheEndOfTheShortest() throws Exception {
    Iterable<Integer> endless = () -> Stream.iterate(0, i -> i + 1).iterator();

    assertThat(pool.map((a, b) -> a + b, List.of("a", "b", "c"), List.of(1, 2)))
        .containsExactly("a1", "b2");
    assertThat(pool.map((a, b) -> b - a, numbers(1_000), endless)).hasSize(1_000).containsOnly(0);
    assertThat(pool.map((a, b, c) -> a + b + c, List.of(1, 2), endless, List.of(100, 200, 300)))
        .containsExactly(101, 203);
    assertThat(pool.mapAsync((a, b) -> a * b, List.of(2, 3), endless).get()).containsExactly(0, 3);
    assertThat(pool.mapAsync((a, b, c) -> a + b + c, List.of(1), List.of(2), endless).get())
        .containsExactly(3);
    assertThatThrownBy(() -> pool.map((a, b) -> a / b, List.of(1), List.of(0)))
        .hasCauseExactlyInstanceOf(ArithmeticException.class);
  }

  @Test
  void mapReadsWhatIsNoCollectionWhileItRuns() {
    var read = new AtomicInteger();
    Iterable<Integer> inputs =
        () ->
            Stream.iterate(0, i -> i + 1)
                .limit(100_000)
                .peek(_ -> read.incrementAndGet())
                .iterator();

    assertThat(pool.map(x -> x, inputs)).isEqualTo(numbers(100_000));
    assertThat(read).hasValue(100_000);
    assertThat(pool.map(x -> x, inputs, 1_000)).isEqualTo(numbers(100_000));
  }

  @Test
  void exceptionOfTheInputsReachesTheCallerAndTakesBackWhatWasSent() throws Exception {
    Path trace = Files.createDirectory(folder.resolve("trace"));
    String traceName = trace.toString();
    SerializableFunction<Integer, Integer> gated = gatedAt(0);
    SerializableFunction<Integer, Integer> traced =
        x -> {
          gated.apply(x % 2); // both workers wait
          Files.createFile(Path.of(traceName, "" + x));
          return x;
        };
    SerializableFunction<Integer, Integer> evens = x -> traced.apply(2 * x);

    assertThatThrownBy(() -> pool.map(evens, () -> failingAfter(9), 1))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("no more inputs");
    assertThatThrownBy(() -> pool.mapAsync(evens, () -> failingAfter(9)))
        .hasMessage("no more inputs");
    openGate();

    assertThat(pool.map(x -> x, numbers(10), 1)).hasSize(10);
    try (var ran = Files.list(trace)) {
      assertThat(ran.count()).isLessThanOrEqualTo(4); // those that had been begun
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 9, 4_000})
  void iteratorHandsOutWhatWasReadBeforeItsInputsFailed(int good) {
    SerializableFunction<Integer, Integer> same = x -> x;
    Iterable<Integer> inputs = () -> failingAfter(good);
    failsAfter(good, pool.imap(same, inputs));
    failsAfter(good, pool.imap(same, inputs, 1));
    failsAfter(good, pool.imap(same, inputs, 7));
    failsAfter(good, pool.imapUnordered(same, inputs));
    failsAfter(good, pool.imapUnordered(same, inputs, 7));
    Iterable<Integer> onAsking = () -> failingWhenAsked(good);
    failsAfter(good, pool.imap(same, onAsking));
    failsAfter(good, pool.imapUnordered(same, onAsking, 7));
    assertThat(pool.map(same, numbers(3))).containsExactly(0, 1, 2);
  }

  private static void failsAfter(int good, ResultIterator<Integer> results) {
    List<Integer> seen = new ArrayList<>();
    for (int i = 0; i < good; i++) {
      assertThat(results.hasNext()).isTrue();
      seen.add(results.next());
    }
    assertThat(seen).containsExactlyInAnyOrderElementsOf(numbers(good));
    assertThat(results.hasNext()).isTrue();
    assertThatThrownBy(results::next).hasMessage("no more inputs");
    assertThat(results.hasNext()).isFalse();
    assertThatThrownBy(results::next).isInstanceOf(NoSuchElementException.class);
  }

  @Test
  void errorOfTheInputsClosesTheIteratorAtOnce() {
    Iterator<Integer> numbers = numbers(10).iterator();
    Iterable<Integer> inputs =
        () ->
            new Iterator<>() {
              @Override
              public boolean hasNext() {
                if (!numbers.hasNext()) {
                  throw new AssertionError("no more inputs");
                }
                return true;
              }

              @Override
              public Integer next() {
                return numbers.next();
              }
            };
    assertThatThrownBy(() -> pool.<Integer, Integer>imap(x -> x, inputs).next())
        .isExactlyInstanceOf(AssertionError.class);
  }

  private static Iterator<Integer> failingWhenAsked(int count) {
    Iterator<Integer> endless = failingAfter(count);
    return new Iterator<>() {
      private int taken;

      @Override
      public boolean hasNext() {
        if (taken == count) {
          throw new IllegalStateException("no more inputs");
        }
        return true;
      }

      @Override
      public Integer next() {
        taken++;
        return endless.next();
      }
    };
  }

  private static Iterator<Integer> failingAfter(int count) {
    return new Iterator<>() {
      private int next;

      @Override
      public boolean hasNext() {
        return true;
      }

      @Override
      public Integer next() {
        if (next == count) {
          throw new IllegalStateException("no more inputs");
        }
        return next++;
      }
    };
  }

  @Test
  void imapKeepsTheOrderAndBoundsWhatIsUnderWay() throws Exception {
    var read = new AtomicInteger();
    Iterable<Integer> endless = () -> Stream.generate(read::getAndIncrement).iterator();
    try (var results = pool.imap(gatedAt(0), endless, 1)) {
      assertThatThrownBy(() -> results.next(Duration.ofMillis(100)))
          .isInstanceOf(TimeoutException.class);
      await().atMost(Deadlines.LONG).until(() -> read.get() >= 2); // the others go on,
      assertThat(read.get()).isLessThanOrEqualTo(200); // but not for ever
      openGate();
      for (int i = 0; i < 2_000; i++) {
        assertThat(results.next()).isEqualTo(i);
        assertThat(read.get() - i).isBetween(1, 200);
      }
      assertThat(results.hasNext()).isTrue();
    }
    assertThat(all(pool.imap(x -> "<" + x + ">", numbers(50_000))))
        .isEqualTo(numbers(50_000).stream().map(x -> "<" + x + ">").toList());
    List<Integer> unordered = new ArrayList<>(all(pool.imapUnordered(x -> x, numbers(50_000))));
    unordered.sort(null);
    assertThat(unordered).isEqualTo(numbers(50_000));
  }

  @Test
  void nextThatTimesOutLosesNothing() throws Exception {
    List<Integer> taken = new ArrayList<>();
    int timeouts = 0;
    var results = pool.imapUnordered(gatedAt(3), numbers(8), 2);
    while (results.hasNext()) {
      try {
        taken.add(results.next(timeouts == 0 ? Duration.ofMillis(300) : Duration.ofSeconds(50)));
      } catch (TimeoutException e) {
        assertThat(e).hasMessageContaining("limit=PT0.3S");
        timeouts++;
        openGate();
      }
    }

    assertThat(timeouts).isEqualTo(1);
    assertThat(taken).containsExactlyInAnyOrderElementsOf(numbers(8));
    assertThatThrownBy(() -> results.next(Duration.ZERO))
        .isInstanceOf(NoSuchElementException.class);
  }

  @Test
  void eachInputOfAnImapHasAnOutcomeInItsPlace() {
    Thread unsendable = Thread.currentThread();
    List<Object> inputs = new ArrayList<>(numbers(20));
    inputs.set(7, unsendable);
    SerializableFunction<Object, Object> function =
        x -> x.equals(11) ? fail() : x.equals(13) ? Thread.currentThread() : x;
    List<Object> outcomes = outcomes(pool.imap(function, inputs, 10));

    List<Object> expected = new ArrayList<>(numbers(20));
    expected.set(7, NotSendableException.class);
    expected.set(11, IOException.class);
    expected.set(13, NotSendableException.class);
    assertThat(outcomes).isEqualTo(expected);
    assertThat(outcomes(pool.imapUnordered(function, inputs, 10)))
        .containsExactlyInAnyOrderElementsOf(expected);
  }

  private static int fail() throws IOException {
    throw new IOException("no luck");
  }

  /// The element that kills a worker fails, with those whose results the worker had not sent; those
  /// behind it are done by the next worker.
  @Test
  void deathInAnImapFailsTheElementThatKilled() {
    SerializableFunction<Integer, Integer> deadly =
        x -> {
          if (x == 25) {
            Runtime.getRuntime().halt(3);
          }
          return x;
        };
    List<Object> outcomes = outcomes(pool.imap(deadly, numbers(60), 20));

    assertThat(outcomes).hasSize(60);
    assertThat(outcomes.subList(0, 20)).isEqualTo(numbers(20));
    assertThat(outcomes.get(25)).isEqualTo(WorkerDiedException.class);
    for (int i = 20; i < 25; i++) {
      assertThat(outcomes.get(i)).isIn(i, WorkerDiedException.class);
    }
    assertThat(outcomes.subList(26, 60)).isEqualTo(numbers(60).subList(26, 60));

    List<Object> adapted = outcomes(pool.imap(deadly, numbers(60_000)));
    assertThat(adapted).hasSize(60_000);
    assertThat(adapted.get(25)).isEqualTo(WorkerDiedException.class);
    assertThat(adapted.subList(26, 60_000)).isEqualTo(numbers(60_000).subList(26, 60_000));
  }

  /// The results, and the causes of failures.
  private static List<Object> outcomes(ResultIterator<?> results) {
    List<Object> outcomes = new ArrayList<>();
    while (results.hasNext()) {
      try {
        outcomes.add(results.next());
      } catch (NotSendableException e) {
        outcomes.add(e.getClass());
      } catch (TaskException e) {
        outcomes.add(Objects.requireNonNull(e.getCause()).getClass());
      }
    }
    return outcomes;
  }

  @Test
  void interruptOfAnImapTakesItBack() throws Exception {
    var results = pool.imapUnordered(gatedAt(0), numbers(1_000), 1);
    while (true) {
      try {
        var _ = results.next(Deadlines.LONG);
        Thread.currentThread().interrupt();
      } catch (CancellationException e) {
        break;
      }
    }
    openGate();

    assertThat(Thread.interrupted()).isTrue();
    assertThat(results.hasNext()).isFalse();
    assertThat(pool.map(x -> x, List.of(1))).containsExactly(1);
  }

  @Test
  void mapAsyncIsAFutureOfTheWholeList() throws Exception {
    AsyncResult<List<Integer>> waiting = pool.mapAsync(gatedAt(3), numbers(5), 1);
    AsyncResult<List<Integer>> failing = pool.mapAsync(x -> 1 / x, numbers(5));
    AsyncResult<List<Integer>> others = pool.mapAsync(x -> x, numbers(100_000));

    assertThat(others.join()).isEqualTo(numbers(100_000));
    assertThatThrownBy(failing::join)
        .isInstanceOf(CompletionException.class)
        .cause()
        .isInstanceOf(TaskException.class)
        .hasCauseExactlyInstanceOf(ArithmeticException.class);
    assertThat(waiting.ready()).isFalse();
    assertThatThrownBy(() -> waiting.get(1, TimeUnit.MILLISECONDS))
        .isInstanceOf(TimeoutException.class);
    openGate();
    assertThat(waiting.get()).isEqualTo(numbers(5));
    assertThat(waiting.successful()).isTrue();
    assertThatThrownBy(() -> pool.mapAsync(x -> x, List.of(Thread.currentThread())))
        .isInstanceOf(NotSendableException.class);
  }

  @Test
  void mapAsyncThatIsCancelledIsTakenBack() throws Exception {
    Path trace = Files.createDirectory(folder.resolve("trace"));
    String traceName = trace.toString();
    SerializableFunction<Integer, Integer> gated = gatedAt(0);
    AsyncResult<List<Integer>> doomed =
        pool.mapAsync(
            x -> {
              gated.apply(0);
              Files.createFile(Path.of(traceName, "" + x));
              return x;
            },
            numbers(100),
            1);

    assertThat(doomed.cancel(true)).isTrue();
    assertThat(doomed).isCancelled();
    openGate();
    assertThat(pool.map(x -> x, numbers(10), 1)).hasSize(10);
    try (var ran = Files.list(trace)) {
      assertThat(ran.count()).isLessThanOrEqualTo(4);
    }
  }

  @Test
  void callbacksRunOneAtATimeInOrderAndCloseWaitsForThem() {
    List<Object> seen = new ArrayList<>(); // no lock: they see each other's work
    List<String> threads = new ArrayList<>();
    try (var own = ProcessPool.open(2)) {
      for (int i = 0; i < 300; i++) {
        var _ =
            own.applyAsync(x -> x, i)
                .onSuccess(x -> threads.add(Thread.currentThread().getName()))
                .onFailure(seen::add)
                .onSuccess(seen::add);
      }
      var _ = own.applyAsync(() -> fail()).onFailure(seen::add).onSuccess(seen::add);
      var _ = own.mapAsync(x -> x, numbers(3)).onSuccess(seen::add);
    }

    assertThat(seen).hasSize(302).contains(List.of(0, 1, 2)).containsAll(numbers(300));
    assertThat(seen).filteredOn(TaskException.class::isInstance).hasSize(1);
    assertThat(threads).hasSize(300).containsOnly("procession-callback");
  }

  @Test
  void callbacksOfOneResultRunAsTheyWereGiven() throws Exception {
    AsyncResult<Integer> result = pool.applyAsync(gatedAt(1), 1);
    List<Integer> order = new ArrayList<>();
    var done = new CountDownLatch(2);
    for (int i = 0; i < 10; i++) {
      int number = i;
      var _ = result.onSuccess(_ -> order.add(number));
    }
    var _ = result.onSuccess(_ -> done.countDown());
    openGate();
    assertThat(result.get()).isEqualTo(1);
    var _ = result.onSuccess(_ -> done.countDown());

    assertThat(done.await(50, TimeUnit.SECONDS)).isTrue();
    assertThat(order).isEqualTo(numbers(10));
  }

  @Test
  void callbackThatThrowsIsReportedAndMayCloseThePool() throws Exception {
    var reported = new AtomicReference<@Nullable Throwable>();
    var former = Thread.getDefaultUncaughtExceptionHandler();
    Thread.setDefaultUncaughtExceptionHandler((_, t) -> reported.set(t));
    try {
      var own = ProcessPool.open(1);
      var closed = new CountDownLatch(1);
      var _ =
          own.applyAsync(() -> 1)
              .onSuccess(_ -> {
                throw new IllegalStateException("of the callback");
              })
              .onSuccess(_ -> own.close())
              .onSuccess(_ -> closed.countDown());

      assertThat(closed.await(50, TimeUnit.SECONDS)).isTrue();
      assertThat(own.workers()).isEmpty();
      assertThat(reported.get()).hasMessage("of the callback");
    } finally {
      Thread.setDefaultUncaughtExceptionHandler(former);
    }
  }

  /// A map is one piece of work: it is sent bit by bit, and closing waits for all of it.
  @Test
  void closeWaitsForMapsThatHaveBegun() throws Exception {
    var own = ProcessPool.open(1);
    AsyncResult<List<Integer>> map = own.mapAsync(gatedAt(0), numbers(1_000), 1);
    Thread closing = Thread.ofVirtual().start(own::close);
    await()
        .atMost(Deadlines.LONG)
        .untilAsserted(() ->
            assertThatThrownBy(() -> own.apply(() -> 1)).isInstanceOf(IllegalStateException.class));
    openGate();

    assertThat(map.get()).isEqualTo(numbers(1_000));
    closing.join();
  }

  /// As large as an exception may be, its map stops at the first, and the pool can end.
  @Test
  void poolEndsAfterMapsThatFailWithMuch() throws Exception {
    try (var own = ProcessPool.open(2)) {
      AsyncResult<List<Integer>> map =
          own.mapAsync(
              x -> {
                throw new IllegalStateException("a".repeat(1 << 20));
              },
              numbers(2),
              1);
      own.shutdown();
      assertThat(own.join(Deadlines.LONG)).isTrue();
      assertThatThrownBy(map::join).rootCause().hasMessage("a".repeat(1 << 20));
    }
  }

  @Test
  void terminateEndsMapsToo() {
    var own = ProcessPool.open(1);
    AsyncResult<List<Integer>> map = own.mapAsync(gatedAt(0), numbers(1_000), 1);
    own.terminate();

    assertThatThrownBy(map::get).isInstanceOf(CancellationException.class);
  }

  private static <T> List<T> all(ResultIterator<T> results) {
    List<T> all = new ArrayList<>();
    results.forEachRemaining(all::add);
    return all;
  }
}
