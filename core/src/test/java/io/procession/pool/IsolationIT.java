package io.procession.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.process.LaunchOptions;
import io.procession.serial.SerializableFunction;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What tasks have in common with those before them.
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class IsolationIT {
  private static final AtomicInteger TASKS = new AtomicInteger();

  @TempDir Path folder;

  /// What a task finds, and where.
  private record Found(int tasks, long pid, boolean isContextLoader) implements Serializable {
    static Found now(int ignored) {
      boolean isContextLoader =
          Found.class.getClassLoader().equals(Thread.currentThread().getContextClassLoader());
      return new Found(TASKS.incrementAndGet(), ProcessHandle.current().pid(), isContextLoader);
    }
  }

  private static PoolOptions options(Isolation isolation) {
    return PoolOptions.defaults().withProcesses(1).withIsolation(isolation);
  }

  @Test
  void tasksOfAWorkerShareItsClasses() {
    try (var pool = ProcessPool.open(options(Isolation.WORKER))) {
      assertThat(pool.map(Found::now, List.of(1, 2, 3)))
          .extracting(Found::tasks)
          .containsExactly(1, 2, 3);
    }
  }

  @Test
  void eachTaskHasAProcessOfItsOwn() {
    try (var pool = ProcessPool.open(options(Isolation.PROCESS))) {
      List<Found> found = pool.map(Found::now, List.of(1, 2, 3));
      assertThat(found).extracting(Found::tasks).containsOnly(1);
      assertThat(found).extracting(Found::pid).doesNotHaveDuplicates();
    }
  }

  /// A value that is made once for each task, and closed behind it.
  private record Kept(String trace) implements AutoCloseable {
    @Override
    public void close() throws IOException {
      Files.createTempFile(Path.of(trace), "closed", "");
    }
  }

  @Test
  void eachTaskHasClassesOfItsOwn() throws Exception {
    String where = folder.toString();
    SerializableFunction<Integer, Found> task =
        x -> {
          Worker.local(() -> new Kept(where));
          return Found.now(x);
        };
    try (var pool = ProcessPool.open(options(Isolation.CLASS_LOADER))) {
      List<Found> found = pool.map(task, List.of(1, 2, 3));
      Found single = pool.apply(task, 4);
      List<Found> chunk = pool.map(task, List.of(5, 6), 2);

      assertThat(found).extracting(Found::tasks).containsOnly(1);
      assertThat(found).extracting(Found::pid).containsOnly(single.pid());
      assertThat(found).allMatch(Found::isContextLoader);
      assertThat(single.tasks()).isEqualTo(1);
      assertThat(chunk).extracting(Found::tasks).containsExactly(1, 2);
    }
    try (var files = Files.list(folder)) {
      assertThat(files).hasSize(5);
    }
  }

  /// An exception of a class that each task has anew.
  private static final class Own extends Exception {
    private static final long serialVersionUID = 1L;

    Own(String message) {
      super(message);
    }
  }

  @Test
  void classesOfATaskGoWithIt() {
    var options =
        options(Isolation.CLASS_LOADER)
            .withLaunch(LaunchOptions.defaults().withJvmFlags("-XX:MaxMetaspaceSize=24m"));
    try (var pool = ProcessPool.open(options)) {
      for (int i = 0; i < 100; i++) {
        Found found = pool.apply(Found::now, i);
        assertThat(found.tasks()).isEqualTo(1);
      }
      AsyncResult<Integer> failed =
          pool.applyAsync(
              x -> {
                throw new Own("x=" + x);
              },
              1);
      assertThat(failed.handle((_, e) -> e).join())
          .cause()
          .isExactlyInstanceOf(Own.class)
          .hasMessage("x=1");
    }
  }
}
