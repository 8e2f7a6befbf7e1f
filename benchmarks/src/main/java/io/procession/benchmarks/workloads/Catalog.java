package io.procession.benchmarks.workloads;

import io.procession.benchmarks.measure.Workload;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Every workload, in the order of the table.
public final class Catalog {
  private static final List<Workload> ALL = all();

  private static final List<Integer> CHILDREN = List.of(1, 2, 5, 10, 20, 50, 100, 200);

  private static final List<Integer> POOL_WORKERS = List.of(1, 2, 4, 8);

  private static final List<Integer> LOCK_WAITERS = List.of(1, 2, 4, 8, 16, 32, 64);

  private static final List<Integer> MANAGER_CLIENTS =
      List.of(1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 5_000);

  private static final int SMALLEST_PAYLOAD = 16;
  private static final int LARGEST_PAYLOAD = 16 << 20;
  private static final int PAYLOAD_STEP = 4;

  private Catalog() {}

  public static List<Workload> workloads() {
    return ALL;
  }

  /// The workload of that name.
  public static Optional<Workload> find(String name) {
    return Stream.of(
            ALL,
            queuePayloads(),
            childrenStart(),
            childrenPss(),
            poolMaps(),
            poolSkewed(),
            lockWaiters(),
            managerClients())
        .flatMap(List::stream)
        .filter(workload -> workload.name().equals(name))
        .findFirst();
  }

  /// What shows how the throughput of a queue goes with its payload, from 16 B to 16 MiB.
  public static List<Workload> queuePayloads() {
    var payloads = new ArrayList<Workload>();
    for (int bytes = SMALLEST_PAYLOAD; bytes <= LARGEST_PAYLOAD; bytes *= PAYLOAD_STEP) {
      payloads.add(QueueWorkloads.payload(bytes));
    }
    return payloads;
  }

  /// What shows how long it takes until 1 to 200 children run.
  public static List<Workload> childrenStart() {
    return CHILDREN.stream().map(MemoryWorkloads::start).toList();
  }

  /// What shows how much memory each of 1 to 200 children takes.
  public static List<Workload> childrenPss() {
    return CHILDREN.stream().map(MemoryWorkloads::pss).toList();
  }

  /// What shows how `map` goes with the number of workers.
  public static List<Workload> poolMaps() {
    return POOL_WORKERS.stream().map(PoolWorkloads::mapBy).toList();
  }

  /// What shows how `map` of tasks of very different lengths goes with the number of workers.
  public static List<Workload> poolSkewed() {
    return POOL_WORKERS.stream().map(PoolWorkloads::skewedBy).toList();
  }

  /// What shows how often a lock changes hands when 1 to 64 want it.
  public static List<Workload> lockWaiters() {
    return LOCK_WAITERS.stream().map(LockWorkloads::waiters).toList();
  }

  /// What shows how many calls a manager's server does for 1 to 5,000 callers.
  public static List<Workload> managerClients() {
    return MANAGER_CLIENTS.stream().map(ManagerWorkloads::clients).toList();
  }

  private static List<Workload> all() {
    var all = new ArrayList<Workload>();
    all.addAll(QueueWorkloads.all());
    all.addAll(PipeWorkloads.all());
    all.addAll(LockWorkloads.all());
    all.addAll(ArrayWorkloads.all());
    all.addAll(ProcessWorkloads.all());
    all.addAll(PoolWorkloads.all());
    all.addAll(ManagerWorkloads.all());
    all.addAll(MemoryWorkloads.all());
    return Collections.unmodifiableList(all);
  }
}
