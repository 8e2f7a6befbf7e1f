package io.procession.examples.guide;

import io.procession.Procession;
import io.procession.pool.Actor;
import io.procession.pool.AsyncResult;
import io.procession.pool.PoolOptions;
import io.procession.pool.ProcessPool;
import io.procession.pool.ResultIterator;
import io.procession.pool.TaskException;
import io.procession.pool.WorkerDiedException;
import io.procession.serial.NotSendableException;
import io.procession.serial.SerializableFunction;
import java.io.Serializable;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Pools of workers, from the side of those who use them.
public final class Pools {
  private Pools() {}

  public static void main(String[] args) throws Exception {
    Part.of("first", Pools::first);
    Part.of("apply", Pools::apply);
    Part.of("callbacks", Pools::callbacks);
    Part.of("inputs", Pools::inputs);
    Part.of("imap", Pools::imap);
    Part.of("limit", Pools::limit);
    Part.of("streams", Pools::streams);
    Part.of("executor", Pools::executor);
    Part.of("actor", Pools::actor);
    Part.of("ending", Pools::ending);
    Part.of("failures", Pools::failures);
    Part.of("lambdas", Pools::lambdas);
  }

  private static void first() {
    // [first]
    try (ProcessPool pool = Procession.pool()) {
      List<Integer> bits = pool.map(n -> BigInteger.TWO.pow(n).bitLength(), List.of(10, 100, 1000));
      System.out.println(bits);
    }
    // [end]
  }

  private static void apply() {
    // [apply]
    try (ProcessPool pool = Procession.pool(2)) {
      int waited = pool.apply(String::length, "four");
      AsyncResult<Integer> later = pool.applyAsync(() -> 6 * 7);
      AsyncResult<List<Integer>> all = pool.mapAsync(x -> x * x, List.of(1, 2, 3));
      System.out.println(waited + " " + later.join() + " " + all.join());
    }
    // [end]
  }

  private static void callbacks() {
    // [callbacks]
    List<Integer> results = new ArrayList<>(); // no lock: callbacks run one at a time
    try (ProcessPool pool = Procession.pool(2)) {
      for (int i = 1; i <= 4; i++) {
        var _ =
            pool.applyAsync(x -> 12 / (x - 3), i)
                .onSuccess(results::add)
                .onFailure(e -> System.out.println(e.getCause()));
      }
    } // waits for callbacks, too
    results.sort(null);
    System.out.println(results);
    // [end]
  }

  private static void inputs() {
    // [inputs]
    try (ProcessPool pool = Procession.pool(2)) {
      List<String> names = List.of("a", "b", "c");
      Iterable<Integer> numbers = () -> Stream.iterate(1, i -> i + 1).iterator();
      System.out.println(pool.map((name, number) -> name + number, names, numbers));
    }
    // [end]
  }

  private static void imap() {
    // [imap]
    Iterable<Integer> endless = () -> IntStream.iterate(1, i -> i + 1).iterator();
    try (ProcessPool pool = Procession.pool(2);
        ResultIterator<Integer> squares = pool.imap(x -> x * x, endless)) {
      int square = 0;
      while (square < 1_000) {
        square = squares.next();
      }
      System.out.println(square);
    }
    // [end]
  }

  private static void limit() {
    // [limit]
    SerializableFunction<Integer, Integer> nap =
        seconds -> {
          Thread.sleep(Duration.ofSeconds(seconds));
          return seconds;
        };
    try (ProcessPool pool = Procession.pool(2);
        var naps = pool.imap(nap, List.of(1, 0), 1)) {
      try {
        System.out.println(naps.next(Duration.ofMillis(10)));
      } catch (TimeoutException e) {
        System.out.println(e.getMessage());
      }
      System.out.println(naps.next() + " " + naps.next()); // nothing is lost
    }
    // [end]
  }

  private static void streams() {
    // [streams]
    try (ProcessPool pool = Procession.pool(2)) {
      List<Integer> some =
          Stream.iterate(1, i -> i + 1)
              .gather(pool.mapping((Integer x) -> x * x))
              .filter(x -> x % 2 == 1)
              .limit(3)
              .toList();
      System.out.println(some);
    }
    // [end]
  }

  private static void executor() throws Exception {
    // [executor]
    try (ProcessPool pool = Procession.pool(2)) {
      ExecutorService executor = pool.asExecutorService();
      Future<String> sent = executor.submit((Callable<String> & Serializable) () -> "sent");
      System.out.println(sent.get());
      try {
        var _ = executor.submit(() -> "not sent");
      } catch (NotSendableException e) {
        System.out.println("refused");
      }
    }
    // [end]
  }

  /// What the actor below does.
  // [counter]
  interface Counter {
    int add(int amount);

    CompletableFuture<Integer> addLater(int amount);
  }

  /// Lives in one process, and is called by one thread.
  static final class PlainCounter implements Counter {
    private int sum;

    @Override
    public int add(int amount) {
      return sum += amount;
    }

    @Override
    public CompletableFuture<Integer> addLater(int amount) {
      return CompletableFuture.completedFuture(add(amount));
    }
  }

  // [end]

  private static void actor() {
    // [actor]
    try (ProcessPool pool = Procession.pool(1);
        Actor<Counter> actor = pool.actor(Counter.class, PlainCounter::new)) {
      Counter counter = actor.proxy();
      CompletableFuture<Integer> later = counter.addLater(2);
      System.out.println(counter.add(40) + " " + later.join());
    }
    // [end]
  }

  private static void ending() throws InterruptedException {
    // [ending]
    ProcessPool pool = Procession.pool(2);
    AsyncResult<Integer> last = pool.applyAsync(() -> 1);
    pool.shutdown();
    System.out.println(pool.join(Duration.ofMinutes(1)) + " " + last.resultNow());
    // [end]
  }

  private static void failures() {
    // [failures]
    try (ProcessPool pool = Procession.pool(PoolOptions.defaults().withProcesses(1))) {
      try {
        pool.map(x -> 10 / x, List.of(2, 1, 0));
      } catch (TaskException e) {
        System.out.println(e.getCause());
      }
      try {
        pool.apply(() -> {
          Runtime.getRuntime().halt(3);
          return 0;
        });
      } catch (TaskException e) {
        if (e.getCause() instanceof WorkerDiedException death) {
          System.out.println("exit code " + death.certificate().exitCode());
        }
      }
      System.out.println(pool.map(x -> -x, List.of(1, 2)));
    }
    // [end]
  }

  private static void lambdas() {
    // [lambdas]
    int offset = 100;
    SerializableFunction<Integer, Integer> add = x -> x + offset; // a copy of offset goes along
    try (ProcessPool pool = Procession.pool(2)) {
      System.out.println(pool.map(add, List.of(1, 2)));
    }
    // [end]
  }
}
