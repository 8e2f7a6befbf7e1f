package io.procession.conformance;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.procession.pool.PoolOptions;
import io.procession.pool.ResultIterator;
import io.procession.pool.TaskException;
import io.procession.pool.TaskOptions;
import io.procession.pool.TaskPool;
import io.procession.pool.TaskResult;
import io.procession.pool.TaskTimeoutException;
import io.procession.serial.NotSendableException;
import io.procession.serial.SerializableFunction;
import io.procession.sync.Event;
import io.procession.testing.Deadlines;
import java.io.Serializable;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/// A pool runs tasks in its workers and gives back what becomes of them. Most cases share one.
@TestInstance(Lifecycle.PER_CLASS)
abstract class PoolContract extends Contract {
  private static final int WORKERS = 2;
  private static final long SECONDS = LONG.toSeconds();

  private @Nullable TaskPool shared;

  @BeforeAll
  final void open() {
    shared = way().pool(WORKERS);
  }

  @AfterAll
  final void close() {
    pool().close();
  }

  private TaskPool pool() {
    return requireNonNull(shared);
  }

  private static List<Integer> numbers(int count) {
    return IntStream.range(0, count).boxed().toList();
  }

  private static List<Integer> squares(int count) {
    return IntStream.range(0, count).map(x -> x * x).boxed().toList();
  }

  @Test
  void appliesATask() throws Exception {
    int seven = 7;
    assertThat(pool().apply(() -> seven * seven)).isEqualTo(49);
    TaskResult<Integer> later = pool().applyAsync(() -> seven * seven);
    assertThat(later.get(SECONDS, TimeUnit.SECONDS)).isEqualTo(49);
    assertThat(later.ready() && later.successful()).isTrue();
    assertThat(later.isDone() && later.resultNow() == 49).isTrue();
    assertThat(pool().processes()).isEqualTo(WORKERS);
  }

  @Test
  void takesTasksOfAllForms() throws Exception {
    Event ran = way().event();
    pool().apply(() -> ran.set());
    assertThat(ran.isSet()).isTrue();
    ran.clear();
    assertThat(pool().applyAsync(() -> ran.set()).get(SECONDS, TimeUnit.SECONDS)).isNull();
    assertThat(ran.isSet()).isTrue();
    assertThat(pool().<Integer, Integer>apply(x -> x + 1, 1)).isEqualTo(2);
    assertThat(pool().<Integer, Integer>applyAsync(x -> x + 1, 2).get()).isEqualTo(3);
    TaskOptions named = TaskOptions.defaults().withName("a name");
    ran.clear();
    assertThat(pool().applyAsync(named, () -> ran.set()).get()).isNull();
    assertThat(ran.isSet()).isTrue();
    assertThat(pool().applyAsync(named, () -> 4).get()).isEqualTo(4);
    assertThat(pool().<Integer, Integer>applyAsync(named, x -> x + 1, 4).get()).isEqualTo(5);
  }

