package io.procession.examples.guide;

import io.procession.Procession;
import io.procession.pool.ProcessPool;
import io.procession.queue.SharedQueue;
import io.procession.shared.ElementType;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// Ways to send less, and less often.
public final class Performance {
  private Performance() {}

  public static void main(String[] args) throws Exception {
    Part.of("shared", Performance::shared);
    Part.of("many", Performance::many);
    Part.of("chunks", Performance::chunks);
    Part.of("measured", Performance::measured);
  }

  private static void shared() {
    // [shared]
    int parts = 4;
    int length = 1_000_000;
    try (var numbers = Procession.rawArray(ElementType.INT, (long) parts * length);
        ProcessPool pool = Procession.pool(2)) {
      List<Long> sums =
          pool.map(
              part -> {
                var own = numbers.slice((long) part * length, length); // the same memory
                own.fill(part);
                return own.ints().asLongStream().sum();
              },
              IntStream.range(0, parts).boxed().toList());
      System.out.println(sums);
    }
    // [end]
  }

  private static void many() throws InterruptedException {
    // [many]
    SharedQueue<Integer> queue = Procession.queue();
    queue.putMany(IntStream.range(0, 1_000).boxed().toList()); // one lock, one wake-up
    List<Integer> batch = new ArrayList<>();
    int batches = 0;
    while (queue.drainTo(batch, 250) > 0) {
      batches++;
    }
    System.out.println(batch.size() + " in " + batches + " batches");
    // [end]
    queue.destroy();
  }

  private static void chunks() {
    // [chunks]
    List<Integer> inputs = IntStream.range(0, 10_000).boxed().toList();
    try (ProcessPool pool = Procession.pool(2)) {
      List<Integer> adapted = pool.map(x -> x + 1, inputs); // chunks follow what elements take
      List<Integer> chosen = pool.map(x -> x + 1, inputs, 500); // you know better
      System.out.println(adapted.equals(chosen));
    }
    // [end]
  }

  private static void measured() {
    // [measured]
    List<Integer> inputs = IntStream.range(0, 50_000).boxed().toList();
    try (ProcessPool pool = Procession.pool(2)) {
      long best = Long.MAX_VALUE;
      for (int round = 0; round < 20; round++) { // the first rounds are interpreted
        long start = System.nanoTime();
        pool.map(x -> x + 1, inputs);
        best = Math.min(best, System.nanoTime() - start);
      }
      System.err.println(best / inputs.size() + " ns for an element");
      System.out.println(pool.stats().workers().size() + " workers, all alive");
    }
    // [end]
  }
}
