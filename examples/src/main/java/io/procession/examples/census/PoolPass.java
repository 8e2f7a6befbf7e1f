package io.procession.examples.census;

import io.procession.Procession;
import io.procession.pool.PoolOptions;
import io.procession.pool.PoolStats;
import io.procession.pool.ProcessPool;
import io.procession.pool.TaskException;
import io.procession.pool.TaskOptions;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;

/// Counts all batches in worker processes.
final class PoolPass {
  private static final int RETRIES = 2;
  private static final Duration LONGEST_BATCH = Duration.ofMinutes(2);
  private static final long MIB = 1 << 20;

  private final List<Batch> batches;
  private final Screen screen;

  PoolPass(List<Batch> batches, Screen screen) {
    this.batches = batches;
    this.screen = screen;
  }

  /// Counts with so many workers, and kills one of them half-way if `plan` says so.
  Pass run(int workers, ChaosPlan plan) throws InterruptedException {
    String name = name(workers);
    Ledger ledger = new Ledger(batches);
    long start = System.nanoTime();
    PoolOptions options =
        PoolOptions.defaults()
            .withProcesses(workers)
            .withTask(TaskOptions.defaults().withRetries(RETRIES).withDeadline(LONGEST_BATCH));
    try (ProcessPool pool = Procession.pool(options)) {
      Chaos chaos = new Chaos(plan, pool, batches.size());
      try (var bar = screen.bar(name, Batch.classesOf(batches))) {
        collect(pool, ledger, chaos, bar);
      }
      Duration time = Duration.ofNanos(System.nanoTime() - start);
      chaos.report(ledger).ifPresent(screen::say);
      screen.say(told(pool.stats()));
      boolean kills = plan == ChaosPlan.KILL_ONE_WORKER;
      return Pass.of(kills ? name + " with one killed" : name, ledger, time);
    }
  }

  private static String told(PoolStats stats) {
    long memory =
        stats.workers().stream().mapToLong(PoolStats.WorkerStats::memory).max().orElse(-1);
    return "pool: half of the batches within "
        + stats.median().toMillis()
        + " ms, 99 % within "
        + stats.ninetyNinth().toMillis()
        + " ms; workers started "
        + stats.workersStarted()
        + ", died "
        + stats.workersDied()
        + (memory < 0 ? "" : "; largest " + memory / MIB + " MiB");
  }

  static String name(int workers) {
    return workers == 1 ? "one worker" : workers + " workers";
  }

  /// Takes all results, in the order in which they are finished. A batch that failed for
  /// good is left out, the first one with a word: the ledger shows what is lost.
  private void collect(ProcessPool pool, Ledger ledger, Chaos chaos, Screen.Bar bar) {
    Iterator<BatchCount> counts = pool.imapUnordered(Batch::count, batches, 1);
    boolean told = false;
    for (int taken = 0; counts.hasNext(); taken++) {
      chaos.strikeIfDue(taken).ifPresent(screen::say);
      try {
        BatchCount count = counts.next();
        ledger.enter(count);
        chaos.delivered(count.pid());
        bar.advance(batches.get(count.batch()).paths().size());
      } catch (TaskException e) {
        if (!told) {
          told = true;
          screen.say("a batch failed: " + e);
        }
      }
    }
  }
}
