package io.procession.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.procession.Procession;
import io.procession.process.DeathCause;
import io.procession.serial.NotSendableException;
import io.procession.sync.SharedEvent;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A pool whose workers are threads does what one of JVMs does.
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class PoolOfThreadsTest {
  private static final Duration SOON = Duration.ofMillis(50);

  private static final AtomicBoolean GO = new AtomicBoolean();

  private static ProcessPool pool;

  @BeforeAll
  static void open() {
    pool = Procession.dummy().pool(2);
  }

  @AfterAll
  static void close() {
    pool.close();
  }

  /// What a counter is for.
  interface Counter {
    int next();
  }

  @Test
  void tasksAreDoneByWorkersOnTheirOwnCopies() throws Exception {
    assertThat(pool.map(x -> x * x, List.of(1, 2, 3))).containsExactly(1, 4, 9);
    try (ResultIterator<Integer> results = pool.imap(x -> x + 1, List.of(1, 2, 3))) {
      assertThat(results.next()).isEqualTo(2);
    }
    String worker = pool.apply(() -> Procession.currentProcess().name());
    assertThat(worker).contains("worker");
    List<Integer> mine = new ArrayList<>(List.of(1));
    int size =
        pool.apply(
            list -> {
              list.add(2);
              return list.size();
            },
            mine);
    assertThat(size).isEqualTo(2);
    assertThat(mine).containsExactly(1);
    Socket socket = new Socket();
    assertThatThrownBy(() -> pool.apply(() -> socket.isBound()))
        .isInstanceOf(NotSendableException.class);
    assertThatThrownBy(() ->
            pool.apply(() -> {
              throw new IllegalStateException("boom");
            }))
        .isInstanceOf(TaskException.class)
        .hasRootCauseMessage("boom");
  }

  @Test
  void eachWorkerHasItsOwnValuesAndCurrentTask() throws Exception {
    PoolOptions options =
        PoolOptions.defaults()
            .withProcesses(1)
            .withInitializer(() -> Worker.local("made", () -> new int[] {41}))
            .withMaxTasksPerWorker(2);
    try (ProcessPool small = Procession.dummy().pool(options)) {
      List<Integer> counts = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        counts.add(
            small.apply(
                () -> ++Worker.local("made", () -> new int[1])[0] * Task.current().attempt()));
      }
      assertThat(counts).containsExactly(42, 43, 42, 43);
    }
    assertThatThrownBy(Task::current).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void actorKeepsItsState() {
    try (Actor<Counter> actor =
        pool.actor(
            Counter.class,
            () -> {
              int[] count = new int[1];
              return () -> ++count[0];
            })) {
      Counter counter = actor.proxy();
      assertThat(counter.next()).isEqualTo(1);
      assertThat(counter.next()).isEqualTo(2);
    }
  }

  @Test
  void deadlineAndCancelInterrupt() throws Exception {
    AsyncResult<Integer> late =
        pool.applyAsync(
            TaskOptions.defaults().withDeadline(SOON),
            () -> {
              Thread.sleep(Long.MAX_VALUE);
              return 1;
            });
    assertThatThrownBy(late::join)
        .isInstanceOf(CompletionException.class)
        .hasRootCauseInstanceOf(InterruptedException.class);
    try (SharedEvent begun = SharedEvent.create();
        SharedEvent ended = SharedEvent.create()) {
      AsyncResult<Integer> cancelled =
          pool.applyAsync(() -> {
            try {
              begun.set();
              Thread.sleep(Long.MAX_VALUE);
            } finally {
              ended.set();
            }
            return 1;
          });
      begun.await();
      assertThat(cancelled.cancel(true)).isTrue();
      ended.await();
    }
  }

  @Test
  void workerThatHeedsNothingIsGivenUpAndReplaced() throws Exception {
    GO.set(false);
    PoolOptions options = PoolOptions.defaults().withProcesses(1);
    try (ProcessPool small = Procession.dummy().pool(options);
        SharedEvent begun = SharedEvent.create();
        SharedEvent ended = SharedEvent.create()) {
      AsyncResult<Integer> endless =
          small.applyAsync(
              TaskOptions.defaults().withDeadline(SOON).withHardDeadline(SOON.multipliedBy(2)),
              () -> {
                begun.set();
                while (!GO.get()) {
                  Thread.onSpinWait();
                }
                ended.set();
                return 1;
              });
      assertThatThrownBy(endless::join).hasRootCauseInstanceOf(TaskTimeoutException.class);
      assertThat(small.apply(() -> 5)).isEqualTo(5);
      GO.set(true);
      if (begun.isSet()) { // else its worker was given up before it came to the task
        ended.await();
      }
    }
  }

  @Test
  void deathOfAWorkerIsToldWithItsCertificate() throws Exception {
    try (SharedEvent begun = SharedEvent.create()) {
      AsyncResult<Integer> lost =
          pool.applyAsync(() -> {
            begun.set();
            SharedEvent.create().await();
            return 1;
          });
      begun.await();
      pool.workers().forEach(worker -> worker.terminate());
      assertThatThrownBy(lost::join)
          .hasRootCauseInstanceOf(WorkerDiedException.class)
          .rootCause()
          .satisfies(died ->
              assertThat(((WorkerDiedException) died).certificate().cause())
                  .isEqualTo(DeathCause.STOPPED));
    }
  }
}