  @Test
  void mapsInOrder() throws Exception {
    assertThat(pool().map(x -> x * x, numbers(10))).isEqualTo(squares(10));
    assertThat(pool().map(x -> x * x, numbers(100), 20)).isEqualTo(squares(100));
    assertThat(pool().map((a, b) -> a - b, numbers(100), numbers(100)))
        .hasSize(100)
        .containsOnly(0);
    assertThat(
            pool()
                .map(
                    (a, b, c) -> a + b + c, List.of("a"), List.of("b", "c"), PoolContract::endless))
        .containsExactly("ab0");
    assertThat(pool().map(x -> x * x, PoolContract::few)).isEqualTo(squares(10));
    List<Integer> results = pool().map(x -> x, numbers(1));
    assertThatThrownBy(() -> results.add(1)).isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void mapsInOrderWithoutWaiting() throws Exception {
    assertThat(pool().mapAsync(x -> x * x, numbers(10)).get(SECONDS, TimeUnit.SECONDS))
        .isEqualTo(squares(10));
    assertThat(pool().mapAsync(x -> x * x, numbers(10), 3).get()).isEqualTo(squares(10));
    assertThat(pool().mapAsync((a, b) -> a + b, List.of("a", "b"), PoolContract::endless).get())
        .containsExactly("a0", "b1");
    assertThat(
            pool()
                .mapAsync((a, b, c) -> a + b + c, List.of("a"), List.of("b"), PoolContract::endless)
                .get())
        .containsExactly("ab0");
  }

  /// All whole numbers.
  private static Iterator<Integer> endless() {
    return IntStream.iterate(0, x -> x + 1).iterator();
  }

  /// Some, which are no collection.
  private static Iterator<Integer> few() {
    return IntStream.range(0, 10).iterator();
  }

  @Test
  void whatTheInputsThrowReachesTheCaller() throws Exception {
    Iterable<Integer> failing =
        () -> IntStream.range(0, 10).map(x -> x < 9 ? x : fail()).iterator();
    assertThatThrownBy(() -> pool().map(x -> x, failing))
        .isExactlyInstanceOf(IllegalThreadStateException.class);
    assertThatThrownBy(() -> pool().mapAsync(x -> x, failing))
        .isExactlyInstanceOf(IllegalThreadStateException.class);
    assertThat(pool().apply(() -> "alive")).isEqualTo("alive");
  }

  @Test
  void iteratesInOrderOrAsResultsCome() {
    assertIterates(pool().imap(x -> x * x, numbers(100)), squares(100));
    var unordered = new ArrayList<Integer>();
    pool()
        .<Integer, Integer>imapUnordered(x -> x * x, numbers(100))
        .forEachRemaining(unordered::add);
    assertThat(unordered).containsExactlyInAnyOrderElementsOf(squares(100));
    assertIterates(pool().imap(x -> x * x, numbers(100), 7), squares(100));
    List<Integer> few = new ArrayList<>();
    pool().<Integer, Integer>imapUnordered(x -> x * x, numbers(10), 3).forEachRemaining(few::add);
    assertThat(few).containsExactlyInAnyOrderElementsOf(squares(10));
  }

  @Test
  void resultsAreThereAsSoonAsTheirTasksAreDone() throws Exception {
    Event goOn = way().event();
    try (ResultIterator<Integer> results =
        pool()
            .imap(
                x -> {
                  if (x > 0) {
                    goOn.await();
                  }
                  return x;
                },
                numbers(3),
                1)) {
      assertThat(results.next(LONG)).isEqualTo(0);
      assertThat(results.hasNext()).isTrue();
      assertThatThrownBy(() -> results.next(Deadlines.SHORT)).isInstanceOf(TimeoutException.class);
      assertThatThrownBy(() -> results.next(Duration.ZERO)).isInstanceOf(TimeoutException.class);
      goOn.set();
      assertThat(results.next(LONG)).isEqualTo(1);
      assertThat(results.next()).isEqualTo(2);
      assertThat(results.hasNext()).isFalse();
    }
  }

  @Test
  void anIteratorTellsOfAFailureInItsPlace() {
    List<Object> outcomes = new ArrayList<>();
    try (ResultIterator<Integer> quotients = pool().imap(x -> 12 / x, List.of(1, 2, 0, 4))) {
      while (quotients.hasNext()) {
        try {
          outcomes.add(quotients.next());
        } catch (TaskException e) {
          outcomes.add(String.valueOf(e.getCause()));
        }
      }
    }
    assertThat(outcomes).containsExactly(12, 6, "java.lang.ArithmeticException: / by zero", 3);
  }

  @Test
  void anIteratorThatIsClosedHalfWayFreesTheWorkers() throws Exception {
    Event never = way().event();
    ResultIterator<Integer> results =
        pool()
            .imapUnordered(
                x -> {
                  if (x > 0) {
                    never.await();
                  }
                  return x;
                },
                numbers(100),
                1);
    assertThat(results.next(LONG)).isEqualTo(0);
    results.close();
    assertThat(results.hasNext()).isFalse();
    assertThatThrownBy(results::next)
        .isInstanceOf(NoSuchElementException.class)
        .hasMessageStartingWith("closed: results of ");
    assertThat(pool().applyAsync(() -> "free").get(SECONDS, TimeUnit.SECONDS)).isEqualTo("free");
    assertThat(never.isSet()).isFalse();
  }

  @Test
  void anInterruptEndsEachCallThatWaitsAndStopsItsTasks() throws Exception {
    Event never = way().event();
    Event runs = way().event();
    SerializableFunction<Integer, Integer> endless =
        x -> {
          runs.set();
          never.await();
          return x;
        };
    assertCancelled(runs, () -> pool().apply(endless, 0));
    assertCancelled(runs, () -> pool().map(endless, numbers(10)));
    assertCancelled(runs, () -> pool().imap(endless, numbers(10)).next());
    runs.clear();
    ResultIterator<Integer> results = pool().imap(endless, numbers(10));
    assertCancelledAtOnce(results::next);
    assertThat(results.hasNext()).isFalse();
    assertThat(pool().applyAsync(() -> "free").get(SECONDS, TimeUnit.SECONDS)).isEqualTo("free");
  }

  /// A call that is interrupted while its task runs, and by a thread that is interrupted already.
  private static void assertCancelled(Event runs, Callable<?> call) throws Exception {
    CompletableFuture<Throwable> thrown = new CompletableFuture<>();
    CompletableFuture<Boolean> isInterrupted = new CompletableFuture<>();
    runs.clear();
    Thread caller =
        Thread.ofPlatform()
            .start(() -> {
              try {
                call.call();
              } catch (Throwable e) {
                isInterrupted.complete(Thread.currentThread().isInterrupted());
                thrown.complete(e);
              }
            });
    assertThat(runs.await(SECONDS, TimeUnit.SECONDS)).isTrue();
    caller.interrupt();
    assertThat(thrown.get(SECONDS, TimeUnit.SECONDS)).isInstanceOf(CancellationException.class);
    assertThat(isInterrupted.get()).isTrue();
    caller.join();
    assertCancelledAtOnce(call);
  }

  private static void assertCancelledAtOnce(Callable<?> call) {
    Thread.currentThread().interrupt();
    try {
      assertThatThrownBy(call::call).isInstanceOf(CancellationException.class);
      assertThat(Thread.currentThread().isInterrupted()).isTrue();
    } finally {
      boolean _ = Thread.interrupted();
    }
  }

  @Test
  void aResultCanBeAwaitedAndCancelled() throws Exception {
    Event runs = way().event();
    Event never = way().event();
    TaskResult<Integer> endless =
        pool()
            .applyAsync(() -> {
              runs.set();
              never.await();
              return 1;
            });
    assertThat(runs.await(SECONDS, TimeUnit.SECONDS)).isTrue();
    assertThat(endless.await(Deadlines.SHORT)).isFalse();
    assertThat(endless.await(Duration.ZERO)).isFalse();
    assertThatThrownBy(endless::successful).isInstanceOf(IllegalStateException.class);
    assertThat(endless.state()).isEqualTo(Future.State.RUNNING);
    assertThat(endless.cancel(true)).isTrue();
    assertThat(endless.await(LONG)).isTrue();
    assertThat(endless.isCancelled() && endless.isDone() && !endless.successful()).isTrue();
    assertThat(endless.state()).isEqualTo(Future.State.CANCELLED);
    assertThatThrownBy(endless::get).isInstanceOf(CancellationException.class);
    TaskResult<Integer> failed = pool().applyAsync(PoolContract::fail);
    assertThat(failed.await(LONG)).isTrue();
    assertThat(failed.successful()).isFalse();
    assertThat(failed.exceptionNow()).isInstanceOf(TaskException.class);
  }

  @Test
  void aTaskHasOptionsOfItsOwn() throws Exception {
    Event never = way().event();
    TaskOptions brief = TaskOptions.defaults().withDeadline(Deadlines.SHORT).withName("brief");
    TaskResult<Integer> late =
        pool()
            .applyAsync(
                brief,
                () -> {
                  never.await();
                  return 1;
                });
    assertThatThrownBy(() -> late.get(SECONDS, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class)
        .cause()
        .isInstanceOf(TaskException.class)
        .hasMessageContaining("brief")
        .hasCauseInstanceOf(TaskTimeoutException.class);
  }

  @Test
  void aPoolHasOptions() throws Exception {
    Event prepared = way().event();
    PoolOptions options =
        PoolOptions.defaults()
            .withProcesses(1)
            .withTask(TaskOptions.defaults().withDeadline(Deadlines.SHORT))
            .withInitializer(() -> prepared.set())
            .withGrace(Duration.ofSeconds(1));
    Event never = way().event();
    try (TaskPool pool = way().pool(options)) {
      assertThat(pool.processes()).isEqualTo(1);
      assertThat(prepared.await(SECONDS, TimeUnit.SECONDS)).isTrue();
      assertThatThrownBy(() ->
              pool.apply(() -> {
                never.await();
                return 1;
              }))
          .isInstanceOf(TaskException.class)
          .hasCauseInstanceOf(TaskTimeoutException.class);
    }
  }

  private static void assertIterates(Iterator<Integer> results, List<Integer> expected) {
    for (int each : expected) {
      assertThat(results.next()).isEqualTo(each);
    }
    assertThat(results.hasNext()).isFalse();
    assertThatThrownBy(results::next)
        .isInstanceOf(NoSuchElementException.class)
        .hasMessage("all results have been taken");
  }

  @Test
  void nothingGivesNothing() throws Exception {
    List<Integer> none = List.of();
    assertThat(pool().map(x -> x, none)).isEmpty();
    assertThat(pool().map(x -> x, none, 1)).isEmpty();
    assertThat(pool().mapAsync(x -> x, none).get(SECONDS, TimeUnit.SECONDS)).isEmpty();
    assertThat(pool().imap(x -> x, none).hasNext()).isFalse();
    assertThat(pool().imapUnordered(x -> x, none).hasNext()).isFalse();
  }

  @Test
  void whatATaskThrowsReachesWhoAsksForItsResult() throws Exception {
    assertThatThrownBy(() -> pool().apply(PoolContract::fail)).satisfies(PoolContract::failed);
    assertThatThrownBy(() -> pool().applyAsync(PoolContract::fail).get(SECONDS, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class)
        .cause()
        .satisfies(PoolContract::failed);
    assertThatThrownBy(() -> pool().map(_ -> fail(), numbers(3))).satisfies(PoolContract::failed);
    assertThatThrownBy(() -> pool().mapAsync(_ -> fail(), numbers(3)).get())
        .isInstanceOf(ExecutionException.class)
        .cause()
        .satisfies(PoolContract::failed);
    assertThat(pool().apply(() -> "alive")).isEqualTo("alive");
  }

  private static int fail() {
    throw new IllegalThreadStateException("as it shall");
  }

  private static void failed(Throwable thrown) {
    assertThat(thrown).isInstanceOf(TaskException.class);
    Throwable cause = requireNonNull(thrown.getCause(), thrown::toString);
    assertThat(cause).isExactlyInstanceOf(IllegalThreadStateException.class);
    assertThat(cause).hasMessage("as it shall");
    assertThat(cause.getStackTrace()[0].getMethodName()).isEqualTo("fail"); // where it ran
  }

  @Test
  void limitOfTimeEndsTheWaitForAResult() throws Exception {
    Event goOn = way().event();
    TaskResult<Integer> later =
        pool()
            .applyAsync(() -> {
              goOn.await();
              return 1;
            });
    assertThatThrownBy(() -> later.get(Deadlines.SHORT.toMillis(), TimeUnit.MILLISECONDS))
        .isInstanceOf(TimeoutException.class);
    assertThat(later.ready()).isFalse();
    goOn.set();
    assertThat(later.get(SECONDS, TimeUnit.SECONDS)).isEqualTo(1);
  }

  @Test
  void whatCannotBeSentIsRefusedAndTheWorkersGoOn() throws Exception {
    Thread thread = Thread.currentThread();
    assertThatThrownBy(() -> pool().apply(thread::getName))
        .isInstanceOf(NotSendableException.class);
    assertThatThrownBy(() -> pool().apply(() -> new Holder(Thread.currentThread())))
        .isNotInstanceOf(TimeoutException.class);
    assertThat(pool().apply(() -> "alive")).isEqualTo("alive");
  }

  private record Holder(Thread thread) implements Serializable {}

  @Test
  void argumentsAndResultsAreForgotten() throws Exception {
    List<WeakReference<?>> references = mapped();
    await()
        .atMost(LONG)
        .until(() -> {
          System.gc();
          return references.stream().allMatch(each -> each.refersTo(null));
        });
  }

  private List<WeakReference<?>> mapped() throws InterruptedException {
    List<List<Integer>> arguments = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      arguments.add(new ArrayList<>(List.of(i)));
    }
    List<List<Integer>> results = pool().map(x -> x, arguments);
    assertThat(results).isEqualTo(arguments);
    List<WeakReference<?>> references = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      references.add(new WeakReference<>(arguments.get(i)));
      references.add(new WeakReference<>(results.get(i)));
    }
    return references;
  }

  @Test
  void numberOfWorkersIsPositive() {
    assertThatThrownBy(() -> way().pool(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("processes must be positive: processes=0; use 1 or more");
    assertThatThrownBy(() -> way().pool(-1)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void sizeOfChunksIsPositive() {
    assertThatThrownBy(() -> pool().map(x -> x, numbers(3), 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("chunkSize must be positive: chunkSize=0; use 1 or more");
    assertThatThrownBy(() -> pool().mapAsync(x -> x, numbers(3), 0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> pool().imap(x -> x, numbers(3), -1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> pool().imapUnordered(x -> x, numbers(3), 0))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void shutDownItRunsWhatItHasAndTakesNoMore() throws Exception {
    TaskPool pool = way().pool(1);
    TaskResult<List<Integer>> later = pool.mapAsync(x -> x * x, numbers(10));
    pool.shutdown();
    assertThat(pool.join(LONG)).isTrue();
    assertThat(later.get(SECONDS, TimeUnit.SECONDS)).isEqualTo(squares(10));
    assertThatThrownBy(() -> pool.apply(() -> 1)).isInstanceOf(IllegalStateException.class);
    pool.close();
  }

  @Test
  void terminatedItEndsThoughTasksWait() throws Exception {
    Event never = way().event();
    TaskPool pool = way().pool(1);
    TaskResult<List<Integer>> later =
        pool.mapAsync(
            x -> {
              never.await();
              return x;
            },
            numbers(1_000));
    pool.terminate();
    assertThat(pool.join(LONG)).isTrue();
    assertThatThrownBy(() -> later.get(SECONDS, TimeUnit.SECONDS))
        .isInstanceOf(CancellationException.class);
    assertThatThrownBy(() -> pool.apply(() -> 1)).isInstanceOf(IllegalStateException.class);
  }
}
