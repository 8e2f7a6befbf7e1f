package io.procession.benchmarks.workloads;

import io.procession.Procession;
import io.procession.benchmarks.measure.Better;
import io.procession.benchmarks.measure.Effort;
import io.procession.benchmarks.measure.Latencies;
import io.procession.benchmarks.measure.Side;
import io.procession.benchmarks.measure.Workload;
import io.procession.benchmarks.peers.PlainJvm;
import io.procession.context.Context;
import java.util.List;

/// The start and end of a process.
final class ProcessWorkloads {
  private static final long SPACE_MILLIS = 500;
  private static final int SPACED_STARTS = 9;

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
            .withFork(),
        Workload.of(
                "process_start_join_forkserver",
                "ms",
                Better.LOWER,
                4,
                "start and join of a process that does nothing, by the fork server; a start every"
                    + " half second, so that a spare is there",
                Side.of(
                    Side.PROCESSION, effort -> startJoinFromSpare(effort) / Units.NANOS_PER_MILLI))
            .withPython("forkserver", "fork"),
        Workload.reported(
                "process_start_join_forkserver_burst",
                "ms",
                Better.LOWER,
                "the same, one start directly after the other: spares are outrun",
                Side.of(
                    Side.PROCESSION,
                    effort ->
                        Latencies.percentile(effort, 0.5, 3, ProcessWorkloads::forkserverStartJoin)
                            / Units.NANOS_PER_MILLI))
            .withPython("forkserver", "fork"));
  }

  private static double startJoin(Effort effort) throws Exception {
    return Latencies.percentile(effort, 0.5, 3, () -> Procession.start(() -> {}).join());
  }

  private static double startJoinFromSpare(Effort effort) throws Exception {
    return Latencies.percentile(
        effort,
        0.5,
        SPACED_STARTS,
        () -> {
          forkserverStartJoin();
          return SPACE_MILLIS;
        },
        Thread::sleep);
  }

  private static void forkserverStartJoin() throws InterruptedException {
    Context.forkserver().start(() -> {}).join();
  }
}
