package io.procession.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.crash.Base;
import io.procession.internal.posix.ErrnoException;
import io.procession.internal.posix.Posix;
import io.procession.process.JvmProcess;
import io.procession.testing.Deadlines;
import io.procession.testing.Halting;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Everything at once: small tasks with deadlines, single calls and elements of maps, while every 50 ms some
/// worker is killed, stopped or crashed from outside, or runs out of heap, halts, exits or hangs by a task. Each
/// task comes to its result or to a verdict, once, and nothing is left.
///
/// `-Dprocession.test.chaos=1000000` is the long form.
class PoolChaosIT {
  private static final int TASKS = Integer.getInteger("procession.test.chaos", 1_500);

  /// One in so many tasks is a call, the others are elements of maps.
  private static final int CALL_EVERY = 10;

  private static final int CALLS = TASKS / CALL_EVERY;
  private static final int UNDER_WAY = 200;
  private static final long EVENT_NANOS = 50_000_000;

  /// No more of the tasks that misbehave are under way. Without this bound they come faster than a few workers get
  /// through them, and the others soon wait behind thousands of them.
  private static final int DEEDS_UNDER_WAY = 4;

  /// The long form says this often how far it has come.
  private static final long REPORT_NANOS = 60_000_000_000L;

  private static final List<Signal> SIGNALS = List.of(Signal.values());
  private static final List<String> DEEDS = List.of("heap", "exit", "halt", "wait", "hang");

  private enum Signal {
    KILL(9),
    STOP(19),
    SEGV(11);

    private final int number;

    Signal(int number) {
      this.number = number;
    }
  }

  private final Random random = new Random(Long.getLong("procession.test.seed", System.nanoTime()));
  private final AtomicIntegerArray answers = new AtomicIntegerArray(TASKS);
  private final AtomicReference<@Nullable Throwable> wrong = new AtomicReference<>();
  private final Map<String, AtomicLong> outcomes = new ConcurrentSkipListMap<>();
  private final Map<String, AtomicLong> events = new ConcurrentSkipListMap<>();
  private final AtomicBoolean isDone = new AtomicBoolean();

  private static int work(int number) {
    return number + 1;
  }

  private static int misbehave(String deed) {
    switch (deed) {
      case "heap" -> fillHeap();
      case "exit" -> System.exit(4);
      case "halt" -> Runtime.getRuntime().halt(3);
      case "wait" -> LockSupport.park(); // until it is interrupted at its deadline
      default -> hang();
    }
    return 0;
  }

  private static void hang() {
    while (true) {
      LockSupport.park();
    }
  }

  private static void fillHeap() {
    List<byte[]> all = new ArrayList<>();
    while (all.size() < Integer.MAX_VALUE) {
      all.add(new byte[4 << 20]);
    }
  }

  private static void count(Map<String, AtomicLong> counts, String what) {
    counts.computeIfAbsent(what, _ -> new AtomicLong()).incrementAndGet();
  }

  @Test
  @Timeout(value = 60 + 8 * 3600, unit = TimeUnit.SECONDS)
  void everyTaskIsAnsweredOnceWhateverHappens() throws Exception {
    Base base = Base.now();
    long begun = System.nanoTime();
    var task =
        TaskOptions.defaults()
            .withDeadline(Duration.ofMillis(300))
            .withHardDeadline(Duration.ofMillis(500));
    var options = PoolOptions.defaults().withProcesses(4).withMaxHeap(64 << 20).withTask(task);
    PoolStats stats;
    try (var pool = ProcessPool.open(options)) {
      Thread trouble = start(() -> makeTrouble(pool));
      int half = CALLS + (TASKS - CALLS) / 2;
      List<Thread> users =
          List.of(
              start(() -> call(pool)),
              start(() -> iterate(pool, CALLS, half, 20)),
              start(() -> iterate(pool, half, TASKS, 200)));
      for (Thread user : users) {
        user.join();
      }
      isDone.set(true);
      trouble.join();
      stats = pool.stats();
    }
    System.out.println(
        "PoolChaosIT: tasks="
            + TASKS
            + ", outcomes="
            + outcomes
            + ", events="
            + events
            + ", workers started="
            + stats.workersStarted()
            + ", died="
            + stats.workersDied()
            + ", seconds="
            + Duration.ofNanos(System.nanoTime() - begun).toSeconds());
    assertThat(wrong.get()).isNull();
    for (int i = 0; i < TASKS; i++) {
      assertThat(answers.get(i)).as("answers of task %d", i).isEqualTo(1);
    }
    assertThat(stats.submitted()).isEqualTo(stats.finished() + stats.failed() + stats.cancelled());
    base.awaitAgain();
    assertThat(JvmProcess.activeChildren()).isEmpty();
  }

