package io.procession.examples.guide;

import io.procession.Procession;
import io.procession.pool.AsyncResult;
import io.procession.pool.PoolOptions;
import io.procession.pool.ProcessPool;
import io.procession.pool.QuarantinedException;
import io.procession.pool.ResultIterator;
import io.procession.pool.TaskException;
import io.procession.pool.TaskOptions;
import io.procession.pool.TaskTimeoutException;
import io.procession.pool.WorkerDiedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/// What becomes of tasks that fail.
public final class PoolFailures {
  private PoolFailures() {}

  public static void main(String[] args) throws Exception {
    Part.of("thrown", PoolFailures::thrown);
    Part.of("died", PoolFailures::died);
    Part.of("late", PoolFailures::late);
    Part.of("given", PoolFailures::givenUp);
    Part.of("memory", PoolFailures::memory);
    Part.of("each", PoolFailures::each);
    Part.of("broken", PoolFailures::broken);
    Part.of("saved", PoolFailures::saved);
  }

  private static void thrown() {
    // [thrown]
    try (ProcessPool pool = Procession.pool(1)) {
      pool.apply(() -> Files.readString(Path.of("/no/such/file")));
    } catch (TaskException e) {
      System.out.println(e.getCause());
    }
    // [end]
  }

  private static void died() {
    // [died]
    try (ProcessPool pool = Procession.pool(1)) {
      AsyncResult<Integer> doomed =
          pool.applyAsync(() -> {
            System.err.println("the last words");
            Runtime.getRuntime().halt(42);
            return 0;
          });
      var _ =
          doomed.onFailure(e -> {
            if (e.getCause() instanceof WorkerDiedException death) {
              System.out.println(death.certificate().cause());
              System.out.println(death.certificate().lastWords().contains("the last words"));
            }
          });
    }
    // [end]
  }

  private static void late() {
    // [late]
    var options = TaskOptions.defaults().withName("forecast").withDeadline(Duration.ofSeconds(3));
    try (ProcessPool pool = Procession.pool(1)) {
      AsyncResult<Integer> forecast =
          pool.applyAsync(
              options,
              () -> {
                Thread.sleep(Duration.ofHours(1));
                return 0;
              });
      var _ =
          forecast.onFailure(e -> {
            if (e.getCause() instanceof TaskTimeoutException late) {
              System.out.println(late.limit() + " " + late.dump().contains("Thread.sleep"));
            }
          });
    }
    // [end]
  }

  private static void givenUp() {
    // [given]
    var options = PoolOptions.defaults().withProcesses(1).withRetries(10).withQuarantine(2);
    try (ProcessPool pool = Procession.pool(options)) {
      AsyncResult<Integer> poisoned =
          pool.applyAsync(() -> {
            Runtime.getRuntime().halt(1);
            return 0;
          });
      var _ =
          poisoned.onFailure(e -> {
            if (e.getCause() instanceof QuarantinedException given) {
              System.out.println(given.certificates().size() + " workers died of it");
            }
          });
    }
    // [end]
  }

  private static void memory() {
    // [memory]
    var options =
        PoolOptions.defaults().withProcesses(1).withMaxHeap(32L << 20).withLargerHeap(256L << 20);
    try (ProcessPool pool = Procession.pool(options)) {
      System.out.println(pool.apply(() -> new byte[64 << 20].length));
    }
    // [end]
  }

  private static void each() {
    // [each]
    try (ProcessPool pool = Procession.pool(1);
        ResultIterator<Integer> results = pool.imap(x -> 12 / x, List.of(3, 0, 4))) {
      while (results.hasNext()) {
        try {
          System.out.println(results.next());
        } catch (TaskException e) {
          System.out.println(e.getCause());
        }
      }
    }
    // [end]
  }

  private static void broken() {
    // [broken]
    var options =
        PoolOptions.defaults()
            .withProcesses(1)
            .withInitializer(() -> {
              throw new IllegalStateException("no licence");
            });
    try (ProcessPool pool = Procession.pool(options)) {
      pool.apply(() -> 1);
    } catch (TaskException e) {
      System.out.println(e.getCause());
    }
    // [end]
  }

  private static void saved() throws Exception {
    // [saved]
    Path folder = Files.createTempDirectory("failed");
    var options = PoolOptions.defaults().withProcesses(1).withReproducers(folder);
    try (ProcessPool pool = Procession.pool(options)) {
      pool.map(x -> 10 / x, List.of(2, 1, 0));
    } catch (TaskException e) {
      System.out.println(e.toString().contains("reproducer=" + folder));
    }
    // [end]
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }
}
