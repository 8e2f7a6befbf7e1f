package io.procession.benchmarks.workloads;

import io.procession.benchmarks.measure.Better;
import io.procession.benchmarks.measure.Workload;
import io.procession.benchmarks.peers.JdkThreads;
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
            JdkThreads.lockUncontended()),
        Workload.of(
            "lock_contended_2p",
            "pair/s",
            Better.HIGHER,
            5,
            "two processes acquire and release one lock as fast as they can",
            JdkThreads.lockContended()));
  }
}
