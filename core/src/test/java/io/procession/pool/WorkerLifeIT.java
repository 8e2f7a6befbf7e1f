package io.procession.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.procession.testing.Deadlines;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// From a worker's start to its leave: what it runs first, what it keeps, and when it makes room.
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class WorkerLifeIT {
  @TempDir Path folder;

  private static long pid() {
    return ProcessHandle.current().pid();
  }

  private static Path touch(String folder, String kind) throws IOException {
    return Files.createTempFile(Path.of(folder), kind + "-" + pid() + "-", "");
  }

  private static String touchUnchecked(String folder, String kind) {
    try {
      return touch(folder, kind).toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Set<String> files(String kind) throws IOException {
    Set<String> found = new HashSet<>();
    try (Stream<Path> all = Files.list(folder)) {
      all.map(path -> path.getFileName().toString())
          .filter(name -> name.startsWith(kind + "-"))
          .forEach(found::add);
    }
    return found;
  }

  /// Closed with its worker.
  private record Kept(String folder) implements AutoCloseable {
    @Override
    public void close() throws IOException {
      touch(folder, "closed");
    }
  }

  @Test
  void workersMakeRoomForOthersAfterTheirTasks() throws Exception {
    String where = folder.toString();
    var recycled = new AtomicInteger();
    var listener =
        new PoolListener() {
          @Override
          public void workerRecycled(WorkerEvent event) {
            recycled.incrementAndGet();
          }
        };
    var options =
        PoolOptions.defaults()
            .withProcesses(2)
            .withMaxTasksPerWorker(3)
            .withListener(listener)
            .withInitializer(() -> touch(where, "initialized"));
    Map<Long, Integer> tasks = new HashMap<>();
    long full;
    PoolStats stats;
    try (var pool = ProcessPool.open(options)) {
      List<Long> pids =
          pool.map(
              x -> {
                Worker.local(() -> new Kept(where));
                Worker.local("key", () -> touchUnchecked(where, "made"));
                return pid();
              },
              IntStream.range(0, 20).boxed().toList(),
              1);
      pids.forEach(pid -> tasks.merge(pid, 1, Integer::sum));
      full = tasks.values().stream().filter(number -> number == 3).count();
      assertThat(pool.apply(() -> Task.current().attempt())).isEqualTo(1);
      // those who are full make room when others have come, and count when they have ended
      await().atMost(Deadlines.LONG).until(() -> pool.stats().workersRecycled() >= full);
      stats = pool.stats();
    }

    assertThat(stats.workersRecycled()).isBetween(full, full + 1); // one more task was its third
    assertThat(stats.workersDied()).isZero();
    assertThat(recycled.get()).isBetween((int) stats.workersRecycled(), (int) full + 1);
    assertThat(tasks.values()).allSatisfy(number -> assertThat(number).isBetween(1, 3));
    assertThat(tasks).hasSizeGreaterThanOrEqualTo(7);
    assertThat(files("made")).hasSize(tasks.size());
    assertThat(files("closed")).hasSize(tasks.size());
    assertThat(files("initialized")).hasSizeGreaterThanOrEqualTo(tasks.size());
  }

  @Test
  void workerThatMakesRoomAfterEachTaskCostsNone() {
    var options = PoolOptions.defaults().withProcesses(2).withMaxTasksPerWorker(1);
    try (var pool = ProcessPool.open(options)) {
      List<Long> pids = pool.map(x -> pid(), List.of(1, 2, 3, 4, 5, 6), 1);
      assertThat(pids).doesNotHaveDuplicates();
      await().atMost(Deadlines.LONG).until(() -> pool.workers().size() <= 2);
    }
  }

  @Test
  void tasksOfAPoolThatIsClosedGetWorkersThatServeOneEach() throws Exception {
    var options = PoolOptions.defaults().withProcesses(3).withMaxTasksPerWorker(1);
    try (var pool = ProcessPool.open(options)) {
      List<AsyncResult<Long>> results = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        results.add(pool.applyAsync(() -> pid()));
      }
      pool.shutdown();
      assertThat(pool.join(Deadlines.LONG)).isTrue();
      assertThat(results).allMatch(AsyncResult::isDone);
      assertThat(results.stream().map(AsyncResult::join)).doesNotHaveDuplicates().hasSize(6);
    }
  }

  @Test
  void workerThatIsKilledAmongItsTasksIsReplacedOnce() throws Exception {
    var options = PoolOptions.defaults().withProcesses(1).withMaxTasksPerWorker(4);
    try (var pool = ProcessPool.open(options)) {
      for (int i = 0; i < 12; i++) {
        if (i % 3 == 2) {
          assertThatThrownBy(() ->
                  pool.apply(() -> {
                    Runtime.getRuntime().halt(3);
                    return 1;
                  }))
              .rootCause()
              .isInstanceOf(WorkerDiedException.class);
        } else {
          int same = pool.apply(x -> x, i);
          assertThat(same).isEqualTo(i);
        }
      }
      await().atMost(Deadlines.LONG).until(() -> pool.workers().size() == 1);
    }
  }

  @Test
  void initializerThatFailsAgainAndAgainBreaksThePoolWithItsReason() {
    var options =
        PoolOptions.defaults()
            .withProcesses(1)
            .withInitializer(() -> {
              throw new IllegalArgumentException("no licence");
            });
    try (var pool = ProcessPool.open(options)) {
      assertThatThrownBy(() -> pool.apply(() -> 1))
          .isInstanceOf(TaskException.class)
          .hasMessageContaining("its initializer fails")
          .cause()
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("no licence");
      assertThatThrownBy(() -> pool.applyAsync(() -> 1))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("no licence");
      await().atMost(Deadlines.LONG).until(pool.asExecutorService()::isTerminated); // nobody waits
    }
  }

  /// What runs first, as it is when a worker is started.
  interface First extends Serializable {
    void run() throws InterruptedException;
  }

  private record Quick() implements First {
    @Override
    public void run() {}
  }

  private record Endless() implements First {
    @Override
    public void run() throws InterruptedException {
      Thread.sleep(Long.MAX_VALUE);
    }
  }

  /// Is sent as the one for the first worker, and as the other for the second, whose start it holds up.
  private static final class Changing implements First {
    private static final long serialVersionUID = 1L;
    private static final AtomicInteger starts = new AtomicInteger();
    private static final CountDownLatch isStarting = new CountDownLatch(1);
    private static final CountDownLatch mayStart = new CountDownLatch(1);

    @Override
    public void run() {
      throw new AssertionError("not sent");
    }

    Object writeReplace() {
      if (starts.incrementAndGet() == 1) {
        return new Quick();
      }
      isStarting.countDown();
      try {
        mayStart.await();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
      return new Endless();
    }
  }

  @Test
  void workerThatComesWhileThePoolClosesHasNoMoreTimeThanOthers() throws Exception {
    First first = new Changing();
    var options = PoolOptions.defaults().withProcesses(1).withInitializer(() -> first.run());
    var pool = ProcessPool.open(options);
    try {
      long pid = pool.apply(() -> pid());
      ProcessHandle.of(pid).orElseThrow().destroyForcibly();
      assertThat(Changing.isStarting.await(Deadlines.LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
      Thread closing = Thread.ofPlatform().start(pool::close);
      await()
          .atMost(Deadlines.LONG)
          .until(() ->
              Stream.of(closing.getStackTrace())
                  .anyMatch(frame -> frame.getMethodName().equals("awaitSeats")));
      Changing.mayStart.countDown();
      assertThat(closing.join(Deadlines.LONG)).isTrue();
    } finally {
      Changing.mayStart.countDown();
      pool.terminate();
    }
  }

  @Test
  void initializerThatEndsItsWorkerBreaksThePoolToo() {
    var options =
        PoolOptions.defaults().withProcesses(1).withInitializer(() -> Runtime.getRuntime().halt(9));
    try (var pool = ProcessPool.open(options)) {
      assertThatThrownBy(() -> pool.apply(() -> 1))
          .hasMessageContaining("its workers die before they take a task");
    }
  }

  @Test
  void initializerThatFailsOnceCostsNothing() {
    String once = folder.resolve("once").toString();
    var options =
        PoolOptions.defaults()
            .withProcesses(1)
            .withInitializer(() -> {
              if (Files.notExists(Path.of(once))) {
                Files.createFile(Path.of(once));
                throw new IOException("the first time");
              }
            });
    try (var pool = ProcessPool.open(options)) {
      int next = pool.apply(x -> x + 1, 1);
      assertThat(next).isEqualTo(2);
    }
  }

  @Test
  void taskThatMayRunAgainKnowsHowOftenItWasBegun() {
    try (var pool = ProcessPool.open(PoolOptions.defaults().withProcesses(1).withRetries(2))) {
      int attempt = pool.apply(() -> endUnlessTried(3));
      List<Integer> attempts =
          pool.map(x -> x == 2 ? endUnlessTried(2) : attempt(), List.of(1, 2, 3));

      assertThat(attempt).isEqualTo(3);
      assertThat(attempts).containsExactly(1, 2, 1);
    }
    assertThatThrownBy(Task::current).isInstanceOf(IllegalStateException.class);
  }

  private static int attempt() {
    return Task.current().attempt();
  }

  private static int endUnlessTried(int times) {
    if (attempt() < times) {
      Runtime.getRuntime().halt(3);
    }
    return attempt();
  }
}
