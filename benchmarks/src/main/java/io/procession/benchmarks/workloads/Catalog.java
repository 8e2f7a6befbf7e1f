package io.procession.benchmarks.workloads;

import io.procession.benchmarks.measure.Workload;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/// Every workload, in the order of the table.
public final class Catalog {
  private static final List<Workload> ALL = all();

  private Catalog() {}

  public static List<Workload> workloads() {
    return ALL;
  }

  /// The workload of that name.
  public static Optional<Workload> find(String name) {
    return ALL.stream().filter(workload -> workload.name().equals(name)).findFirst();
  }

  private static List<Workload> all() {
    var all = new ArrayList<Workload>();
    all.addAll(QueueWorkloads.all());
    all.addAll(PipeWorkloads.all());
    all.addAll(LockWorkloads.all());
    all.addAll(ArrayWorkloads.all());
    all.addAll(ProcessWorkloads.all());
    all.addAll(PoolWorkloads.all());
    all.addAll(MemoryWorkloads.all());
    return Collections.unmodifiableList(all);
  }
}
