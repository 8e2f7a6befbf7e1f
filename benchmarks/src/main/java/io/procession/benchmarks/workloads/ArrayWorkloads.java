package io.procession.benchmarks.workloads;

import io.procession.Procession;
import io.procession.benchmarks.measure.Better;
import io.procession.benchmarks.measure.Effort;
import io.procession.benchmarks.measure.Rounds;
import io.procession.benchmarks.measure.Side;
import io.procession.benchmarks.measure.Workload;
import io.procession.shared.ElementType;
import io.procession.shared.SharedArray;
import java.util.List;

/// Reads of the elements of a shared array.
final class ArrayWorkloads {
  private static final int LENGTH = 1_000;

  private ArrayWorkloads() {}

  static List<Workload> all() {
    return List.of(
        Workload.of(
            "rawarray_get",
            "get/s",
            Better.HIGHER,
            20,
            "reads of an element of a shared int array without lock",
            Side.of(Side.PROCESSION, ArrayWorkloads::raw)),
        Workload.of(
            "array_get_locked",
            "get/s",
            Better.HIGHER,
            20,
            "reads of an element of a shared int array with its lock",
            Side.of(Side.PROCESSION, ArrayWorkloads::locked)));
  }

  private static double raw(Effort effort) throws Exception {
    try (SharedArray<Integer> array = Procession.rawArray(ElementType.INT, LENGTH)) {
      return Rounds.rate(effort, size -> read(array, size));
    }
  }

  private static double locked(Effort effort) throws Exception {
    try (SharedArray<Integer> array = Procession.array(ElementType.INT, LENGTH)) {
      return Rounds.rate(effort, size -> read(array, size));
    }
  }

  private static void read(SharedArray<Integer> array, long reads) {
    long total = 0;
    int index = 0;
    for (long i = 0; i < reads; i++) {
      total += array.getInt(index);
      index = index == LENGTH - 1 ? 0 : index + 1;
    }
    if (total != 0) { // so that no read can be left out
      throw new AssertionError("the array is zero: sum=" + total);
    }
  }
}
