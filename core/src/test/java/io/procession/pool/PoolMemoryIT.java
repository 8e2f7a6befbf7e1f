package io.procession.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.procession.sync.SharedEvent;
import io.procession.testing.ChildJvm;
import io.procession.testing.Deadlines;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What a pool's caller needs: memory, and carriers of virtual threads.
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class PoolMemoryIT {
  private static final long ELEMENTS = Long.getLong("procession.test.elements", 1_000_000);

  /// What goes through in kibibytes is several times the heap.
  private static final int KIBIBYTES = 400_000;

  @TempDir Path folder;

  @Test
  void tasksThatWaitAndInputsThatStreamNeedLittleMemory() {
    String gate = folder.resolve("gate").toString();
    long elements = ELEMENTS;
    try (ChildJvm caller =
        ChildJvm.body(() -> useLittleMemory(gate, elements)).flags("-Xmx256m").start()) {
      caller.succeed(Deadlines.LONG.multipliedBy(4));
      System.out.println("PoolMemoryIT: " + caller.out().strip());
    }
  }

  private static void useLittleMemory(String gate, long elements) throws Exception {
    try (ProcessPool pool = ProcessPool.open(2)) {
      queue(pool, Path.of(gate));
    }
    try (ProcessPool pool = ProcessPool.open(2)) {
      stream(pool);
      count(pool, elements);
    }
  }

  private static void queue(ProcessPool pool, Path gate) throws Exception {
    String name = gate.toString();
    List<AsyncResult<Integer>> results = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      results.add(
          pool.applyAsync(() -> {
            while (!Files.exists(Path.of(name))) {
              Thread.sleep(5);
            }
            return -1;
          }));
    }
    for (int i = 0; i < 100_000; i++) {
      results.add(pool.applyAsync(x -> x, i));
    }
    System.out.println("100,000 tasks wait in " + usedMebibytes() + " MiB,");
    Files.createFile(gate);
    for (int i = 0; i < 5_000; i++) {
      assertThat(results.get(i).get()).isEqualTo(Math.max(i - 2, -1));
    }
    pool.terminate();
    CompletableFuture.allOf(results.toArray(CompletableFuture[]::new)).handle((_, _) -> 0).join();
  }

  private static void stream(ProcessPool pool) {
    Iterable<byte[]> large =
        () -> IntStream.range(0, KIBIBYTES).mapToObj(_ -> new byte[1024]).iterator();
    int taken = 0;
    try (var results = pool.imap((byte[] x) -> x, large)) {
      while (results.hasNext()) {
        taken += results.next().length / 1024;
      }
    }
    assertThat(taken).isEqualTo(KIBIBYTES);
  }

  private static void count(ProcessPool pool, long elements) {
    Iterable<Long> range = () -> LongStream.range(0, elements).iterator();
    long start = System.nanoTime();
    long sum = 0;
    long most = 0;
    Iterator<Long> results = pool.imap((Long x) -> x + 1, range);
    for (long i = 0; i < elements; i++) {
      sum += results.next();
      if (i % 10_000_000 == 0) {
        most = Math.max(most, usedMebibytes());
      }
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    assertThat(results.hasNext()).isFalse();
    assertThat(sum).isEqualTo(elements * (elements + 1) / 2);
    System.out.println(
        elements
            + " elements by imap, "
            + (long) (elements / seconds)
            + " in a second, at most "
            + most
            + " MiB");
  }

  /// The worker has begun the next task by then: it goes on.
  @Test
  void resultThatIsTooLargeForTheCallerCostsItsTaskOnly() {
    try (ChildJvm caller =
        ChildJvm.body(PoolMemoryIT::receiveTooMuch).flags("-Xmx64m", "-Xms64m").start()) {
      caller.succeed(Deadlines.LONG.multipliedBy(2));
    }
  }

  private static void receiveTooMuch() throws Exception {
    PoolOptions options = PoolOptions.defaults().withProcesses(1).withMaxHeap(512L << 20);
    try (ProcessPool pool = ProcessPool.open(options)) {
      long worker = pool.apply(() -> ProcessHandle.current().pid());
      SharedEvent isSeen = SharedEvent.create();
      AsyncResult<byte[]> large = pool.applyAsync(() -> new byte[100 << 20]);
      AsyncResult<Long> next =
          pool.applyAsync(() -> {
            isSeen.await();
            return ProcessHandle.current().pid();
          });
      List<Object> outcomes = new ArrayList<>();
      assertThatThrownBy(large::join)
          .cause()
          .isInstanceOf(TaskException.class)
          .hasMessageContaining("could not be received")
          .hasCauseInstanceOf(OutOfMemoryError.class);
      isSeen.set();
      assertThat(next.join()).isEqualTo(worker);
      try (var all = pool.imap(x -> new byte[x], List.of(1, 100 << 20, 2), 3)) {
        while (all.hasNext()) {
          outcomes.add(lengthOrFailure(all));
        }
      }
      assertThat(outcomes).hasSize(3).first().isNotNull();
      assertThatThrownBy(() -> pool.apply(() -> new byte[100 << 20]))
          .hasCauseInstanceOf(OutOfMemoryError.class);
      assertThat(pool.<Long>apply(() -> ProcessHandle.current().pid())).isEqualTo(worker);
    }
  }

  private static Object lengthOrFailure(ResultIterator<byte[]> results) {
    try {
      return results.next().length;
    } catch (TaskException e) {
      return e;
    }
  }

  @Test
  void inputThatIsTooLargeForAWorkerCostsItsTaskOnly() {
    byte[] large = new byte[100 << 20];
    PoolOptions options = PoolOptions.defaults().withProcesses(1).withMaxHeap(32L << 20);
    try (ProcessPool pool = ProcessPool.open(options)) {
      long worker = pool.apply(() -> ProcessHandle.current().pid());
      assertThatThrownBy(() -> pool.apply(bytes -> bytes.length, large))
          .isInstanceOf(TaskException.class)
          .hasCauseInstanceOf(OutOfMemoryError.class);
      assertThat(pool.<Long>apply(() -> ProcessHandle.current().pid())).isEqualTo(worker);
    }
    try (ProcessPool pool = ProcessPool.open(options.withLargerHeap(512L << 20))) {
      int length = pool.apply(bytes -> bytes.length, large);
      assertThat(length).isEqualTo(large.length);
    }
  }

  private static long usedMebibytes() {
    Runtime runtime = Runtime.getRuntime();
    return (runtime.totalMemory() - runtime.freeMemory()) >> 20;
  }

  @Test
  void virtualThreadsThatUseAPoolPinNoCarrier() throws Exception {
    Path recording = folder.resolve("pool.jfr");
    String record =
        "-XX:StartFlightRecording=settings=none,jdk.VirtualThreadPinned#enabled=true,"
            + "jdk.VirtualThreadPinned#threshold=0ms,filename="
            + recording;
    try (ChildJvm caller =
        ChildJvm.body(PoolMemoryIT::usePoolFromVirtualThreads).flags(record).start()) {
      caller.succeed(Deadlines.LONG.multipliedBy(4));
    }
    String tool = Path.of(System.getProperty("java.home"), "bin", "jfr").toString();
    Process summary =
        new ProcessBuilder(tool, "print", "--events", "VirtualThreadPinned", recording.toString())
            .redirectErrorStream(true)
            .start();
    String events = new String(summary.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(summary.waitFor()).as(events).isZero();
    assertThat(events.strip()).isEmpty();
  }

  private static void usePoolFromVirtualThreads() throws Exception {
    try (ProcessPool pool = ProcessPool.open(2);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 5; i++) { // who waits for the initialisation of a class is pinned, too
        assertThat(useInOneWay(pool, i)).isEqualTo(i);
      }
      List<Future<Integer>> results = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        int number = i;
        results.add(threads.submit(() -> useInOneWay(pool, number)));
      }
      for (int i = 0; i < 200; i++) {
        assertThat(results.get(i).get()).isEqualTo(i);
      }
    }
  }

  private static int useInOneWay(ProcessPool pool, int number) throws Exception {
    return switch (number % 5) {
      case 0 -> pool.apply(x -> x, number);
      case 1 -> pool.applyAsync(x -> x, number).get();
      case 2 -> pool.map(x -> x, List.of(1, number)).getLast();
      case 3 -> pool.imap(x -> x, List.of(number)).next();
      default -> pool.mapAsync(x -> x, List.of(number)).join().getFirst();
    };
  }
}
