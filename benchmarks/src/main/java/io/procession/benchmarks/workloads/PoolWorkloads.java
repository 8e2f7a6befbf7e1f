package io.procession.benchmarks.workloads;

import io.procession.Procession;
import io.procession.benchmarks.measure.Better;
import io.procession.benchmarks.measure.Effort;
import io.procession.benchmarks.measure.Latencies;
import io.procession.benchmarks.measure.Rounds;
import io.procession.benchmarks.measure.Side;
import io.procession.benchmarks.measure.Workload;
import io.procession.benchmarks.peers.JdkThreads;
import io.procession.pool.ProcessPool;
import java.util.List;
import java.util.stream.IntStream;

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
                "a pool of 2 is created and returns its first result",
                Side.of(Side.PROCESSION, effort -> firstResult(effort) / Units.NANOS_PER_MILLI))
            .withFork(),
        Workload.of(
            "pool_apply_roundtrip_p50",
            "us",
            Better.LOWER,
            4,
            "apply of the identity on a running pool: half of the calls take no longer",
            Side.of(Side.PROCESSION, effort -> applyRoundTrip(effort) / Units.NANOS_PER_MICRO),
            JdkThreads.applyRoundTrip(Units.NANOS_PER_MICRO)),
        Workload.of(
            "pool_map_noop",
            "task/s",
            Better.HIGHER,
            3,
            "map of the identity over 200,000 integers, default chunks",
            Side.of(Side.PROCESSION, PoolWorkloads::map),
            JdkThreads.map(MAP_SIZE, CHUNKS)));
  }

  private static double firstResult(Effort effort) throws Exception {
    return Latencies.percentile(
        effort, 0.5, 3, PoolWorkloads::poolWithFirstResult, ProcessPool::close);
  }

  private static ProcessPool poolWithFirstResult() throws Exception {
    ProcessPool pool = Procession.pool(WORKERS);
    Integer _ = pool.apply(x -> x, 1);
    return pool;
  }

  private static double applyRoundTrip(Effort effort) throws Exception {
    try (ProcessPool pool = Procession.pool(WORKERS)) {
      return Latencies.percentile(
          effort,
          0.5,
          100,
          () -> {
            Integer _ = pool.apply(x -> x, 1);
          });
    }
  }

  private static double map(Effort effort) throws Exception {
    List<Integer> numbers = IntStream.range(0, MAP_SIZE).boxed().toList();
    try (ProcessPool pool = Procession.pool(WORKERS)) {
      return Rounds.rate(effort, 1, calls -> map(pool, numbers, calls)) * MAP_SIZE;
    }
  }

  private static void map(ProcessPool pool, List<Integer> numbers, long calls) throws Exception {
    for (long i = 0; i < calls; i++) {
      List<Integer> _ = pool.map(x -> x, numbers);
    }
  }
}
