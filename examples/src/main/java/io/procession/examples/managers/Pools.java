package io.procession.examples.managers;

import io.procession.Procession;
import io.procession.pool.ProcessPool;
import io.procession.pool.TaskException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;

/// What a pool does: tasks, maps, iterators, results, failures, time limits, the end.
public final class Pools {
  private Pools() {}

  static int multiply(int a, int b) {
    return a * b;
  }

  static int plus(int a, int b) {
    return a + b;
  }

  public static void main(String[] args) throws Exception {
    List<Integer> numbers = IntStream.range(0, 10).boxed().toList();
    try (ProcessPool pool = Procession.pool(4)) {
      System.out.println("apply: " + pool.apply(x -> multiply(x, 7), 6));
      var results = numbers.stream().map(n -> pool.applyAsync(x -> plus(x, 8), n)).toList();
      System.out.print("applyAsync:");
      for (var result : results) {
        System.out.print(" " + result.get());
      }
      System.out.println();
      System.out.println("map: " + pool.map(x -> multiply(x, x), numbers));
      System.out.print("imap:");
      pool.imap(x -> plus(x, 100), numbers).forEachRemaining(x -> System.out.print(" " + x));
      System.out.println();
      int sum = 0;
      for (var some = pool.imapUnordered(x -> multiply(x, 2), numbers); some.hasNext(); ) {
        sum += some.next();
      }
      System.out.println("imapUnordered: a sum of " + sum);
      try {
        pool.map(x -> 10 / (5 - x), numbers);
      } catch (TaskException e) {
        System.out.println("failed: " + e.getCause());
      }
      var slow =
          pool.applyAsync(() -> {
            Thread.sleep(Duration.ofDays(1));
            return "never";
          });
      try {
        slow.get(50, TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        System.out.println("not yet, so cancelled: " + slow.cancel(true));
      }
    }
    System.out.println("closed");
  }
}
