package io.procession.benchmarks.workloads;

import io.procession.benchmarks.measure.Better;
import io.procession.benchmarks.measure.Workload;
import io.procession.benchmarks.peers.JdkThreads;
import java.util.List;

/// A pool of two workers.
final class PoolWorkloads {
  private static final int WORKERS = 2;
  private static final int CHUNKS = 4 * WORKERS;
  private static final int MAP_SIZE = 200_000;

  private PoolWorkloads() {}

  static List<Workload> all() {
    return List.of(
        Workload.of(
                "pool_start_to_first_result",
                "ms",
                Better.LOWER,
                2,
                "a pool of 2 is created and returns its first result")
            .withFork(),
        Workload.of(
            "pool_apply_roundtrip_p50",
            "us",
            Better.LOWER,
            4,
            "apply of the identity on a running pool: half of the calls take no longer",
            JdkThreads.applyRoundTrip(Units.NANOS_PER_MICRO)),
        Workload.of(
            "pool_map_noop",
            "task/s",
            Better.HIGHER,
            3,
            "map of the identity over 200,000 integers, default chunks",
            JdkThreads.map(MAP_SIZE, CHUNKS)));
  }
}
