package io.procession.pool;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.procession.process.DeathCause;
import io.procession.testing.Deadlines;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Workers with too much memory make room, or are killed.
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class MemoryLimitIT {
  private static final long MIB = 1L << 20;

  @BeforeEach
  void needsTheKernel() {
    assumeThat(ResidentMemory.of(ProcessHandle.current().pid()))
        .as("bytes of memory that the kernel tells of this process")
        .isPositive();
  }

  /// Takes native memory that is never given back.
  private static long leak(int mib) {
    MemorySegment leaked = Arena.global().allocate(mib * MIB);
    leaked.fill((byte) 1);
    return ProcessHandle.current().pid();
  }

  @Test
  void workerAboveTheSoftLimitMakesRoomBetweenTasks() {
    var options = PoolOptions.defaults().withProcesses(1).withMemoryLimits(300 * MIB, 0);
    try (var pool = ProcessPool.open(options)) {
      long small = pool.apply(() -> leak(1));
      long large = pool.apply(() -> leak(300));
      assertThat(large).isEqualTo(small);
      await()
          .atMost(Deadlines.LONG)
          .until(() -> pool.<Long>apply(() -> ProcessHandle.current().pid()) != large);
    }
  }

  @Test
  void taskAboveTheSoftLimitComesToItsEnd() {
    var options = PoolOptions.defaults().withProcesses(1).withMemoryLimits(300 * MIB, 0);
    try (var pool = ProcessPool.open(options)) {
      long large =
          pool.apply(() -> {
            long pid = leak(300);
            Thread.sleep(1_500); // at work for longer than it takes to be noticed
            return pid;
          });
      await()
          .atMost(Deadlines.LONG)
          .until(() -> pool.<Long>apply(() -> ProcessHandle.current().pid()) != large);
      await().atMost(Deadlines.LONG).until(() -> pool.stats().workersRecycled() == 1);
      assertThat(pool.stats().workersDied()).isZero();
      assertThat(pool.stats().failed()).isZero();
    }
  }

  @Test
  void workerAboveTheHardLimitIsKilledWithItsTask() {
    var options = PoolOptions.defaults().withProcesses(1).withMemoryLimits(0, 300 * MIB);
    try (var pool = ProcessPool.open(options)) {
      assertThatThrownBy(() ->
              pool.apply(() -> {
                leak(300);
                Thread.sleep(Long.MAX_VALUE);
                return 1;
              }))
          .cause()
          .isInstanceOfSatisfying(
              WorkerDiedException.class,
              e -> {
                assertThat(e.certificate().cause()).isEqualTo(DeathCause.MEMORY_LIMIT);
                assertThat(e).hasMessageContaining("may have 300 MiB");
              });
      int next = pool.apply(x -> x, 5);
      assertThat(next).isEqualTo(5);
    }
  }

  /// An object that takes memory behind its calls' back.
  interface Hoard {
    long pid();

    void hoardLater(int mib);
  }

  private static final class Leaking implements Hoard {
    @Override
    public long pid() {
      return ProcessHandle.current().pid();
    }

    @Override
    public void hoardLater(int mib) {
      Thread.ofPlatform().daemon().start(() -> leak(mib));
    }
  }

  @Test
  void idleActorAboveTheHardLimitDiesAndIsMadeAgainOnce() {
    Queue<String> heard = new ConcurrentLinkedQueue<>();
    try (var pool = ProcessPool.open(listenedTo(heard))) {
      var once = ActorOptions.defaults().withRestarts(1);
      Actor<Hoard> actor = pool.actor(once, Hoard.class, Leaking::new);
      long first = actor.proxy().pid();
      actor.proxy().hoardLater(300);
      await()
          .atMost(Deadlines.LONG)
          .ignoreExceptions() // a call that it dies of
          .until(() -> actor.proxy().pid() != first);
    }
    assertThat(heard.stream().filter(event -> event.contains("actor")))
        .map(event -> event.substring(0, event.indexOf(' ')))
        .containsExactly("started", "MEMORY_LIMIT", "started", "left");
  }

  @Test
  void actorThatIsNotMadeAgainSaysThatItWasTooLarge() {
    try (var pool = ProcessPool.open(listenedTo(new ConcurrentLinkedQueue<>()))) {
      Actor<Hoard> actor = pool.actor(Hoard.class, Leaking::new);
      actor.proxy().hoardLater(300);
      await()
          .atMost(Deadlines.LONG)
          .untilAsserted(() ->
              assertThatThrownBy(() -> actor.proxy().pid())
                  .hasStackTraceContaining("may have 300 MiB"));
    }
  }

  private static PoolOptions listenedTo(Queue<String> heard) {
    return PoolOptions.defaults()
        .withProcesses(1)
        .withMemoryLimits(0, 300 * MIB)
        .withListener(
            new PoolListener() {
              @Override
              public void workerStarted(WorkerEvent event) {
                heard.add("started " + event.worker());
              }

              @Override
              public void workerDied(WorkerEvent event) {
                heard.add(requireNonNull(event.certificate()).cause() + " " + event.worker());
              }

              @Override
              public void workerRecycled(WorkerEvent event) {
                heard.add("recycled " + event.worker());
              }

              @Override
              public void workerLeft(WorkerEvent event) {
                heard.add("left " + event.worker());
              }
            });
  }

  @Test
  void taskAboveTheHardLimitIsTriedAgainInALargerWorker() {
    var options =
        PoolOptions.defaults()
            .withProcesses(1)
            .withMemoryLimits(0, 300 * MIB)
            .withLargerHeap(512 * MIB);
    try (var pool = ProcessPool.open(options)) {
      int attempt =
          pool.apply(() -> {
            leak(300);
            if (Task.current().attempt() == 1) {
              Thread.sleep(Long.MAX_VALUE);
            }
            return Task.current().attempt();
          });
      assertThat(attempt).isEqualTo(2);
    }
  }

  @Test
  void fullHeapOfAWorkerFailsItsTask() {
    var options = PoolOptions.defaults().withProcesses(1).withMaxHeap(32 * MIB);
    try (var pool = ProcessPool.open(options)) {
      assertThatThrownBy(() -> pool.apply(() -> new byte[(int) (64 * MIB)].length))
          .isInstanceOf(TaskException.class)
          .hasCauseInstanceOf(OutOfMemoryError.class);
    }
  }

  @Test
  void whatTheKernelTellsIsRead() {
    assertThat(ResidentMemory.parse("VmRSS:\t 5 kB\nRssAnon:\t   1234 kB\nRssFile:\t 9 kB\n"))
        .isEqualTo(1234 * 1024);
    assertThat(ResidentMemory.parse("Name:\tjava\n")).isEqualTo(ResidentMemory.UNKNOWN);
  }
}
