package io.procession.benchmarks.workloads;

import io.procession.benchmarks.measure.Better;
import io.procession.benchmarks.measure.Memory;
import io.procession.benchmarks.measure.Side;
import io.procession.benchmarks.measure.Workload;
import io.procession.benchmarks.peers.PlainJvm;
import io.procession.connection.Connection;
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
            Side.of(Side.PROCESSION, _ -> idlePss()),
            PlainJvm.idle()));
  }

  private static double idlePss() throws Exception {
    try (var idle = Child.start("idle", MemoryWorkloads::await)) {
      Object _ = idle.answer();
      return Memory.settledPss(idle.pid());
    }
  }

  private static void await(Connection orders) throws Exception {
    orders.send("ready");
    long _ = Child.next(orders);
  }
}
