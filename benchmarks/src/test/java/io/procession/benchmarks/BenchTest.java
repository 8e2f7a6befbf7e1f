package io.procession.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.benchmarks.measure.Workload;
import io.procession.benchmarks.workloads.Catalog;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class BenchTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void listNamesEveryWorkload() {
    assertThat(bench("--list")).isZero();
    for (Workload workload : Catalog.workloads()) {
      assertThat(out.toString()).contains(workload.name());
    }
  }

  @Test
  void unknownNameIsRefusedWithTheList() {
    assertThat(bench("queue_256B_1p1c", "nonsense")).isEqualTo(2);
    assertThat(err.toString())
        .contains("unknown workload: nonsense")
        .contains("pool_map_noop")
        .contains("Usage:");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--seconds=0",
        "--seconds=-1",
        "--seconds=NaN",
        "--seconds=x",
        "--repetitions=0",
        "--json=/nowhere/results.json",
        "--python=/nowhere/python3",
        "--nonsense"
      })
  void badOptionIsRefused(String option) {
    assertThat(bench(option, "lock_uncontended")).isEqualTo(2);
    assertThat(err.toString()).contains("Usage:");
    assertThat(out.toString()).isEmpty();
  }

  private int bench(String... arguments) {
    return Bench.run(new PrintWriter(out, true), new PrintWriter(err, true), arguments);
  }
}
