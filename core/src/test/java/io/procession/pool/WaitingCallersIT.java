package io.procession.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.connection.Connection;
import io.procession.connection.Pipe;
import io.procession.process.JvmProcess;
import io.procession.process.ProcessExit;
import io.procession.sync.SharedEvent;
import io.procession.testing.Deadlines;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Callers that wait for a task read its worker's results themselves: whatever they do meanwhile or
/// afterwards, others get theirs.
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class WaitingCallersIT {

  @Test
  void dependentsMayWaitForOtherTasksOfTheSameWorker() throws Exception {
    try (var pool = ProcessPool.open(1)) {
      for (int i = 0; i < 300; i++) {
        var second = new CountDownLatch(1);
        AsyncResult<Integer> one = pool.applyAsync(x -> x, i);
        AsyncResult<Integer> two = pool.applyAsync(x -> x, i);
        var _ = two.thenRun(second::countDown);
        var waited = one.thenApply(x -> isOpened(second));
        assertThat(one.get()).isEqualTo(i);
        assertThat(waited.get()).as("round %d", i).isTrue();
      }
    }
  }

  private static boolean isOpened(CountDownLatch latch) {
    try {
      return latch.await(Deadlines.LONG.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void dependentsMayUseAndCloseThePool() throws Exception {
    for (int i = 0; i < 5; i++) {
      ProcessPool pool = ProcessPool.open(1);
      var next = pool.applyAsync(x -> x, i).thenApply(x -> pool.apply(y -> y + 1, x));
      assertThat(next.get()).isEqualTo(i + 1);
      AsyncResult<Integer> last = pool.applyAsync(x -> x, i);
      var closed = last.thenRun(pool::close);
      assertThat(last.get()).isEqualTo(i);
      closed.get();
      assertThat(pool.workers()).isEmpty();
    }
  }

  /// Callers come and go at any moment: some give up, those who stay get what is theirs.
  @Test
  void callersThatGiveUpTakeNothingAlong() throws Exception {
    var random = new Random(Long.getLong("procession.test.seed", 1));
    var failure = new AtomicReference<@Nullable Throwable>();
    var done = new AtomicBoolean();
    try (var pool = ProcessPool.open(2)) {
      List<Thread> callers = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        int start = i * 1_000_000;
        Runnable call = () -> callUntil(pool, start, done, failure);
        callers.add(i < 3 ? Thread.ofPlatform().start(call) : Thread.ofVirtual().start(call));
      }
      for (int i = 0; i < 400; i++) {
        callers.get(random.nextInt(4)).interrupt();
        LockSupport.parkNanos(random.nextInt(2_000_000));
      }
      done.set(true);
      for (Thread caller : callers) {
        caller.join();
      }
    }
    assertThat(failure.get()).isNull();
  }

  /// The caller reads the results of a worker when its own process is asked to stop: the worker lives.
  @Test
  void callerWhoseProcessIsToStopTakesNothingAlong() throws Exception {
    SharedEvent begun = SharedEvent.create();
    SharedEvent go = SharedEvent.create();
    try (Pipe pipe = Pipe.duplex()) {
      Connection report = pipe.second();
      JvmProcess process = JvmProcess.of(() -> callUntilStopped(begun, go, report));
      process.start();
      begun.await();
      process.stop();
      assertThat(pipe.first().recv()).isEqualTo("stopped");
      go.set();
      assertThat(pipe.first().recv()).isEqualTo(true);
      process.join();
    } finally {
      begun.destroy();
      go.destroy();
    }
  }

  private static void callUntilStopped(SharedEvent begun, SharedEvent go, Connection report)
      throws Exception {
    try (var pool = ProcessPool.open(1)) {
      long worker = pool.apply(() -> ProcessHandle.current().pid());
      try {
        report.send(pool.apply(() -> waits(begun, go)));
      } catch (ProcessExit e) {
        report.send("stopped");
        report.send(pool.apply(() -> ProcessHandle.current().pid()) == worker);
      }
    }
  }

  private static int waits(SharedEvent begun, SharedEvent go) throws InterruptedException {
    begun.set();
    go.await();
    return 1;
  }

  private static void callUntil(
      ProcessPool pool,
      int start,
      AtomicBoolean done,
      AtomicReference<@Nullable Throwable> failure) {
    try {
      int number = start;
      while (!done.get()) {
        int sent = number++;
        try {
          int result =
              sent % 2 == 0
                  ? pool.apply(x -> x + 1, sent)
                  : pool.applyAsync(x -> x + 1, sent).get();
          assertThat(result).isEqualTo(sent + 1);
        } catch (CancellationException e) {
          assertThat(Thread.interrupted()).isTrue();
        } catch (InterruptedException e) {
          // it was meant for get, which told so
        }
      }
    } catch (Throwable t) {
      failure.compareAndSet(null, t);
    }
  }
}
