package io.procession.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.testing.Deadlines;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Stages of a result run while it is completed, newest first, and may do anything: nobody waits for them, neither
/// callbacks of theirs or of other results nor the end of the pool.
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class StagesIT {
  private final List<String> told = Collections.synchronizedList(new ArrayList<>());

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(Deadlines.LONG.toMillis(), TimeUnit.MILLISECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void await(CompletableFuture<?> stage) throws Exception {
    var _ = stage.get(Deadlines.LONG.toMillis(), TimeUnit.MILLISECONDS);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void stageClosesThePoolOfItsOwnCallback(boolean isMap) throws Exception {
    var pool = ProcessPool.open(1);
    AsyncResult<?> result =
        isMap ? pool.mapAsync(x -> x + 1, List.of(1, 2)) : pool.applyAsync(x -> x + 1, 1);
    CompletableFuture<Void> closed =
        result.onSuccess(x -> told.add("value " + x)).thenRun(pool::close);
    await(closed);
    assertThat(told).containsExactly(isMap ? "value [2, 3]" : "value 2");
  }

  @Test
  void stageClosesThePoolOfOthersCallbacks() throws Exception {
    var pool = ProcessPool.open(1);
    CountDownLatch go = new CountDownLatch(1);
    AsyncResult<Integer> first = pool.applyAsync(x -> x + 1, 1);
    CompletableFuture<Void> closed =
        first.thenRun(() -> {
          await(go);
          pool.close();
        });
    var _ = pool.applyAsync(x -> x + 1, 2).onSuccess(x -> told.add("second " + x));
    go.countDown();
    await(closed);
    assertThat(told).containsExactly("second 3");
  }

  @Test
  void stageWaitsForCallbacks() throws Exception {
    try (var pool = ProcessPool.open(1)) {
      CountDownLatch own = new CountDownLatch(1);
      CountDownLatch others = new CountDownLatch(1);
      AsyncResult<Integer> first = pool.applyAsync(x -> x + 1, 1).onSuccess(x -> own.countDown());
      CompletableFuture<Void> waited =
          first.thenRun(() -> {
            await(own);
            await(others);
          });
      var _ = pool.applyAsync(x -> x + 1, 2).onSuccess(x -> others.countDown());
      await(waited);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"cancel", "complete", "fail", "in time", "by another"})
  void stageOfWhatTheUserCompletesWaitsForItsCallback(String how) throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    try (var pool = ProcessPool.open(1)) {
      AsyncResult<Integer> result =
          pool.applyAsync(
              TaskOptions.defaults(),
              () -> {
                new CountDownLatch(1).await();
                return 1;
              });
      CountDownLatch called = new CountDownLatch(1);
      var _ =
          result
              .onSuccess(x -> told.add("value " + x))
              .onFailure(e -> told.add(e.getClass().getSimpleName()))
              .onSuccess(x -> called.countDown())
              .onFailure(e -> called.countDown());
      // the newest stage is the first to run, but where the future completes itself
      CompletableFuture<?> waited =
          result.whenComplete((value, failure) -> await(how.equals("by another") ? end : called));
      switch (how) {
        case "cancel" -> assertThat(result.cancel(true)).isTrue();
        case "complete" -> assertThat(result.complete(7)).isTrue();
        case "fail" -> result.completeExceptionally(new IllegalStateException("enough"));
        case "in time" -> {
          var _ = result.completeOnTimeout(7, 1, TimeUnit.MILLISECONDS);
        }
        default -> {
          var _ = result.completeAsync(() -> 7);
          end.countDown();
        }
      }
      var _ =
          waited
              .handle((value, failure) -> value)
              .get(Deadlines.LONG.toMillis(), TimeUnit.MILLISECONDS);
      await(called);
      pool.terminate();
    }
    assertThat(told)
        .containsExactly(
            switch (how) {
              case "cancel" -> "CancellationException";
              case "fail" -> "IllegalStateException";
              default -> "value 7";
            });
  }

  @Test
  void slowStageHoldsUpNeitherCallbacksNorTheEnd() throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    CompletableFuture<Void> slow;
    try (var pool = ProcessPool.open(1)) {
      slow =
          pool.applyAsync(x -> x + 1, 1)
              .onSuccess(x -> told.add("first"))
              .thenRun(() -> await(end));
      var _ = pool.applyAsync(x -> x + 1, 2).onSuccess(x -> told.add("second"));
    }
    assertThat(told).containsExactly("first", "second");
    assertThat(slow).isNotDone();
    end.countDown();
    await(slow);
  }

  @Test
  void failedMapIsTold() throws Exception {
    try (var pool = ProcessPool.open(1)) {
      var _ =
          pool.mapAsync(x -> 10 / x, List.of(1, 0))
              .onSuccess(x -> told.add("value " + x))
              .onFailure(e -> told.add(String.valueOf(e.getCause())));
    }
    assertThat(told).containsExactly("java.lang.ArithmeticException: / by zero");
  }
}