  private interface Part {
    void run() throws Exception;
  }

  private Thread start(Part part) {
    return Thread.ofPlatform()
        .daemon()
        .start(() -> {
          try {
            part.run();
          } catch (Throwable t) {
            wrong.compareAndSet(null, t);
          }
        });
  }

  private void call(ProcessPool pool) throws InterruptedException {
    var room = new Semaphore(UNDER_WAY);
    for (int i = 0; i < CALLS; i++) {
      int number = i;
      room.acquire();
      var _ =
          pool.applyAsync(PoolChaosIT::work, number)
              .whenComplete((value, failure) -> {
                room.release();
                note(number, value, failure);
              });
    }
    room.acquire(UNDER_WAY);
  }

  private void iterate(ProcessPool pool, int from, int to, int chunkSize) {
    Iterable<Integer> numbers = () -> IntStream.range(from, to).iterator();
    Iterator<Integer> results = pool.imapUnordered(PoolChaosIT::work, numbers, chunkSize);
    while (results.hasNext()) {
      try {
        int value = results.next();
        note(value - 1, value, null);
      } catch (TaskException e) {
        note(from + (int) e.element().orElseThrow(), null, e);
      }
    }
  }

  private void note(int number, @Nullable Integer value, @Nullable Throwable failure) {
    answers.incrementAndGet(number);
    if (failure == null) {
      count(outcomes, "result");
      if (value == null || value != number + 1) {
        wrong.compareAndSet(null, new AssertionError("task=" + number + ", result=" + value));
      }
    } else {
      noteFailure(failure);
    }
  }

  private void noteFailure(Throwable failure) {
    Throwable told = failure instanceof CompletionException ? failure.getCause() : failure;
    Throwable cause = told instanceof TaskException ? told.getCause() : null;
    switch (cause) {
      case WorkerDiedException death -> count(outcomes, death.certificate().cause().name());
      case TaskTimeoutException late ->
          count(outcomes, late.certificate().isPresent() ? "killed late" : "interrupted");
      case OutOfMemoryError _ -> count(outcomes, "OutOfMemoryError");
      case null, default -> wrong.compareAndSet(null, failure);
    }
  }

  /// Something bad every 50 ms.
  private void makeTrouble(ProcessPool pool) throws Exception {
    List<AsyncResult<Integer>> deeds = new ArrayList<>();
    long reported = System.nanoTime();
    long next = reported;
    while (!isDone.get()) {
      int kind = random.nextInt(SIGNALS.size() + DEEDS.size());
      deeds.removeIf(AsyncResult::isDone);
      if (kind < SIGNALS.size() || deeds.size() == DEEDS_UNDER_WAY) {
        strike(pool, SIGNALS.get(kind % SIGNALS.size()));
      } else {
        String deed = DEEDS.get(kind - SIGNALS.size());
        count(events, deed);
        deeds.add(pool.applyAsync(PoolChaosIT::misbehave, deed));
      }
      if (System.nanoTime() - reported > REPORT_NANOS) {
        reported = System.nanoTime();
        System.out.println("PoolChaosIT: outcomes=" + outcomes + ", events=" + events);
      }
      next += EVENT_NANOS;
      long early = next - System.nanoTime();
      if (early > 0) {
        TimeUnit.NANOSECONDS.sleep(early);
      } else {
        next -= early; // what was too slow is not made up for
      }
    }
    for (AsyncResult<Integer> deed : deeds) {
      var _ = deed.handle((_, e) -> e).get(Deadlines.LONG.toSeconds(), TimeUnit.SECONDS);
    }
  }

  /// Workers that have done nothing yet are spared, lest there never be any.
  private void strike(ProcessPool pool, Signal signal) {
    List<PoolStats.WorkerStats> workers =
        pool.stats().workers().stream().filter(worker -> worker.tasks() > 0).toList();
    if (!workers.isEmpty()) {
      long pid = workers.get(random.nextInt(workers.size())).pid();
      try {
        Posix.kill(pid, signal.number);
        count(events, signal.name());
      } catch (ErrnoException e) {
        // it has ended meanwhile
      }
    }
  }

  @Test
  @Timeout(value = 60, unit = TimeUnit.SECONDS)
  void poolWithAStoppedWorkerCanBeTerminated() throws Exception {
    try (var pool = ProcessPool.open(2)) {
      AsyncResult<Integer> result = pool.applyAsync(() -> work(1));
      assertThat(result.get(Deadlines.LONG.toSeconds(), TimeUnit.SECONDS)).isEqualTo(2);
      for (var worker : pool.workers()) {
        Halting.stop(worker.pid());
      }
      pool.terminate();
      assertThat(pool.workers()).isEmpty();
    }
  }
}
