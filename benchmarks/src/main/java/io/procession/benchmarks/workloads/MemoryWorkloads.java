package io.procession.benchmarks.workloads;

import io.procession.benchmarks.measure.Better;
import io.procession.benchmarks.measure.Memory;
import io.procession.benchmarks.measure.Side;
import io.procession.benchmarks.measure.Workload;
import io.procession.benchmarks.peers.PlainJvm;
import io.procession.connection.Connection;
import java.util.ArrayList;
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

  static Workload start(int children) {
    return Workload.reported(
        "children_start_" + children,
        "ms",
        Better.LOWER,
        "from the first start until all of " + children + " children have said that they run",
        Side.of(Side.PROCESSION, _ -> withIdle(children, (start, _) -> start)));
  }

  static Workload pss(int children) {
    return Workload.reported(
        "children_pss_" + children,
        "MB",
        Better.LOWER,
        "memory (proportional set) of each of " + children + " children that wait",
        Side.of(Side.PROCESSION, _ -> withIdle(children, (_, idle) -> meanPss(idle))));
  }

  /// What is to be known of children that wait.
  private interface Figure {
    double of(double startMillis, List<Child> idle) throws Exception;
  }

  private static double withIdle(int children, Figure figure) throws Exception {
    List<Child> idle = new ArrayList<>();
    try {
      long begin = System.nanoTime();
      for (int i = 1; i <= children; i++) {
        idle.add(Child.start("idle-" + i, MemoryWorkloads::await));
      }
      for (Child child : idle) {
        Object _ = child.answer();
      }
      return figure.of((System.nanoTime() - begin) / Units.NANOS_PER_MILLI, idle);
    } finally {
      for (Child child : idle) {
        child.close();
      }
    }
  }

  private static double meanPss(List<Child> idle) throws Exception {
    double sum = 0;
    for (Child child : idle) {
      sum += Memory.settledPss(child.pid());
    }
    return sum / idle.size();
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
