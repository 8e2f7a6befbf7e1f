package io.procession.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;
import static org.awaitility.Awaitility.await;

import io.procession.internal.arena.Session;
import io.procession.process.JvmProcess;
import io.procession.process.LaunchOptions;
import io.procession.sync.SharedEvent;
import io.procession.testing.ChildJvm;
import io.procession.testing.Deadlines;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a pool does when its workers die: one death costs one task, and nothing is left behind.
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class PoolKillIT {
  private static final int KILLS = Integer.getInteger("procession.test.kills", 20);

  private int cells;
  private int units;

  @BeforeEach
  void countWhatIsThere() {
    cells = Session.current().directory().inUse();
    units = Session.current().units().inUse();
  }

  @AfterEach
  void nothingIsLeft() {
    assertThat(Session.current().directory().inUse()).isLessThanOrEqualTo(cells);
    assertThat(Session.current().units().inUse()).isLessThanOrEqualTo(units);
  }

  /// Whoever asks for a worker's end is told after the pool, which goes on meanwhile.
  @Test
  void callbackOfAWorkersEndMayUseThePool() throws Exception {
    CompletableFuture<String> alarm = new CompletableFuture<>();
    try (ProcessPool pool = ProcessPool.open(1)) {
      JvmProcess worker = pool.workers().getFirst();
      CompletableFuture<Void> _ =
          worker
              .exit()
              .thenAccept(certificate ->
                  alarm.complete(pool.apply(name -> name + " is gone", certificate.name())));
      worker.kill();
      assertThat(alarm.get(Deadlines.LONG.toMillis(), TimeUnit.MILLISECONDS))
          .isEqualTo(worker.name() + " is gone");
    }
  }

  @Test
  void killedWorkerCostsItsTaskAndIsReplaced() throws Exception {
    try (var pool = ProcessPool.open(1)) {
      AsyncResult<Integer> doomed = pool.applyAsync(PoolKillIT::sleepForEver);
      AsyncResult<Integer> innocent = pool.applyAsync(x -> x + 1, 1);
      long pid = awaitRunning(pool);
      pool.workers().getFirst().kill();
      assertThatThrownBy(doomed::get)
          .isInstanceOf(ExecutionException.class)
          .rootCause()
          .isInstanceOfSatisfying(
              WorkerDiedException.class,
              e -> {
                assertThat(e.certificate().exitCode()).isEqualTo(-9);
                assertThat(e.certificate().pid()).isEqualTo(pid);
              });
      assertThat(innocent.get(30, TimeUnit.SECONDS)).isEqualTo(2);
      assertThat(pool.workers()).extracting(JvmProcess::pid).doesNotContain(pid);
    }
  }

  @Test
  void stoppedWorkerCostsItsTaskAndIsReplaced() throws Exception {
    SharedEvent begun = SharedEvent.create();
    SharedEvent never = SharedEvent.create();
    try (var pool = ProcessPool.open(1)) {
      AsyncResult<Integer> doomed =
          pool.applyAsync(() -> {
            begun.set();
            never.await();
            return 1;
          });
      AsyncResult<Integer> innocent = pool.applyAsync(x -> x + 1, 1);
      begun.await();
      pool.workers().getFirst().stop();
      assertThatThrownBy(doomed::get)
          .rootCause()
          .isInstanceOfSatisfying(
              WorkerDiedException.class,
              e -> {
                assertThat(e.certificate().exitCode()).isEqualTo(-15);
                assertThat(e.certificate().sentence()).endsWith("was stopped by its parent");
              });
      assertThat(innocent.get(30, TimeUnit.SECONDS)).isEqualTo(2);
    } finally {
      begun.destroy();
      never.destroy();
    }
  }

  @Test
  void idleWorkerThatIsKilledIsReplaced() throws Exception {
    try (var pool = ProcessPool.open(1)) {
      int before = pool.apply(x -> x, 1);
      assertThat(before).isEqualTo(1);
      pool.workers().getFirst().kill();
      assertThat(pool.applyAsync(x -> x, 2).get(30, TimeUnit.SECONDS)).isEqualTo(2);
    }
  }

  @Test
  void workersKilledBeforeTheirFirstTaskDoNotBreakThePool() {
    try (var pool = ProcessPool.open(1)) {
      for (int i = 0; i < 2 * VainStarts.MOST; i++) {
        JvmProcess worker = pool.workers().getFirst();
        worker.kill();
        await()
            .pollDelay(Duration.ZERO)
            .pollInterval(Duration.ofMillis(1)) // so that the next one has hardly begun
            .atMost(Deadlines.LONG)
            .until(() -> pool.workers().stream().anyMatch(other -> other.pid() != worker.pid()));
      }
      int after = pool.apply(x -> x, 7);
      assertThat(after).isEqualTo(7);
    }
  }

  @Test
  void workersThatCannotStartBreakThePool() {
    var options =
        PoolOptions.defaults()
            .withProcesses(1)
            .withLaunch(LaunchOptions.defaults().withJvmFlags("-XX:NoSuchFlag"));
    try (var pool = ProcessPool.open(options)) {
      assertThatThrownBy(() -> pool.apply(() -> 1))
          .hasMessageContaining("its workers die before they take a task")
          .rootCause()
          .isInstanceOf(WorkerDiedException.class);
    }
  }

  @Test
  void manyWorkersThatCannotStartBreakThePoolAsSoonAsFew() {
    var options =
        PoolOptions.defaults()
            .withProcesses(60)
            .withLaunch(LaunchOptions.defaults().withJvmFlags("-XX:NoSuchFlag"));
    try (var pool = ProcessPool.open(options)) {
      assertThatThrownBy(() -> pool.apply(() -> 1))
          .hasMessageContaining("its workers die before they take a task")
          .rootCause()
          .isInstanceOf(WorkerDiedException.class);
    }
  }

  /// The folder that workers start in is gone, so none can be started any more, until it is back.
  @Test
  void workerThatCannotBeReplacedCostsTheOthersNothing(@TempDir Path folder) throws Exception {
    Path work = Files.createDirectory(folder.resolve("work"));
    Path gate = folder.resolve("gate");
    String gateName = gate.toString();
    var launch = LaunchOptions.defaults().withWorkingFolder(work);
    try (var pool = ProcessPool.open(PoolOptions.defaults().withProcesses(2).withLaunch(launch))) {
      AsyncResult<Long> healthy =
          pool.applyAsync(() -> {
            await().atMost(Deadlines.LONG).until(() -> Files.exists(Path.of(gateName)));
            return ProcessHandle.current().pid();
          });
      AsyncResult<Integer> first = pool.applyAsync(x -> x, 1);
      assertThat(first.get()).isEqualTo(1); // by the other, so both have started
      Files.delete(work);
      assertThatThrownBy(() -> pool.apply(code -> halt(code), 9))
          .rootCause()
          .isInstanceOf(WorkerDiedException.class);
      // more than enough starts in vain for a pool that counts them
      await().pollDelay(Duration.ofSeconds(2)).until(() -> pool.workers().size() == 1);
      assertThat(healthy).isNotDone();
      Files.createFile(gate);

      long survivor = healthy.get(30, TimeUnit.SECONDS);
      assertThat(pool.workers()).extracting(JvmProcess::pid).containsExactly(survivor);
      assertThat(pool.map(x -> x + 1, List.of(1, 2, 3))).containsExactly(2, 3, 4);
      Files.createDirectory(work);
      await().atMost(Deadlines.LONG).until(() -> pool.workers().size() == 2);
    }
  }

  @Test
  void poolWithoutWorkersThatCannotHaveOthersIsBroken(@TempDir Path folder) throws Exception {
    Path work = Files.createDirectory(folder.resolve("work"));
    var launch = LaunchOptions.defaults().withWorkingFolder(work);
    try (var pool = ProcessPool.open(PoolOptions.defaults().withProcesses(2).withLaunch(launch))) {
      assertThat(pool.map(x -> -x, List.of(1, 2))).containsExactly(-1, -2);
      Files.delete(work);
      pool.workers().forEach(JvmProcess::kill);
      List<AsyncResult<Integer>> lost = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        lost.add(pool.applyAsync(x -> x, i));
      }
      for (AsyncResult<Integer> result : lost) {
        assertThatThrownBy(() -> result.get(30, TimeUnit.SECONDS))
            .isInstanceOf(ExecutionException.class);
      }
      await()
          .atMost(Deadlines.LONG)
          .untilAsserted(() ->
              assertThatThrownBy(() -> pool.applyAsync(() -> 1))
                  .isInstanceOf(IllegalStateException.class)
                  .hasMessageContaining("its workers cannot be started"));
    }
  }

  /// A hook that waits for a worker which the end of the process has ended would wait for ever.
  @Test
  void shutdownHookThatUsesThePoolDoesNotHang() {
    try (ChildJvm parent = ChildJvm.body(PoolKillIT::useThePoolWhileEnding).start()) {
      parent.succeed();
      assertThat(parent.out()).contains("hook: ");
    }
  }

  private static void useThePoolWhileEnding() {
    ProcessPool pool = ProcessPool.open(1);
    var _ = pool.apply(() -> 1);
    Thread hook =
        new Thread(() -> {
          try {
            while (true) {
              var _ = pool.apply(() -> 2);
            }
          } catch (RuntimeException e) {
            System.out.println("hook: " + e);
          }
        });
    Runtime.getRuntime().addShutdownHook(hook);
  }

  @Test
  void exitAndHaltOfATaskAreDeathsWithACertificate() {
    try (var pool = ProcessPool.open(2)) {
      assertThatThrownBy(() -> pool.apply(code -> exit(code), 3))
          .rootCause()
          .isInstanceOfSatisfying(
              WorkerDiedException.class, e -> assertThat(e.certificate().exitCode()).isEqualTo(3));
      assertThatThrownBy(() -> pool.apply(code -> halt(code), 4))
          .rootCause()
          .isInstanceOfSatisfying(
              WorkerDiedException.class, e -> assertThat(e.certificate().exitCode()).isEqualTo(4));
      assertThat(pool.map(x -> -x, List.of(1, 2))).containsExactly(-1, -2);
    }
  }

  @Test
  void retriesRunATaskAgainAsOftenAsTheySay() {
    try (var pool = ProcessPool.open(PoolOptions.defaults().withProcesses(1).withRetries(1))) {
      assertThatThrownBy(() -> pool.apply(code -> halt(code), 5))
          .rootCause()
          .isInstanceOf(WorkerDiedException.class);
      int after = pool.apply(x -> x, 6);
      assertThat(after).isEqualTo(6);
    }
  }

  /// Tasks end exactly once, with their result, while random workers are killed all the time.
  @Test
  @Timeout(value = 10, unit = TimeUnit.MINUTES)
  void randomKillsLoseNothing() throws Exception {
    long seed = Long.getLong("procession.test.seed", System.nanoTime());
    System.out.println("PoolKillIT: seed " + seed + ", kills " + KILLS);
    Random random = new Random(seed);
    var done = new AtomicBoolean();
    var killed = new AtomicInteger();
    Set<Long> served = ConcurrentHashMap.newKeySet(); // workers that only die break a pool
    var options = PoolOptions.defaults().withProcesses(3).withRetries(KILLS);
    try (var pool = ProcessPool.open(options)) {
      Thread killer =
          Thread.ofPlatform()
              .daemon()
              .start(() -> {
                while (killed.get() < KILLS) {
                  for (JvmProcess worker : pool.workers()) {
                    if (served.remove(worker.pid())) {
                      worker.kill();
                      killed.incrementAndGet();
                      break;
                    }
                  }
                  LockSupport.parkNanos(random.nextInt(20_000_000));
                }
                done.set(true);
              });
      int sent = 0;
      List<AsyncResult<long[]>> results = new ArrayList<>();
      while (!done.get()) {
        results.clear();
        for (int i = 0; i < 200; i++) {
          AsyncResult<long[]> result =
              pool.applyAsync(x -> new long[] {x * 3L, ProcessHandle.current().pid()}, sent++);
          var _ = result.thenAccept(answer -> served.add(answer[1]));
          results.add(result);
        }
        for (int i = 0; i < results.size(); i++) {
          assertThat(resultOf(results.get(i))).isEqualTo((sent - results.size() + i) * 3L);
        }
      }
      killer.join();
      System.out.println("PoolKillIT: " + sent + " tasks, " + killed + " kills");
      assertThat(sent).isPositive();
    }
  }

  /// Results are sent together while they are quick: one that took its time is not to wait for others.
  @ParameterizedTest
  @ValueSource(
      ints = {100, 101, 102}) // a look at the clock now and then could be behind one of them
  void deathInAnImapCostsNoFinishedElementThatTookItsTime(int deadly) {
    List<Integer> elements = IntStream.range(0, deadly + 5).boxed().toList();
    try (var pool = ProcessPool.open(1);
        var results = pool.imap(i -> slowThenDeadly(i, deadly), elements, elements.size())) {
      List<Integer> failed = new ArrayList<>();
      for (int i : elements) {
        try {
          assertThat(results.next()).isEqualTo(i);
        } catch (TaskException e) {
          failed.add(i);
        }
      }
      assertThat(failed).containsExactly(deadly);
    }
  }

  private static int slowThenDeadly(int element, int deadly) throws InterruptedException {
    if (element == deadly - 1) {
      Thread.sleep(20); // its work
    }
    return element == deadly ? halt(3) : element;
  }

  private static long resultOf(AsyncResult<long[]> result) throws Exception {
    try {
      return result.get(50, TimeUnit.SECONDS)[0];
    } catch (ExecutionException | CompletionException e) {
      return fail("a task was lost", e);
    }
  }

  private static long awaitRunning(ProcessPool pool) {
    await().atMost(Deadlines.LONG).until(() -> !pool.workers().isEmpty());
    JvmProcess worker = pool.workers().getFirst();
    await()
        .atMost(Deadlines.LONG)
        .until(() -> ProcessHandle.of(worker.pid()).isPresent() && started(worker));
    return worker.pid();
  }

  /// The first task sleeps without end, so a worker that has taken one is at it.
  private static boolean started(JvmProcess worker) {
    return worker.isAlive() && Marker.exists(worker.pid());
  }

  private static int sleepForEver() throws InterruptedException {
    Marker.set();
    while (true) {
      LockSupport.park();
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
    }
  }

  @SuppressWarnings("SystemExitOutsideMain") // the task's very purpose
  private static int exit(int code) {
    System.exit(code);
    return code;
  }

  private static int halt(int code) {
    Runtime.getRuntime().halt(code);
    return code;
  }

  /// A worker's sign that it runs the endless task: the name of a thread, seen in `/proc`.
  private static final class Marker {
    private static final String NAME = "kill-me-now";

    static void set() {
      Thread.ofPlatform().daemon().name(NAME).start(LockSupport::park);
    }

    static boolean exists(long pid) {
      File[] tasks = new File("/proc/" + pid + "/task").listFiles();
      if (tasks == null) {
        return false;
      }
      for (File task : tasks) {
        try {
          if (Files.readString(task.toPath().resolve("comm")).startsWith(NAME)) {
            return true;
          }
        } catch (IOException e) {
          // the thread has just ended
        }
      }
      return false;
    }
  }
}
