package io.procession.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.procession.internal.posix.Posix;
import io.procession.process.JvmProcess;
import io.procession.serial.NotSendableException;
import io.procession.sync.SharedEvent;
import io.procession.testing.Deadlines;
import io.procession.testing.Halting;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What is told of a pool while it works: to listeners, by its figures and by its dump.
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class PoolListenerIT {
  private final Queue<String> heard = new ConcurrentLinkedQueue<>();
  private final Set<String> threads = ConcurrentHashMap.newKeySet();

  private final class Listener implements PoolListener {
    private void hear(String what, TaskEvent event) {
      threads.add(Thread.currentThread().getName());
      heard.add(what + " " + event.task() + (event.worker() == null ? "" : " here"));
    }

    @Override
    public void taskSubmitted(TaskEvent event) {
      hear("submitted", event);
    }

    @Override
    public void taskStarted(TaskEvent event) {
      hear("started", event);
    }

    @Override
    public void taskProgressed(TaskEvent event) {
      heard.add("progressed " + event.progress() + " " + event.note());
    }

    @Override
    public void taskFinished(TaskEvent event) {
      hear("finished", event);
    }

    @Override
    public void taskFailed(TaskEvent event) {
      boolean isAlive = event.certificate() == null;
      hear(isAlive ? "failed" : "died of attempt " + event.attempt() + " of", event);
    }

    @Override
    public void taskRetried(TaskEvent event) {
      heard.add("retried " + event.name() + " " + event.attempt());
    }

    @Override
    public void workerStarted(WorkerEvent event) {
      heard.add("worker started");
    }

    @Override
    public void workerDied(WorkerEvent event) {
      heard.add("worker died");
      throw new IllegalStateException("of a listener; it is logged once");
    }

    @Override
    public void workerRecycled(WorkerEvent event) {
      heard.add("worker recycled");
    }

    @Override
    public void workerLeft(WorkerEvent event) {
      heard.add("worker left");
    }
  }

  private static int end() {
    Runtime.getRuntime().halt(3);
    return 1;
  }

  @Test
  void listenersHearEverythingInItsOrder() {
    var options = PoolOptions.defaults().withProcesses(1).withListener(new Listener());
    try (var pool = ProcessPool.open(options)) {
      int one =
          pool.apply(() -> {
            Task.current().progress(0.5, "half");
            return 1;
          });
      assertThat(one).isEqualTo(1);
      assertThatThrownBy(() ->
              pool.apply(() -> {
                throw new IllegalArgumentException("of the task");
              }))
          .isInstanceOf(TaskException.class);
      AsyncResult<Integer> twice =
          pool.applyAsync(TaskOptions.defaults().withRetries(1).withName("risk"), () -> end());
      assertThatThrownBy(twice::join).cause().isInstanceOf(TaskException.class);
      List<String> expected =
          List.of(
              "worker started",
              "submitted 1",
              "started 1 here",
              "progressed 0.5 half",
              "finished 1 here",
              "submitted 2",
              "started 2 here",
              "failed 2 here",
              "submitted 3",
              "started 3 here",
              "retried risk 2",
              "worker died",
              "worker started",
              "started 3 here",
              "died of attempt 2 of 3 here",
              "worker died");
      await().atMost(Deadlines.LONG).untilAsserted(() -> assertThat(heard).containsAll(expected));
      assertThat(heard).startsWith(expected.toArray(new String[0]));
      assertThat(threads).allMatch(name -> name.endsWith("-events"));
      await().atMost(Deadlines.LONG).until(() -> pool.workers().size() == 1);

      PoolStats stats = pool.stats();
      assertThat(stats.submitted()).isEqualTo(3);
      assertThat(stats.finished()).isEqualTo(1);
      assertThat(stats.failed()).isEqualTo(2);
      assertThat(stats.cancelled()).isZero();
      assertThat(stats.retried()).isEqualTo(1);
      assertThat(stats.workersDied()).isEqualTo(2);
    }
    assertThat(heard)
        .last()
        .isEqualTo("worker left"); // to close is no death, and nothing comes later
    assertThat(heard.stream().filter("worker died"::equals)).hasSize(2);
  }

  /// Each task is in one of the counts, at any moment.
  @Test
  void countsAddUp() throws Exception {
    SharedEvent begun = SharedEvent.create();
    SharedEvent go = SharedEvent.create();
    ProcessPool pool = ProcessPool.open(1);
    try {
      assertThat(pool.apply(() -> 1)).isEqualTo(1);
      AsyncResult<Integer> running = pool.applyAsync(() -> waits(begun, go));
      begun.await();
      AsyncResult<Integer> second = pool.applyAsync(() -> 2);
      AsyncResult<Integer> third = pool.applyAsync(() -> 3);
      assertThat(third.cancel(false)).isTrue();
      assertThatThrownBy(() -> pool.map(x -> x, List.of(1, new Object()), 1))
          .isInstanceOf(NotSendableException.class);

      PoolStats stats = pool.stats();
      assertThat(stats.submitted()).isEqualTo(5);
      assertThat(stats.finished()).isEqualTo(1);
      assertThat(stats.failed()).isZero();
      assertThat(stats.cancelled()).isEqualTo(2);
      assertThat(stats.running()).isEqualTo(1);
      assertThat(stats.pending()).isEqualTo(1);
      go.set();
      assertThat(running.get()).isEqualTo(1);
      assertThat(second.get()).isEqualTo(2);
    } finally {
      pool.close();
    }
    PoolStats stats = pool.stats();
    assertThat(stats.submitted()).isEqualTo(stats.finished() + stats.cancelled()).isEqualTo(5);
    assertThat(stats.workersDied()).isZero();
  }

  /// An element that fails alone in its chunk is told of once.
  @Test
  void progressBarCountsEachElementOnce() {
    var out = new ByteArrayOutputStream();
    try (var bar = ProgressBar.to(new PrintStream(out, true, StandardCharsets.UTF_8), 4);
        var pool = ProcessPool.open(PoolOptions.defaults().withProcesses(1).withListener(bar))) {
      var results = pool.imap(x -> 1 / x, List.of(1, 0, 1, 0), 1);
      int failed = 0;
      while (results.hasNext()) {
        try {
          assertThat(results.next()).isEqualTo(1);
        } catch (TaskException e) {
          failed++;
        }
      }
      assertThat(failed).isEqualTo(2);
      await().atMost(Deadlines.LONG).until(() -> drawn(out).contains("2 failed"));
    }
    assertThat(drawn(out)).contains("4 of 4, 2 failed").doesNotContain("5 of 4");
  }

  private static String drawn(ByteArrayOutputStream out) {
    return out.toString(StandardCharsets.UTF_8);
  }

  @Test
  void poolTellsWhatItIsAbout() throws Exception {
    SharedEvent begun = SharedEvent.create();
    SharedEvent go = SharedEvent.create();
    try (var pool = ProcessPool.open(PoolOptions.defaults().withProcesses(2))) {
      for (int i = 0; i < 64; i++) {
        int same = pool.apply(x -> x, i);
        assertThat(same).isEqualTo(i);
      }
      AsyncResult<Integer> waiting =
          pool.applyAsync(TaskOptions.defaults().withName("the slow one"), () -> waits(begun, go));
      begun.await();

      PoolStats stats = pool.stats();
      String dump = pool.dump();
      go.set();

      assertThat(stats.finished()).isEqualTo(64);
      assertThat(stats.running()).isEqualTo(1);
      assertThat(stats.pending()).isZero();
      assertThat(stats.median()).isPositive().isLessThanOrEqualTo(stats.ninetyNinth());
      assertThat(stats.rate()).isPositive();
      assertThat(stats.workers()).isNotEmpty();
      assertThat(stats.workers().stream().mapToLong(PoolStats.WorkerStats::tasks).sum())
          .isEqualTo(64);
      assertThat(dump)
          .contains("task 65 \"the slow one\"")
          .contains("PoolListenerIT.waits")
          .contains("heap");
      assertThat(waiting.get()).isEqualTo(1);
    } finally {
      begun.destroy();
      go.destroy();
    }
  }

  @Test
  void dumpHasAllWorkersThoughOneIsStopped() throws Exception {
    SharedEvent begun = SharedEvent.create();
    SharedEvent go = SharedEvent.create();
    try (var pool = ProcessPool.open(PoolOptions.defaults().withProcesses(3))) {
      AsyncResult<Integer> busy = pool.applyAsync(() -> waits(begun, go));
      begun.await();
      await().atMost(Deadlines.LONG).until(() -> pool.workers().size() == 3);
      try (Actor<Runnable> actor = pool.actor(Runnable.class, () -> () -> {});
          Actor<Runnable> stopped = pool.actor(Runnable.class, () -> () -> {})) {
        actor.proxy().run();
        stopped.proxy().run();
        Halting.stop(stopped.worker().orElseThrow().pid());
        String dump = pool.dump();
        Posix.kill(stopped.worker().orElseThrow().pid(), 18);
        for (JvmProcess worker : pool.workers()) {
          assertThat(dump).contains(worker.name() + " (pid " + worker.pid() + "): ");
        }
        assertThat(dump.split("PoolListenerIT.waits", -1)).hasSize(2);
        assertThat(dump.split("it does not answer", -1)).hasSize(2);
        assertThat(dump)
            .contains("no task")
            .contains(actor.worker().orElseThrow().name() + " (pid ")
            .contains(": 1 worker\n");
      }
      assertThat(pool.stats().workers()).hasSize(3).allMatch(each -> each.memory() > 1 << 20);
      go.set();
      assertThat(busy.get()).isEqualTo(1);
    } finally {
      begun.destroy();
      go.destroy();
    }
  }

  @Test
  void listenerHearsOneThingAtATimeOfActorsToo() {
    var inside = new AtomicInteger();
    var most = new AtomicInteger();
    var heard = new AtomicInteger();
    var listener =
        new PoolListener() {
          @Override
          public void taskFinished(TaskEvent event) {
            most.accumulateAndGet(inside.incrementAndGet(), Math::max);
            for (int i = 0; i < 2_000; i++) {
              Thread.onSpinWait(); // time for another to come in
            }
            heard.incrementAndGet();
            inside.decrementAndGet();
          }
        };
    var options = PoolOptions.defaults().withProcesses(1).withListener(listener);
    try (var pool = ProcessPool.open(options);
        Actor<IntSupplier> actor = pool.actor(IntSupplier.class, () -> () -> 1)) {
      for (int i = 0; i < 500; i++) {
        AsyncResult<Integer> other = pool.applyAsync(() -> 1);
        assertThat(actor.proxy().getAsInt()).isEqualTo(1);
        assertThat(other.join()).isEqualTo(1);
      }
    }
    assertThat(heard).hasValue(1_000);
    assertThat(most).hasValue(1);
  }

  private static int waits(SharedEvent begun, SharedEvent go) throws InterruptedException {
    begun.set();
    go.await();
    return 1;
  }

  @Test
  void timesAreCountedInFineClasses() {
    Latencies latencies = new Latencies();
    assertThat(latencies.percentile(0.5)).isZero();
    for (int i = 1; i <= 100; i++) {
      latencies.add(i * 1_000L);
    }
    assertThat(latencies.percentile(0.5)).isBetween(50_000L, 57_000L);
    assertThat(latencies.percentile(0.99)).isBetween(99_000L, 112_000L);
    latencies.add(0);
    latencies.add(Long.MAX_VALUE);
    assertThat(latencies.percentile(1)).isNotZero();
  }
}
