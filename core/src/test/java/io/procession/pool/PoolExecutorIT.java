package io.procession.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.procession.queue.SharedQueue;
import io.procession.serial.NotSendableException;
import io.procession.serial.SerializableCallable;
import io.procession.sync.SharedEvent;
import io.procession.testing.Deadlines;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// The executor view of a pool, and how a pool ends.
class PoolExecutorIT extends ExecutorServiceContract {
  @Override
  ExecutorService open() {
    return ProcessPool.open(1).asExecutorService();
  }

  @Test
  void plainLambdaIsRefusedWithWhatToWriteInstead() {
    try (ProcessPool pool = ProcessPool.open(1)) {
      ExecutorService executor = pool.asExecutorService();
      Callable<Integer> plain = () -> 1;
      assertThatThrownBy(() -> executor.submit(plain))
          .isInstanceOf(NotSendableException.class)
          .hasMessageContaining("(Callable<T> & Serializable) () -> ...")
          .hasMessageContaining(PoolExecutorIT.class.getName());
      assertThatThrownBy(() -> executor.execute(() -> {}))
          .isInstanceOf(NotSendableException.class)
          .hasMessageContaining("(Runnable & Serializable)");
      assertThatThrownBy(() -> CompletableFuture.supplyAsync(() -> 1, executor))
          .isInstanceOf(NotSendableException.class)
          .hasMessageContaining("call applyAsync of the pool: its result is a CompletableFuture");
      assertThatThrownBy(() -> executor.invokeAll(List.of(plain)))
          .isInstanceOf(NotSendableException.class);
      assertThat(executor).hasToString("ExecutorService of " + pool);
    }
  }

  @Test
  void deathOfAWorkerIsTheCauseAndFailedActionsAreReported() throws Exception {
    var reported = new AtomicReference<@Nullable Throwable>();
    var isReported = new CountDownLatch(1);
    var former = Thread.getDefaultUncaughtExceptionHandler();
    Thread.setDefaultUncaughtExceptionHandler((_, t) -> {
      reported.set(t);
      isReported.countDown();
    });
    try (ProcessPool pool = ProcessPool.open(1)) {
      ExecutorService executor = pool.asExecutorService();
      SerializableCallable<Integer> deadly =
          () -> {
            Runtime.getRuntime().halt(5);
            return 1;
          };
      Future<Integer> doomed = executor.submit(deadly);
      assertThatThrownBy(doomed::get)
          .isInstanceOf(ExecutionException.class)
          .hasCauseInstanceOf(WorkerDiedException.class);
      executor.execute(
          (Runnable & java.io.Serializable)
              () -> {
                throw new IllegalStateException("unheard");
              });
      assertThat(isReported.await(50, TimeUnit.SECONDS)).isTrue();
      assertThat(reported.get()).isInstanceOf(TaskException.class).hasMessageContaining("unheard");
    } finally {
      Thread.setDefaultUncaughtExceptionHandler(former);
    }
  }

  @Test
  void taskThatNeverRanCanBeRunHere() throws Exception {
    ProcessPool pool = ProcessPool.open(1);
    ExecutorService executor = pool.asExecutorService();
    List<Integer> ran = new ArrayList<>();
    SerializableCallable<Integer> slow =
        () -> {
          Thread.sleep(60_000);
          return 1;
        };
    AsyncResult<Integer> direct = pool.applyAsync(slow);
    Future<Integer> second = executor.submit(slow);
    Future<Integer> third = executor.submit(new Recorded(ran));
    List<Runnable> neverRan = executor.shutdownNow();
    neverRan.getLast().run();

    assertThat(neverRan.getLast()).isSameAs(third);
    assertThat(ran).containsExactly(1);
    pool.join();
    assertThat(third.isCancelled()).isTrue();
    assertThat(direct.isDone() && second.isDone()).isTrue();
  }

  @Test
  void taskThatNeverRanCanBeGivenToAnotherPool() throws Exception {
    SharedQueue<String> ran = SharedQueue.create();
    try (ProcessPool other = ProcessPool.open(1)) {
      ProcessPool pool = ProcessPool.open(1);
      ExecutorService executor = pool.asExecutorService();
      SharedEvent begun = SharedEvent.create();
      AsyncResult<Integer> running =
          pool.applyAsync(() -> {
            begun.set();
            Thread.sleep(60_000);
            return 1;
          });
      begun.await();
      Future<?> waiting = executor.submit((Runnable & Serializable) () -> put(ran, "runnable"));
      Future<?> second =
          executor.submit((Callable<Object> & Serializable) () -> put(ran, "callable"));
      List<Runnable> neverRan = executor.shutdownNow();
      assertThat(neverRan).containsExactly((Runnable) waiting, (Runnable) second);
      neverRan.forEach(other.asExecutorService()::execute);
      assertThat(ran.poll(Deadlines.LONG.toMillis(), TimeUnit.MILLISECONDS)).isEqualTo("runnable");
      assertThat(ran.poll(Deadlines.LONG.toMillis(), TimeUnit.MILLISECONDS)).isEqualTo("callable");
      assertThat(waiting.isCancelled()).isTrue();
      assertThat(running.handle((_, _) -> true).join()).isTrue();
      begun.destroy();
    } finally {
      ran.destroy();
    }
  }

  private static Object put(SharedQueue<String> queue, String what) {
    queue.add(what);
    return what;
  }

  private static final class Recorded implements SerializableCallable<Integer> {
    private static final long serialVersionUID = 1L;
    private final transient List<Integer> ran;

    Recorded(List<Integer> ran) {
      this.ran = ran;
    }

    @Override
    public Integer call() {
      ran.add(1);
      return 1;
    }
  }

  @Test
  void joinNeedsTheEndAndWaitsForIt() throws Exception {
    ProcessPool pool = ProcessPool.open(1);
    assertThatThrownBy(pool::join)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("join needs shutdown or terminate first");
    assertThatThrownBy(() -> pool.join(Duration.ZERO)).isInstanceOf(IllegalStateException.class);
    List<Integer> seen = new ArrayList<>();
    var _ =
        pool.applyAsync(
                () -> {
                  Thread.sleep(300);
                  return 1;
                })
            .onSuccess(seen::add);
    pool.shutdown();
    assertThat(pool.join(Duration.ofMillis(1))).isFalse();
    Thread.currentThread().interrupt();
    assertThatThrownBy(pool::join).isInstanceOf(InterruptedException.class);
    pool.join();

    assertThat(seen).containsExactly(1);
    assertThat(pool.workers()).isEmpty();
    assertThat(pool.join(Duration.ZERO)).isTrue();
    pool.close();
    pool.terminate();
  }

  @Test
  void joinAfterTerminateReturns() throws Exception {
    ProcessPool pool = ProcessPool.open(1);
    pool.terminate();
    pool.join();
    assertThat(pool.asExecutorService().isTerminated()).isTrue();
    assertThat(pool.asExecutorService().shutdownNow()).isEmpty();
  }
}
