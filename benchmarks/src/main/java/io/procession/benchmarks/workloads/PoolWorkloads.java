package io.procession.benchmarks.workloads;

import io.procession.Procession;
import io.procession.benchmarks.measure.Better;
import io.procession.benchmarks.measure.Effort;
import io.procession.benchmarks.measure.Latencies;
import io.procession.benchmarks.measure.Rounds;
import io.procession.benchmarks.measure.Side;
import io.procession.benchmarks.measure.Workload;
import io.procession.benchmarks.peers.ForkJoin;
import io.procession.benchmarks.peers.JdkThreads;
import io.procession.benchmarks.peers.SkewedTasks;
import io.procession.pool.ProcessPool;
import java.util.List;
import java.util.stream.IntStream;

/// A pool of two workers.
final class PoolWorkloads {
  private static final int WORKERS = 2;
  private static final int CHUNKS = 4 * WORKERS;
  private static final int MAP_SIZE = 200_000;
  private static final int IMAP_SIZE = 20_000;
  private static final int LARGE = 8 << 20;

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
            Side.of(Side.PROCESSION, effort -> map(effort, WORKERS)),
            JdkThreads.map(MAP_SIZE, CHUNKS)),
        Workload.of(
            "pool_imap_unordered_chunk1",
            "task/s",
            Better.HIGHER,
            10,
            "imapUnordered of the identity over 20,000 integers, chunks of 1",
            Side.of(Side.PROCESSION, PoolWorkloads::imapUnordered)),
        Workload.of(
            "pool_8MiB_argument",
            "GB/s",
            Better.HIGHER,
            8,
            "apply of the length to an array of 8 MiB",
            Side.of(Side.PROCESSION, PoolWorkloads::largeArgument)));
  }

  /// `map` of the identity by so many workers, and by as many threads of a `ForkJoinPool`.
  static Workload mapBy(int workers) {
    return Workload.reported(
        "pool_map_" + workers,
        "task/s",
        Better.HIGHER,
        "map of the identity over 200,000 integers by " + workers + " workers",
        Side.of(Side.PROCESSION, effort -> map(effort, workers)),
        ForkJoin.map(workers, MAP_SIZE));
  }

  /// `map` of tasks of very different lengths by so many workers, and by as many threads of a
  /// `ForkJoinPool`.
  static Workload skewedBy(int workers) {
    return Workload.reported(
            "pool_skewed_" + workers,
            "task/s",
            Better.HIGHER,
            "map of 5,000 tasks of 2 us to 10 ms, 70 us on average, by " + workers + " workers",
            Side.of(Side.PROCESSION, effort -> skewed(effort, workers)),
            ForkJoin.skewed(workers))
        .withPython();
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

  private static double map(Effort effort, int workers) throws Exception {
    List<Integer> numbers = IntStream.range(0, MAP_SIZE).boxed().toList();
    try (ProcessPool pool = Procession.pool(workers)) {
      return Rounds.rate(effort, 1, calls -> map(pool, numbers, calls)) * MAP_SIZE;
    }
  }

  private static double skewed(Effort effort, int workers) throws Exception {
    List<Integer> lengths = SkewedTasks.lengths();
    try (ProcessPool pool = Procession.pool(workers)) {
      return Rounds.rate(
              effort,
              1,
              calls -> {
                for (long i = 0; i < calls; i++) {
                  List<Integer> _ = pool.map(SkewedTasks::work, lengths);
                }
              })
          * lengths.size();
    }
  }

  private static double imapUnordered(Effort effort) throws Exception {
    List<Integer> numbers = IntStream.range(0, IMAP_SIZE).boxed().toList();
    try (ProcessPool pool = Procession.pool(WORKERS)) {
      return Rounds.rate(
              effort,
              1,
              calls -> {
                for (long i = 0; i < calls; i++) {
                  pool.imapUnordered(x -> x, numbers, 1).forEachRemaining(_ -> {});
                }
              })
          * IMAP_SIZE;
    }
  }

  private static double largeArgument(Effort effort) throws Exception {
    byte[] large = new byte[LARGE];
    try (ProcessPool pool = Procession.pool(WORKERS)) {
      return Rounds.rate(
              effort,
              16,
              calls -> {
                for (long i = 0; i < calls; i++) {
                  Integer _ = pool.apply(bytes -> bytes.length, large);
                }
              })
          * LARGE
          / Units.BYTES_PER_GIGABYTE;
    }
  }

  private static void map(ProcessPool pool, List<Integer> numbers, long calls) throws Exception {
    for (long i = 0; i < calls; i++) {
      List<Integer> _ = pool.map(x -> x, numbers);
    }
  }
}
