package io.procession.benchmarks.workloads;

import io.procession.Procession;
import io.procession.benchmarks.measure.Better;
import io.procession.benchmarks.measure.Effort;
import io.procession.benchmarks.measure.Latencies;
import io.procession.benchmarks.measure.Side;
import io.procession.benchmarks.measure.Workload;
import io.procession.benchmarks.peers.PlainJvm;
import java.util.List;

/// The start and end of a process.
final class ProcessWorkloads {
  private ProcessWorkloads() {}

  static List<Workload> all() {
    return List.of(
        Workload.of(
                "process_start_join_spawn",
                "ms",
                Better.LOWER,
                1.5,
                "start and join of a process that does nothing",
                Side.of(Side.PROCESSION, effort -> startJoin(effort) / Units.NANOS_PER_MILLI),
                PlainJvm.startJoin(Units.NANOS_PER_MILLI))
            .withFork());
  }

  private static double startJoin(Effort effort) throws Exception {
    return Latencies.percentile(effort, 0.5, 3, () -> Procession.start(() -> {}).join());
  }
}
