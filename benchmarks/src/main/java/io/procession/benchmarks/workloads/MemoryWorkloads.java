package io.procession.benchmarks.workloads;

import io.procession.benchmarks.measure.Better;
import io.procession.benchmarks.measure.Workload;
import io.procession.benchmarks.peers.PlainJvm;
import java.util.List;

/// What a process costs that only waits.
final class MemoryWorkloads {
  private MemoryWorkloads() {}

  static List<Workload> all() {
    return List.of(
        Workload.reported(
            "idle_child_pss",
            "MB",
            Better.LOWER,
            "memory (proportional set) of a child that waits for a message",
            PlainJvm.idle()));
  }
}
