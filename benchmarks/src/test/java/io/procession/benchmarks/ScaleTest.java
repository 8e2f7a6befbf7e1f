package io.procession.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.benchmarks.measure.Workload;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScaleTest {
  private static final Scale SCALE = Scale.find("queue_payload").orElseThrow();

  private static Result result(int index, Cell procession, Cell cpython) {
    var cells = new LinkedHashMap<String, Cell>();
    cells.put("procession", procession);
    cells.put("cpython-3.13", cpython);
    return new Result(SCALE.workloads().get(index), cells);
  }

  private static final List<Result> RESULTS =
      List.of(
          result(0, new Cell.Measured(0.05), new Cell.Measured(0.001)),
          result(1, new Cell.Measured(0.2), new Cell.Failed("no reason")),
          result(2, new Cell.Measured(0.8), new Cell.Measured(0.02)));

  @Test
  void payloadsGoFrom16BytesTo16Mebibytes() {
    assertThat(SCALE.workloads().getFirst().name()).isEqualTo("queue_payload_16");
    assertThat(SCALE.workloads().getLast().name()).isEqualTo("queue_payload_16777216");
    assertThat(Scale.find("nonsense")).isEmpty();
  }

  /// Those that the benchmarks' plan names, and the callers of a manager.
  @Test
  void allThatGrowsHasAScale() {
    assertThat(Scale.values())
        .extracting(Scale::label)
        .contains("pool_map", "queue_payload", "children_start", "children_pss", "lock_waiters");
    assertThat(Scale.find("lock_waiters").orElseThrow().workloads())
        .extracting(Workload::name)
        .startsWith("lock_waiters_1")
        .endsWith("lock_waiters_64");
  }

  @Test
  void tableHasALineForEachSize() {
    assertThat(SCALE.csv(RESULTS))
        .isEqualTo(
            """
            queue_payload,procession,cpython-3.13
            16,0.05,0.001
            64,0.2,
            256,0.8,0.02
            """);
  }

  @Test
  void plotHasAPointForEachFigure(@TempDir Path folder) throws Exception {
    SCALE.write(RESULTS, folder.resolve("bench"));
    String svg = Files.readString(folder.resolve("bench").resolve("queue_payload.svg"));
    assertThat(svg).startsWith("<svg").endsWith("</svg>\n").contains(">procession<");
    assertThat(svg.split("<circle", -1)).hasSize(1 + 5);
    assertThat(svg).doesNotContain("NaN", "Infinity");
  }
}
