package io.procession.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.procession.serial.SerializableCallable;
import io.procession.serial.SerializableRunnable;
import io.procession.testing.Deadlines;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What `java.util.concurrent` says of every [ExecutorService], in the manner of the tests of JSR 166:
/// of one with a single worker. It holds for the JDK's own, too, or it says something wrong.
@Timeout(value = 60, unit = TimeUnit.SECONDS)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class ExecutorServiceContract {
  private static final long LONG_MILLIS = Deadlines.LONG.toMillis();
  private static final long SHORT_MILLIS = Deadlines.SHORT.toMillis();

  private final List<ExecutorService> opened = new ArrayList<>();
  private ExecutorService shared;

  @TempDir Path folder;

  /// One with a single worker.
  abstract ExecutorService open();

  private ExecutorService openOwn() {
    ExecutorService executor = open();
    opened.add(executor);
    return executor;
  }

  @BeforeAll
  void openShared() {
    shared = open();
  }

  @AfterEach
  void closeOwn() throws Exception {
    Files.write(folder.resolve("gate"), new byte[0]);
    for (ExecutorService executor : opened) {
      executor.close();
    }
    opened.clear();
  }

  @AfterAll
  void closeShared() {
    shared.close();
  }

  private static <T> Callable<T> task(SerializableCallable<T> task) {
    return task;
  }

  /// Leaves a trace when it begins, and ends when the gate is opened.
  private Callable<Integer> gated(int number) {
    String name = folder.toString();
    return task(() -> {
      Path traces = Path.of(name);
      Files.createFile(traces.resolve("begun-" + number));
      while (!Files.exists(traces.resolve("gate"))) {
        Thread.sleep(5);
      }
      return number;
    });
  }

  private void awaitBegun(int number) {
    await().atMost(Deadlines.LONG).until(() -> hasBegun(number));
  }

  private boolean hasBegun(int number) {
    return Files.exists(folder.resolve("begun-" + number));
  }

  private void openGate() throws IOException {
    Files.createFile(folder.resolve("gate"));
  }

  private static int fail() throws IOException {
    throw new IOException("no luck");
  }

  @Test
  void submitReturnsTheFutureOfTheTask() throws Exception {
    SerializableRunnable nothing = () -> {};
    Future<Integer> result = shared.submit(task(() -> 6 * 7));

    assertThat(result.get(LONG_MILLIS, TimeUnit.MILLISECONDS)).isEqualTo(42);
    assertThat(result.isDone()).isTrue();
    assertThat(result.isCancelled()).isFalse();
    assertThat(result.state()).isEqualTo(Future.State.SUCCESS);
    assertThat(result.resultNow()).isEqualTo(42);
    assertThat(result.cancel(true)).isFalse();
    assertThat(shared.submit(runnable(nothing)).get()).isNull();
    assertThat(shared.submit(runnable(nothing), "done").get()).isEqualTo("done");
  }

  /// As users have to write it, whose code knows `Runnable` only.
  private static Runnable runnable(SerializableRunnable action) {
    return (Runnable & Serializable)
        () -> {
          try {
            action.run();
          } catch (Exception e) {
            throw new AssertionError(e);
          }
        };
  }

  @Test
  void whatATaskThrowsIsTheCause() {
    Future<Integer> result = shared.submit(task(ExecutorServiceContract::fail));

    assertThatThrownBy(result::get)
        .isInstanceOf(ExecutionException.class)
        .cause()
        .isExactlyInstanceOf(IOException.class)
        .hasMessage("no luck");
    assertThat(result.state()).isEqualTo(Future.State.FAILED);
    assertThat(result.exceptionNow()).isInstanceOf(IOException.class);
  }

  @Test
  void executeRunsTheAction() {
    String name = folder.resolve("trace").toString();
    shared.execute(runnable(() -> Files.createFile(Path.of(name))));

    await().atMost(Deadlines.LONG).until(() -> Files.exists(Path.of(name)));
  }

  @Test
  void nullsAreRefused() {
    assertThatNullPointerException().isThrownBy(() -> shared.execute(nothing()));
    assertThatNullPointerException()
        .isThrownBy(() -> shared.submit(ExecutorServiceContract.<Callable<Integer>>nothing()));
    assertThatNullPointerException()
        .isThrownBy(() -> shared.submit(ExecutorServiceContract.<Runnable>nothing()));
    assertThatNullPointerException().isThrownBy(() -> shared.invokeAll(nothing()));
    assertThatNullPointerException().isThrownBy(() -> shared.invokeAny(nothing()));
    assertThatThrownBy(() -> shared.invokeAny(List.of()))
        .isInstanceOf(IllegalArgumentException.class);
    List<@Nullable Callable<Integer>> withNull = new ArrayList<>();
    withNull.add(task(() -> 1));
    withNull.add(null);
    assertThatNullPointerException().isThrownBy(() -> shared.invokeAll(cast(withNull)));
    withNull.removeFirst();
    assertThatNullPointerException().isThrownBy(() -> shared.invokeAny(cast(withNull)));
  }

  @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"}) // that is what is tested
  private static <T> T nothing() {
    return null;
  }

  @SuppressWarnings({"unchecked", "NullAway"})
  private static List<Callable<Integer>> cast(List<?> tasks) {
    return (List<Callable<Integer>>) tasks;
  }

  @Test
  void getWaitsNoLongerThanItsLimit() throws Exception {
    Future<Integer> result = shared.submit(gated(1));

    assertThatThrownBy(() -> result.get(SHORT_MILLIS, TimeUnit.MILLISECONDS))
        .isInstanceOf(TimeoutException.class);
    assertThat(result.state()).isEqualTo(Future.State.RUNNING);
    openGate();
    assertThat(result.get()).isEqualTo(1);
  }

  @Test
  void getEndsByInterrupt() throws Exception {
    Future<Integer> result = shared.submit(gated(1));
    Thread.currentThread().interrupt();

    assertThatThrownBy(result::get).isInstanceOf(InterruptedException.class);
    assertThat(Thread.interrupted()).isFalse();
    openGate();
    assertThat(result.get()).isEqualTo(1);
  }

  @Test
  void cancelledTaskThatHasNotBegunNeverRuns() throws Exception {
    Future<Integer> running = shared.submit(gated(1));
    awaitBegun(1);
    Future<Integer> waiting = shared.submit(gated(2));

    assertThat(waiting.cancel(false)).isTrue();
    assertThat(waiting.isCancelled()).isTrue();
    assertThat(waiting.isDone()).isTrue();
    assertThatThrownBy(waiting::get).isInstanceOf(CancellationException.class);
    openGate();
    assertThat(running.get()).isEqualTo(1);
    assertThat(shared.submit(task(() -> 3)).get()).isEqualTo(3);
    assertThat(hasBegun(2)).isFalse();
  }

  @Test
  void cancelledTaskThatRunsIsInterrupted() throws Exception {
    Future<Integer> running = shared.submit(gated(1));
    awaitBegun(1);

    assertThat(running.cancel(true)).isTrue();
    assertThatThrownBy(running::get).isInstanceOf(CancellationException.class);
    assertThat(shared.submit(task(() -> 3)).get()).isEqualTo(3); // the gate is still shut
  }

  @Test
  void invokeAnyEndsTheOthers() throws Exception {
    Future<Integer> before = shared.submit(gated(1));
    awaitBegun(1);
    Thread opener =
        Thread.ofVirtual()
            .start(() -> {
              try {
                openGate();
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
    assertThat(shared.invokeAny(List.of(task(() -> 2), forever(2)))).isEqualTo(2);
    opener.join();
    assertThat(before.get()).isEqualTo(1);
    assertThat(shared.submit(task(() -> 3)).get()).isEqualTo(3); // which the other would hold up
  }

  private static Callable<Integer> forever(int result) {
    return task(() -> {
      new CountDownLatch(1).await();
      return result;
    });
  }

  @Test
  void interruptEndsEveryWait() throws Exception {
    Future<Integer> before = shared.submit(gated(1));
    awaitBegun(1);
    List<ThrowingCallable> waits =
        List.of(
            () -> shared.invokeAll(List.of(gated(2))),
            () -> shared.invokeAll(List.of(gated(3)), LONG_MILLIS, TimeUnit.MILLISECONDS),
            () -> shared.invokeAny(List.of(gated(4))),
            () -> shared.invokeAny(List.of(gated(5)), LONG_MILLIS, TimeUnit.MILLISECONDS),
            () -> {
              var _ = shared.awaitTermination(LONG_MILLIS, TimeUnit.MILLISECONDS);
            });
    for (ThrowingCallable wait : waits) {
      Thread.currentThread().interrupt();
      assertThatThrownBy(wait).isInstanceOf(InterruptedException.class);
      assertThat(Thread.interrupted()).isFalse();
    }
    openGate();
    assertThat(before.get()).isEqualTo(1);
    assertThat(shared.submit(task(() -> 3)).get()).isEqualTo(3);
    for (int i = 2; i <= 5; i++) {
      assertThat(hasBegun(i)).as("what nobody waits for is cancelled: %d", i).isFalse();
    }
  }

  @Test
  void invokeAllWaitsForAllInTheirOrder() throws Exception {
    List<Future<Integer>> results =
        shared.invokeAll(
            List.of(task(() -> 1), task(ExecutorServiceContract::fail), task(() -> 3)));

    assertThat(results).hasSize(3).allMatch(Future::isDone);
    assertThat(results.get(0).get()).isEqualTo(1);
    assertThatThrownBy(() -> results.get(1).get()).hasCauseInstanceOf(IOException.class);
    assertThat(results.get(2).get()).isEqualTo(3);
    assertThat(shared.invokeAll(List.<Callable<Integer>>of())).isEmpty();
  }

  @Test
  void invokeAllWithALimitCancelsWhatIsNotDone() throws Exception {
    Future<Integer> before = shared.submit(gated(1));
    awaitBegun(1);
    List<Future<Integer>> results =
        shared.invokeAll(List.of(gated(2), gated(3)), SHORT_MILLIS, TimeUnit.MILLISECONDS);

    assertThat(results).hasSize(2).allMatch(Future::isCancelled);
    openGate();
    assertThat(before.get()).isEqualTo(1);
    assertThat(
            shared.invokeAll(
                List.of(task(() -> 1), task(() -> 2)), LONG_MILLIS, TimeUnit.MILLISECONDS))
        .extracting(Future::get)
        .containsExactly(1, 2);
    assertThat(hasBegun(2)).isFalse();
  }

  @Test
  void invokeAnyReturnsTheResultOfOneThatSucceeds() throws Exception {
    assertThat(shared.invokeAny(List.of(task(ExecutorServiceContract::fail), task(() -> 2))))
        .isEqualTo(2);
    assertThatThrownBy(() -> shared.invokeAny(List.of(task(ExecutorServiceContract::fail))))
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(IOException.class);
    assertThat(shared.invokeAny(List.of(task(() -> 7)), LONG_MILLIS, TimeUnit.MILLISECONDS))
        .isEqualTo(7);
  }

  @Test
  void invokeAnyWithALimitCancelsWhatIsNotDone() throws Exception {
    Future<Integer> before = shared.submit(gated(1));
    awaitBegun(1);

    assertThatThrownBy(
            () -> shared.invokeAny(List.of(gated(2)), SHORT_MILLIS, TimeUnit.MILLISECONDS))
        .isInstanceOf(TimeoutException.class);
    openGate();
    assertThat(before.get()).isEqualTo(1);
    assertThat(shared.submit(task(() -> 3)).get()).isEqualTo(3);
    assertThat(hasBegun(2)).isFalse();
  }

  @Test
  void shutdownLetsTasksEndAndTakesNoMore() throws Exception {
    ExecutorService executor = openOwn();
    Future<Integer> running = executor.submit(gated(1));
    Future<Integer> waiting = executor.submit(task(() -> 2));
    assertThat(executor.isShutdown()).isFalse();
    assertThat(executor.awaitTermination(1, TimeUnit.MILLISECONDS)).isFalse();
    executor.shutdown();
    executor.shutdown();

    assertThat(executor.isShutdown()).isTrue();
    assertThat(executor.isTerminated()).isFalse();
    assertThatThrownBy(() -> executor.submit(task(() -> 3)))
        .isInstanceOf(RejectedExecutionException.class);
    assertThatThrownBy(() -> executor.execute(runnable(() -> {})))
        .isInstanceOf(RejectedExecutionException.class);
    assertThatThrownBy(() -> executor.invokeAll(List.of(task(() -> 3))))
        .isInstanceOf(RejectedExecutionException.class);
    openGate();
    assertThat(running.get()).isEqualTo(1);
    assertThat(waiting.get()).isEqualTo(2);
    assertThat(executor.awaitTermination(LONG_MILLIS, TimeUnit.MILLISECONDS)).isTrue();
    assertThat(executor.isTerminated()).isTrue();
  }

  @Test
  void shutdownNowReturnsWhatNeverRan() throws Exception {
    ExecutorService executor = openOwn();
    Future<Integer> running = executor.submit(gated(1));
    awaitBegun(1);
    List<Object> waiting = new ArrayList<>();
    for (int i = 2; i <= 5; i++) {
      waiting.add(executor.submit(gated(i)));
    }
    Runnable action = runnable(() -> {});
    executor.execute(action);
    waiting.add(action);
    List<Runnable> neverRan = executor.shutdownNow();

    assertThat(neverRan).hasSize(5);
    assertThat(executor.isShutdown()).isTrue();
    assertThat(executor.awaitTermination(LONG_MILLIS, TimeUnit.MILLISECONDS)).isTrue();
    assertThat(executor.shutdownNow()).isEmpty();
    assertThatThrownBy(running::get)
        .satisfiesAnyOf(
            e -> assertThat(e).isInstanceOf(CancellationException.class),
            e -> assertThat(e).isInstanceOf(ExecutionException.class)); // the task was interrupted
    for (int i = 2; i <= 5; i++) {
      assertThat(hasBegun(i)).isFalse();
    }
    assertThat(List.<Object>copyOf(neverRan)).isEqualTo(waiting);
  }

  @Test
  void closeWaitsAndIsTerminated() throws Exception {
    ExecutorService executor = openOwn();
    Future<Integer> result = executor.submit(task(() -> 1));
    executor.close();

    assertThat(executor.isTerminated()).isTrue();
    assertThat(result.state()).isEqualTo(Future.State.SUCCESS);
  }

  @Test
  void closeThatIsInterruptedStopsTasks() throws Exception {
    ExecutorService executor = openOwn();
    Future<Integer> result = executor.submit(gated(1));
    awaitBegun(1);
    Thread.currentThread().interrupt();
    executor.close();

    assertThat(Thread.interrupted()).isTrue();
    assertThat(executor.isTerminated()).isTrue();
    assertThat(result.isDone()).isTrue();
  }
}
