package io.procession.benchmarks.workloads;

import io.procession.Procession;
import io.procession.benchmarks.measure.Better;
import io.procession.benchmarks.measure.Effort;
import io.procession.benchmarks.measure.LockPairs;
import io.procession.benchmarks.measure.Rounds;
import io.procession.benchmarks.measure.Side;
import io.procession.benchmarks.measure.Workload;
import io.procession.benchmarks.peers.JdkThreads;
import io.procession.connection.Connection;
import io.procession.sync.SharedLock;
import java.util.List;

/// A lock, alone and fought for.
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
            "lock_contended_2p",
            "pair/s",
            Better.HIGHER,
            5,
            "two processes acquire and release one lock as fast as they can",
            Side.of(Side.PROCESSION, LockWorkloads::contended),
            JdkThreads.lockContended()));
  }

  private static double uncontended(Effort effort) throws Exception {
    try (SharedLock lock = Procession.lock()) {
      return Rounds.rate(effort, size -> LockPairs.run(lock, size));
    }
  }

  private static double contended(Effort effort) throws Exception {
    try (SharedLock lock = Procession.lock();
        var first = Child.start("first", orders -> contend(orders, lock));
        var second = Child.start("second", orders -> contend(orders, lock))) {
      double _ = pairs(first, second, effort.warmUp());
      return pairs(first, second, effort.seconds());
    }
  }

  private static double pairs(Child first, Child second, double seconds) throws Exception {
    long nanos = (long) (seconds * Units.NANOS_PER_SECOND);
    first.order(nanos);
    second.order(nanos);
    return first.figure() + second.figure();
  }

  private static void contend(Connection orders, SharedLock lock) throws Exception {
    for (long nanos = Child.next(orders); nanos != Child.END; nanos = Child.next(orders)) {
      orders.send(LockPairs.rate(lock, nanos / Units.NANOS_PER_SECOND));
    }
  }
}
