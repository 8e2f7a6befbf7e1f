package io.procession.examples.guide;

import io.procession.Procession;
import io.procession.pool.AsyncResult;
import io.procession.pool.PoolOptions;
import io.procession.pool.PoolStats;
import io.procession.pool.ProcessPool;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// What a program in a container says of its workers.
public final class Deployment {
  private Deployment() {}

  public static void main(String[] args) throws Exception {
    Part.of("sizes", Deployment::sizes);
    Part.of("probes", Deployment::probes);
    Part.of("hooks", Deployment::hooks);
  }

  private static void sizes() {
    // [sizes]
    var options =
        PoolOptions.defaults()
            .withProcesses(2) // else one for each processor of the cgroup's quota
            .withMaxHeap(96L << 20) // the heap of each worker
            .withMemoryLimits(256L << 20, 384L << 20); // all that each has: soft, hard
    try (ProcessPool pool = Procession.pool(options)) {
      long megabytes = pool.apply(() -> Runtime.getRuntime().maxMemory() >> 20);
      System.out.println("heap of a worker is within its limit: " + (megabytes <= 96));
    }
    // [end]
  }

  // [ready]
  static boolean isReady(ProcessPool pool) throws InterruptedException {
    AsyncResult<Boolean> answer = pool.applyAsync(() -> true);
    try {
      return answer.get(10, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      answer.cancel(true); // busy, or still starting
      return false;
    } catch (ExecutionException | CancellationException e) {
      return false; // broken or terminated
    }
  }

  // [end]

  private static void probes() throws Exception {
    // [probes]
    try (ProcessPool pool = Procession.pool(1)) {
      pool.apply(() -> 0); // warm
      System.out.println("ready: " + isReady(pool));
      PoolStats stats = pool.stats();
      System.out.println(stats.workers().size() + " worker, died so far: " + stats.workersDied());
    }
    // [end]
  }

  private static void hooks() {
    // [hooks]
    ProcessPool pool = Procession.pool(1);
    AsyncResult<String> begun = pool.applyAsync(() -> "done");
    Procession.atExit(() -> {
      pool.close(); // waits for what was begun, as long as hooks may take
      System.out.println("what was begun is " + begun.resultNow());
    });
    // [end]
  }
}
