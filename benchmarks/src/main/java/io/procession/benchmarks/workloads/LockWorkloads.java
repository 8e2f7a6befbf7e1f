package io.procession.benchmarks.workloads;

import io.procession.Procession;
import io.procession.benchmarks.measure.Better;
import io.procession.benchmarks.measure.Effort;
import io.procession.benchmarks.measure.LockPairs;
import io.procession.benchmarks.measure.Rounds;
import io.procession.benchmarks.measure.Side;
import io.procession.benchmarks.measure.WarmUp;
import io.procession.benchmarks.measure.Workload;
import io.procession.benchmarks.peers.JdkThreads;
import io.procession.connection.Connection;
import io.procession.shared.SharedValue;
import io.procession.sync.SharedCondition;
import io.procession.sync.SharedLock;
import io.procession.sync.SharedReentrantLock;
import io.procession.sync.SharedSemaphore;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Locks, alone and fought for.
final class LockWorkloads {
  private LockWorkloads() {}

  static List<Workload> all() {
    return List.of(
        Workload.of(
            "lock_uncontended",
            "pair/s",
            Better.HIGHER,
            5,
            "acquire and release of a lock that nobody else wants",
            Side.of(Side.PROCESSION, LockWorkloads::uncontended),
            JdkThreads.lockUncontended()),
        Workload.of(
            "rlock_uncontended",
            "pair/s",
            Better.HIGHER,
            5,
            "acquire and release of a reentrant lock that nobody else wants",
            Side.of(Side.PROCESSION, LockWorkloads::reentrantUncontended),
            JdkThreads.lockUncontended()),
        Workload.of(
            "semaphore_uncontended",
            "pair/s",
            Better.HIGHER,
            5,
            "acquire and release of a semaphore that nobody else wants",
            Side.of(Side.PROCESSION, LockWorkloads::semaphoreUncontended),
            JdkThreads.semaphoreUncontended()),
        Workload.of(
            "condition_pingpong",
            "wait/s",
            Better.HIGHER,
            5,
            "two processes take turns by a condition: each signals the other and waits",
            Side.of(Side.PROCESSION, LockWorkloads::pingPong),
            JdkThreads.conditionPingPong()),
        Workload.of(
            "lock_contended_2p",
            "pair/s",
            Better.HIGHER,
            5,
            "two processes acquire and release one lock as fast as they can",
            Side.of(Side.PROCESSION, LockWorkloads::contended),
            JdkThreads.lockContended()));
  }

  /// So many who want one lock all the time.
  static Workload waiters(int waiters) {
    return Workload.reported(
        "lock_waiters_" + waiters,
        "pair/s",
        Better.HIGHER,
        waiters + " threads of up to 4 processes acquire and release one lock as fast as they can",
        Side.of(Side.PROCESSION, effort -> contended(effort, waiters)));
  }

  private static double uncontended(Effort effort) throws Exception {
    try (SharedLock lock = Procession.lock()) {
      return Rounds.rate(effort, size -> LockPairs.run(lock, size));
    }
  }

  private static double reentrantUncontended(Effort effort) throws Exception {
    try (SharedReentrantLock lock = Procession.reentrantLock()) {
      return Rounds.rate(effort, size -> LockPairs.run(lock, size));
    }
  }

  private static double semaphoreUncontended(Effort effort) throws Exception {
    try (SharedSemaphore semaphore = Procession.semaphore(1)) {
      return Rounds.rate(
          effort,
          size -> {
            for (long i = 0; i < size; i++) {
              semaphore.acquire();
              semaphore.release();
            }
          });
    }
  }

  private static double pingPong(Effort effort) throws Exception {
    try (SharedCondition turned = Procession.condition();
        SharedValue<Integer> turn = Procession.rawValue(0);
        var first = Child.start("first", orders -> takeTurns(orders, turned, turn, 0));
        var second = Child.start("second", orders -> takeTurns(orders, turned, turn, 1))) {
      return Rounds.rate(
          effort,
          size -> {
            first.order(size / 2);
            second.order(size / 2);
            double _ = first.figure() + second.figure();
          });
    }
  }

  private static void takeTurns(
      Connection orders, SharedCondition turned, SharedValue<Integer> turn, int mine)
      throws Exception {
    for (long turns = Child.next(orders); turns != Child.END; turns = Child.next(orders)) {
      for (long i = 0; i < turns; i++) {
        turned.lock().lock();
        try {
          while (turn.get() != mine) {
            turned.await();
          }
          turn.set(1 - mine);
          turned.signal();
        } finally {
          turned.lock().unlock();
        }
      }
      orders.send((double) turns);
    }
  }

  private static double contended(Effort effort) throws Exception {
    return contended(effort, 2);
  }

  private static double contended(Effort effort, int contenders) throws Exception {
    try (SharedLock lock = Procession.lock();
        Children children =
            Children.start(
                "contender", contenders, (orders, threads) -> contend(orders, lock, threads))) {
      Effort shared = effort.shared(children.count());
      int _ = WarmUp.run(shared.warmUp(), seconds -> pairs(children, seconds));
      return pairs(children, shared.seconds());
    }
  }

  private static double pairs(Children children, double seconds) throws Exception {
    return children.sum((long) (seconds * Units.NANOS_PER_SECOND));
  }

  private static void contend(Connection orders, SharedLock lock, int threads) throws Exception {
    try (ExecutorService others = Executors.newCachedThreadPool()) {
      for (long nanos = Child.next(orders); nanos != Child.END; nanos = Child.next(orders)) {
        double seconds = nanos / Units.NANOS_PER_SECOND;
        List<Future<Double>> rates = new ArrayList<>();
        for (int i = 1; i < threads; i++) {
          rates.add(others.submit(() -> LockPairs.rate(lock, seconds)));
        }
        double sum = LockPairs.rate(lock, seconds);
        for (Future<Double> rate : rates) {
          sum += rate.get();
        }
        orders.send(sum);
      }
    }
  }
}
