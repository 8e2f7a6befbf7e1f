package io.procession.benchmarks.peers;

import io.procession.benchmarks.measure.Effort;
import io.procession.benchmarks.measure.Latencies;
import io.procession.benchmarks.measure.LockPairs;
import io.procession.benchmarks.measure.Measurement;
import io.procession.benchmarks.measure.Rounds;
import io.procession.benchmarks.measure.Side;
import io.procession.benchmarks.measure.WarmUp;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.IntStream;

/// Threads of one JVM with `java.util.concurrent`: the ceiling, since nothing is copied.
public final class JdkThreads {
  private static final int THREADS = 2;

  private JdkThreads() {}

  /// One thread puts strings on a `LinkedBlockingQueue`, another takes them.
  public static Side queue(String message, long largestRound) {
    return side(effort -> {
      BlockingQueue<String> queue = new LinkedBlockingQueue<>();
      return Rounds.rate(effort, largestRound, size -> pass(queue, message, size));
    });
  }

  /// Two threads put strings on a `LinkedBlockingQueue`, two others take them.
  public static Side queueOfMany(String message, long largestRound) {
    return side(effort -> {
      BlockingQueue<String> queue = new LinkedBlockingQueue<>();
      return Rounds.rate(
          effort,
          largestRound,
          size -> {
            Thread other =
                Thread.ofPlatform()
                    .name("pair")
                    .start(() -> {
                      try {
                        pass(queue, message, size / 2);
                      } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                      }
                    });
            pass(queue, message, size - size / 2);
            other.join();
          });
    });
  }

  /// Acquire and release of a `ReentrantLock`.
  public static Side lockUncontended() {
    return side(effort -> {
      var lock = new ReentrantLock();
      return Rounds.rate(effort, size -> LockPairs.run(lock, size));
    });
  }

  /// Acquire and release of a `Semaphore`.
  public static Side semaphoreUncontended() {
    return side(effort -> {
      var semaphore = new Semaphore(1);
      return Rounds.rate(
          effort,
          size -> {
            for (long i = 0; i < size; i++) {
              semaphore.acquire();
              semaphore.release();
            }
          });
    });
  }

  /// Two threads take turns by a condition of a `ReentrantLock`.
  public static Side conditionPingPong() {
    return side(effort -> Rounds.rate(effort, size -> new Turns().play(size)));
  }

  /// Two threads acquire and release one `ReentrantLock`.
  public static Side lockContended() {
    return side(JdkThreads::contend);
  }

  /// A task given to two threads, and its result awaited.
  public static Side applyRoundTrip(double nanosOfUnit) {
    return side(effort -> {
      try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
        return Latencies.percentile(effort, 0.5, 100, () -> threads.submit(() -> 1).get())
            / nanosOfUnit;
      }
    });
  }

  /// The identity of so many numbers, in as many chunks as a pool of processes makes.
  public static Side map(int size, int chunks) {
    return side(effort -> {
      try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
        List<Callable<List<Integer>>> tasks =
            copies(IntStream.range(0, size).boxed().toList(), chunks);
        return Rounds.rate(effort, 1, calls -> mapped(threads, tasks, calls)) * size;
      }
    });
  }

  private static Side side(Measurement measurement) {
    return Side.of(Side.THREADS, measurement);
  }

  private static void pass(BlockingQueue<String> queue, String message, long size)
      throws InterruptedException {
    Thread putter =
        Thread.ofPlatform()
            .name("putter")
            .start(() -> {
              for (long i = 0; i < size; i++) {
                queue.add(message);
              }
            });
    for (long i = 0; i < size; i++) {
      queue.take();
    }
    putter.join();
  }

  private static double contend(Effort effort) throws Exception {
    var lock = new ReentrantLock();
    try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
      int _ = WarmUp.run(effort.warmUp(), seconds -> contend(threads, lock, seconds));
      return contend(threads, lock, effort.seconds());
    }
  }

  private static double contend(ExecutorService threads, ReentrantLock lock, double seconds)
      throws Exception {
    Callable<Double> one = () -> LockPairs.rate(lock, seconds);
    double sum = 0;
    for (Future<Double> rate : threads.invokeAll(List.of(one, one))) {
      sum += rate.get();
    }
    return sum;
  }

  private static List<Callable<List<Integer>>> copies(List<Integer> numbers, int chunks) {
    List<Callable<List<Integer>>> tasks = new ArrayList<>();
    int size = Math.ceilDiv(numbers.size(), chunks);
    for (int from = 0; from < numbers.size(); from += size) {
      List<Integer> chunk = numbers.subList(from, Math.min(from + size, numbers.size()));
      tasks.add(() -> copy(chunk));
    }
    return tasks;
  }

  private static List<Integer> copy(List<Integer> chunk) {
    List<Integer> copied = new ArrayList<>(chunk.size());
    for (Integer number : chunk) {
      copied.add(number);
    }
    return copied;
  }

  private static void mapped(
      ExecutorService threads, List<Callable<List<Integer>>> tasks, long calls) throws Exception {
    for (long i = 0; i < calls; i++) {
      List<Integer> results = new ArrayList<>();
      for (Future<List<Integer>> chunk : threads.invokeAll(tasks)) {
        results.addAll(chunk.get());
      }
      if (results.isEmpty()) {
        throw new IllegalStateException("no results: tasks=" + tasks.size());
      }
    }
  }

  private static final class Turns {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition turned = lock.newCondition();
    private int turn;

    void play(long waits) throws Exception {
      Thread other = Thread.ofPlatform().name("other").start(() -> take(waits / 2, 1));
      take(waits / 2, 0);
      other.join();
    }

    private void take(long turns, int mine) {
      for (long i = 0; i < turns; i++) {
        lock.lock();
        try {
          while (turn != mine) {
            turned.awaitUninterruptibly();
          }
          turn = 1 - mine;
          turned.signal();
        } finally {
          lock.unlock();
        }
      }
    }
  }
}
