package io.procession.examples.guide;

import io.procession.Procession;
import io.procession.pool.Isolation;
import io.procession.pool.PoolListener;
import io.procession.pool.PoolOptions;
import io.procession.pool.ProcessPool;
import io.procession.pool.Task;
import io.procession.pool.TaskContext;
import io.procession.pool.TaskOptions;
import io.procession.pool.Worker;
import io.procession.pool.WorkerEvent;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Options of pools, by the trouble that they are for.
public final class PoolTroubles {
  private PoolTroubles() {}

  public static void main(String[] args) throws Exception {
    Part.of("limits", PoolTroubles::limits);
    Part.of("local", PoolTroubles::local);
    Part.of("isolation", PoolTroubles::isolation);
    Part.of("context", PoolTroubles::context);
    Part.of("progress", PoolTroubles::progress);
    Part.of("listener", PoolTroubles::listener);
  }

  private static void limits() {
    // [limits]
    var task = TaskOptions.defaults().withDeadline(Duration.ofMinutes(1)).withRetries(2);
    var options =
        PoolOptions.defaults()
            .withProcesses(2)
            .withTask(task) // a minute for each task; begun again twice if a worker dies
            .withQuarantine(3) // but not a fourth time
            .withMaxHeap(64L << 20)
            .withMemoryLimits(256L << 20, 512L << 20) // native memory, too: soft, hard
            .withMaxTasksPerWorker(1_000); // what leaks is freed
    try (ProcessPool pool = Procession.pool(options)) {
      System.out.println(pool.map(x -> x + 1, List.of(1, 2)));
    }
    // [end]
  }

  private static void local() {
    // [local]
    try (ProcessPool pool = Procession.pool(2)) {
      List<Boolean> isNumber =
          pool.map(
              text -> Worker.local(() -> Pattern.compile("[0-9]+")).matcher(text).matches(),
              List.of("1", "one"));
      System.out.println(isNumber);
    }
    // [end]
  }

  // [counter]
  static final AtomicInteger TASKS = new AtomicInteger();

  // [end]

  private static void isolation() {
    // [isolation]
    for (Isolation isolation : Isolation.values()) {
      var options = PoolOptions.defaults().withProcesses(1).withIsolation(isolation);
      try (ProcessPool pool = Procession.pool(options)) {
        System.out.println(isolation + " " + pool.map(_ -> TASKS.incrementAndGet(), List.of(1, 2)));
      }
    }
    // [end]
  }

  // [trace]
  static final ScopedValue<String> TRACE = ScopedValue.newInstance();

  record TraceContext() implements TaskContext<String> {
    @Override
    public String capture() {
      return TRACE.orElse("none");
    }

    @Override
    public <R extends @Nullable Object> R call(String trace, Callable<R> task) throws Exception {
      return ScopedValue.where(TRACE, trace).call(task::call);
    }
  }

  // [end]

  private static void context() {
    // [context]
    var options = PoolOptions.defaults().withProcesses(1).withContext(new TraceContext());
    try (ProcessPool pool = Procession.pool(options)) {
      ScopedValue.where(TRACE, "4711").run(() -> System.out.println(pool.apply(() -> TRACE.get())));
    }
    // [end]
  }

  private static void progress() {
    // [progress]
    var options =
        TaskOptions.defaults().withDeadline(Duration.ofSeconds(20)).withExtendedByProgress(true);
    try (ProcessPool pool = Procession.pool(1)) {
      var result =
          pool.applyAsync(
              options,
              pages -> {
                for (int page = 1; page <= pages; page++) {
                  Task.current().checkCancelled();
                  Task.current().progress((double) page / pages, "page " + page);
                }
                return pages;
              },
              100);
      System.out.println(result.join());
    }
    // [end]
  }

  private static void listener() throws InterruptedException {
    // [listener]
    var heard = new CountDownLatch(1);
    var options =
        PoolOptions.defaults()
            .withProcesses(1)
            .withListener(
                new PoolListener() {
                  @Override
                  public void workerStarted(WorkerEvent event) {
                    heard.countDown();
                  }
                });
    try (ProcessPool pool = Procession.pool(options)) {
      heard.await();
      System.out.println(pool.apply(() -> 1) + " " + pool.stats().finished());
    }
    // [end]
  }
}
