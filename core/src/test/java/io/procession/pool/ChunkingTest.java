package io.procession.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.function.IntToLongFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// How well adapted chunks keep workers busy, by a clock that is only calculated.
class ChunkingTest {
  private static final long MICRO = 1_000;
  private static final long MILLI = 1_000_000;

  /// What a chunk costs its worker besides its elements; in truth it is less.
  private static final long OVERHEAD = 20 * MICRO;

  /// A map whose elements take as long as they are told, by workers that always have the next chunk.
  private static final class Simulation {
    private record Busy(int worker, int count, long nanos, long end) {}

    private final Chunking chunking;
    private final Pace pace = new Pace();
    private final IntToLongFunction cost;
    private final int elements;
    private final int workers;
    private final ArrayDeque<int[]> pending = new ArrayDeque<>();
    private int cut;
    int chunks;

    Simulation(int workers, int elements, IntToLongFunction cost) {
      this.chunking = Chunking.adapted(workers, Integer.MAX_VALUE, pace);
      this.workers = workers;
      this.elements = elements;
      this.cost = cost;
    }

    long run() {
      var busy = new PriorityQueue<Busy>(Comparator.comparingLong(Busy::end));
      fill(0);
      for (int worker = 0; worker < workers; worker++) {
        begin(busy, worker, 0);
      }
      long now = 0;
      while (!busy.isEmpty()) {
        Busy done = busy.remove();
        now = done.end();
        pace.took(done.count(), done.nanos());
        fill(busy.size());
        begin(busy, done.worker(), now);
      }
      return now;
    }

    private void begin(PriorityQueue<Busy> busy, int worker, long now) {
      int[] chunk = pending.pollFirst();
      if (chunk != null) {
        long nanos = OVERHEAD + IntStream.range(chunk[0], chunk[1]).mapToLong(cost).sum();
        busy.add(new Busy(worker, chunk[1] - chunk[0], nanos, now + nanos));
      }
    }

    private void fill(int running) {
      while (cut < elements && pending.size() + running < 4 * workers) {
        int size = Math.min(chunking.next(elements - cut), elements - cut);
        pending.addLast(new int[] {cut, cut + size});
        cut += size;
        chunks++;
      }
    }

    /// The time that is lost, as a part of what could be if no message cost anything.
    double waste() {
      long sum = IntStream.range(0, elements).mapToLong(cost).sum();
      return (double) run() * workers / sum - 1;
    }
  }

  @ParameterizedTest(name = "workers={0}")
  @ValueSource(ints = {1, 2, 8, 64})
  void tinyTasksGoInLargeChunks(int workers) {
    var map = new Simulation(workers, 10_000_000, _ -> 100);

    assertThat(map.waste()).isLessThan(0.10);
    assertThat(map.chunks).isLessThan(2_000);
  }

  @ParameterizedTest(name = "workers={0}")
  @ValueSource(ints = {1, 2, 8, 64})
  void longTasksGoAlone(int workers) {
    var map = new Simulation(workers, 10 * workers, _ -> 50 * MILLI);

    assertThat(map.waste()).isLessThan(0.01);
    assertThat(map.chunks).isEqualTo(10 * workers);
  }

  @Test
  void firstElementsThatWarmUpDoNotKeepChunksSmall() {
    var map = new Simulation(2, 1_000_000, i -> i < 4 ? 5 * MILLI : 50);

    map.run();
    assertThat(map.chunks).isLessThan(100);
  }

  @ParameterizedTest(name = "workers={0}")
  @ValueSource(ints = {2, 4, 8})
  void skewedTasksWasteNoWorkers(int workers) {
    Random random = new Random(1);
    long[] heavy = new long[20_000];
    for (int i = 0; i < heavy.length; i++) {
      heavy[i] = (long) (5 * MICRO * Math.pow(1 - random.nextDouble(), -0.7)); // mean, no variance
    }
    long longest = IntStream.range(0, heavy.length).mapToLong(i -> heavy[i]).max().orElseThrow();
    long sum = IntStream.range(0, heavy.length).mapToLong(i -> heavy[i]).sum();
    var map = new Simulation(workers, heavy.length, i -> heavy[i]);

    assertThat(map.run()).isLessThan((long) (1.25 * sum / workers) + longest);
  }

  @ParameterizedTest(name = "workers={0}")
  @ValueSource(ints = {2, 4, 8})
  void longTasksAtTheEndAreSharedToo(int workers) {
    var map = new Simulation(workers, 10_000, i -> i < 9_000 ? MICRO : 10 * MILLI);

    assertThat(map.waste()).isLessThan(0.15);
  }

  @ParameterizedTest(name = "workers={0}")
  @ValueSource(ints = {2, 4, 8})
  void longTasksAtTheBeginningAreSharedToo(int workers) {
    var map = new Simulation(workers, 10_000, i -> i < 1_000 ? 10 * MILLI : MICRO);

    assertThat(map.waste()).isLessThan(0.05);
  }

  @Test
  void largeElementsGoInSmallChunks() {
    Pace pace = new Pace();
    Chunking chunking = Chunking.adapted(2, Integer.MAX_VALUE, pace);
    pace.took(1, 100);
    pace.sent(1, 1 << 20);

    assertThat(chunking.next(1_000_000)).isEqualTo(4);
    pace.received(1, 64 << 20);
    assertThat(chunking.next(1_000_000)).isEqualTo(1);
  }

  @Test
  void nextMapOfAFunctionBeginsWithWhatTheLastHasShown() {
    Paces paces = new Paces();
    Pace first = paces.begin("function");
    assertThat(Chunking.adapted(2, 1_000, first).next(1_000)).isEqualTo(1);
    first.took(10, 10 * MICRO);
    paces.end("function", first);

    assertThat(Chunking.adapted(2, 1_000, paces.begin("function")).next(1_000)).isEqualTo(50);
    assertThat(Chunking.adapted(2, 1_000, paces.begin(7)).next(1_000)).isEqualTo(1);
  }

  @Test
  void givenSizesAreKept() {
    Pace pace = new Pace();
    pace.took(1, 1);

    assertThat(Chunking.given(7, pace).next(3)).isEqualTo(7);
  }
}
