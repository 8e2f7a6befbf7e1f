package io.procession.benchmarks.workloads;

import io.procession.benchmarks.measure.Better;
import io.procession.benchmarks.measure.Workload;
import io.procession.benchmarks.peers.AeronIpc;
import io.procession.benchmarks.peers.AgronaRing;
import io.procession.benchmarks.peers.JdkThreads;
import java.util.List;

/// Messages through a queue.
final class QueueWorkloads {
  private QueueWorkloads() {}

  static List<Workload> all() {
    return List.of(
        Workload.of(
            "queue_256B_1p1c",
            "msg/s",
            Better.HIGHER,
            25,
            "a child puts 256-character strings on a queue, another takes them",
            JdkThreads.queue(Units.MESSAGE, Units.LARGEST_ROUND),
            AgronaRing.side(),
            AeronIpc.side()));
  }
}
