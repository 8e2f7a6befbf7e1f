package io.procession.examples.guide;

import io.procession.Procession;
import io.procession.pool.AsyncResult;
import io.procession.pool.ProcessPool;
import io.procession.process.JvmProcess;
import io.procession.serial.SerializableFunction;
import java.io.Serializable;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.Lock;

/// From threads to processes.
public final class FromThreads {
  private FromThreads() {}

  public static void main(String[] args) throws Exception {
    Part.of("threads", FromThreads::threads);
    Part.of("executor", FromThreads::executor);
    Part.of("async", FromThreads::async);
    Part.of("map", FromThreads::map);
    Part.of("copied", FromThreads::copied);
    Part.of("managed", FromThreads::managed);
    Part.of("counter", FromThreads::counter);
    Part.of("guarded", FromThreads::guarded);
    Part.of("handed", FromThreads::handed);
    Part.of("chained", FromThreads::chained);
    Part.of("local", FromThreads::local);
  }

  private static void threads() throws Exception {
    // [threads]
    try (ExecutorService executor = Executors.newFixedThreadPool(2)) {
      List<Future<Integer>> futures = new ArrayList<>();
      for (int n : List.of(10, 100, 1000)) {
        futures.add(executor.submit(() -> BigInteger.TWO.pow(n).bitLength()));
      }
      for (Future<Integer> future : futures) {
        System.out.println(future.get());
      }
    }
    // [end]
  }

  private static void executor() throws Exception {
    // [executor]
    try (ExecutorService executor = Procession.pool(2).asExecutorService()) {
      List<Future<Integer>> futures = new ArrayList<>();
      for (int n : List.of(10, 100, 1000)) {
        Callable<Integer> task =
            (Callable<Integer> & Serializable) () -> BigInteger.TWO.pow(n).bitLength();
        futures.add(executor.submit(task));
      }
      for (Future<Integer> future : futures) {
        System.out.println(future.get());
      }
    }
    // [end]
  }

  private static void async() throws Exception {
    // [async]
    try (ProcessPool pool = Procession.pool(2)) {
      List<Future<Integer>> futures = new ArrayList<>();
      for (int n : List.of(10, 100, 1000)) {
        futures.add(pool.applyAsync(() -> BigInteger.TWO.pow(n).bitLength()));
      }
      for (Future<Integer> future : futures) {
        System.out.println(future.get());
      }
    }
    // [end]
  }

  private static void map() {
    // [map]
    try (ProcessPool pool = Procession.pool(2)) {
      pool.map(n -> BigInteger.TWO.pow(n).bitLength(), List.of(10, 100, 1000))
          .forEach(System.out::println);
    }
    // [end]
  }

  private static void copied() throws Exception {
    // [copied]
    ConcurrentMap<String, Integer> counts = new ConcurrentHashMap<>();
    SerializableFunction<String, Integer> count = word -> counts.merge(word, 1, Integer::sum);
    List<String> words = List.of("so", "it", "is", "so");
    try (ExecutorService executor = Executors.newFixedThreadPool(2)) {
      for (String word : words) {
        executor.submit(() -> count.apply(word)).get();
      }
    }
    System.out.println("so: " + counts.get("so"));
    counts.clear();
    try (ProcessPool pool = Procession.pool(2)) {
      pool.map(count, words); // each worker counts in its own copy
    }
    System.out.println("so: " + counts.get("so"));
    // [end]
  }

  private static void managed() {
    // [managed]
    try (var manager = Procession.manager();
        ProcessPool pool = Procession.pool(2)) {
      ConcurrentMap<String, Integer> counts = manager.map(); // lives in the manager's process
      pool.map(word -> counts.merge(word, 1, Integer::sum), List.of("so", "it", "is", "so"));
      System.out.println("so: " + counts.get("so"));
    }
    // [end]
  }

  private static void counter() {
    // [counter]
    var hits = Procession.rawValue(0L); // an AtomicLong that all processes see
    try (ProcessPool pool = Procession.pool(2)) {
      pool.map(x -> hits.getAndAdd(x), List.of(1L, 2L, 3L));
    }
    System.out.println(hits.get());
    // [end]
    hits.destroy();
  }

  private static void guarded() {
    // [guarded]
    Lock lock = Procession.reentrantLock(); // instead of a monitor
    var odd = Procession.rawValue(0);
    var even = Procession.rawValue(0);
    try (ProcessPool pool = Procession.pool(2)) {
      pool.map(
          n -> {
            lock.lock();
            try {
              var counted = n % 2 == 0 ? even : odd;
              counted.set(counted.get() + 1);
              return n;
            } finally {
              lock.unlock();
            }
          },
          List.of(1, 2, 3, 4, 5));
    }
    System.out.println(odd.get() + " odd, " + even.get() + " even");
    // [end]
    odd.destroy();
    even.destroy();
  }

  private static void handed() throws Exception {
    // [handed]
    BlockingQueue<String> names = Procession.queue(100);
    JvmProcess greeter =
        Procession.start(() -> {
          for (String name = names.take(); !name.isEmpty(); name = names.take()) {
            System.out.println("hello " + name);
          }
        });
    names.put("Ann");
    names.put("Ben");
    names.put("");
    greeter.join();
    // [end]
  }

  private static void chained() {
    // [chained]
    try (ProcessPool pool = Procession.pool(2)) {
      AsyncResult<Integer> length = pool.applyAsync(() -> "a word".length());
      AsyncResult<Integer> width = pool.applyAsync(() -> 80);
      System.out.println(length.thenCombine(width, (a, b) -> b - a).join()); // here, not there
    }
    // [end]
  }

  // [request]
  static final ThreadLocal<String> REQUEST = ThreadLocal.withInitial(() -> "none");
  static String mode = "as compiled";

  // [end]

  private static void local() {
    // [local]
    REQUEST.set("4711");
    mode = "as set";
    String request = REQUEST.get();
    try (ProcessPool pool = Procession.pool(1)) {
      System.out.println(pool.apply(() -> REQUEST.get() + ", " + mode));
      System.out.println(pool.apply(() -> request)); // captured: goes along
    }
    // [end]
  }
}
