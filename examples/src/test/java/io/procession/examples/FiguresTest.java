package io.procession.examples;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// The figures of the README are those of the newest run: the first table of the benchmarks.
/// When that is replaced, the failure shows the rows to copy into the README.
class FiguresTest {
  private static final Path README = Path.of("..", "README.md");
  private static final Path BENCHMARKS = Path.of("..", "docs", "benchmarks", "README.md");
  private static final Map<String, String> ROWS = new LinkedHashMap<>();

  static {
    ROWS.put("messages of 256 characters through a queue", "queue_256B_1p1c");
    ROWS.put("the same through a pipe", "pipe_256B");
    ROWS.put("two processes take turns by a condition", "condition_pingpong");
    ROWS.put("lock and unlock, nobody else wants it", "lock_uncontended");
    ROWS.put("read an element of a shared array under its lock", "array_get_locked");
    ROWS.put("`apply` on a pool, there and back", "pool_apply_roundtrip_p50");
    ROWS.put("`map` of tasks that do nothing", "pool_map_noop");
    ROWS.put("start and join a process", "process_start_join_spawn");
    ROWS.put("a new pool's first result", "pool_start_to_first_result");
    ROWS.put("memory of an idle process", "idle_child_pss");
  }

  /// A row of the benchmarks.
  private record Figures(String unit, String ours, String theirs, String ratio) {}

  @Test
  void readmeHasThoseOfTheNewestRun() throws Exception {
    Map<String, Figures> newest = newest();
    List<String> expected = new ArrayList<>();
    ROWS.forEach((label, name) -> {
      Figures row = requireNonNull(newest.get(name), name);
      String ours = figure(row.ours(), row.unit());
      String theirs = figure(row.theirs(), row.unit());
      expected.add("| %s | %s | %s | %s |".formatted(label, ours, theirs, ratio(row.ratio())));
    });

    assertThat(Files.readAllLines(README)).containsSequence(expected);
  }

  @Test
  void figuresAreRoundedAsReadersWantThem() {
    assertThat(figure("2.76M", "msg/s")).isEqualTo("2.76 M/s");
    assertThat(figure("70.7", "ms")).isEqualTo("71 ms");
    assertThat(figure("2.40", "us")).isEqualTo("2.40 us");
    assertThat(ratio("29.5")).isEqualTo("30");
    assertThat(ratio("0.64")).isEqualTo("0.6");
  }

  private static Map<String, Figures> newest() throws Exception {
    List<String> lines = Files.readAllLines(BENCHMARKS);
    int first = lines.indexOf("```") + 1;
    assertThat(lines.get(first)).startsWith("name ").contains(" Procession  cpython-3");
    int ratio = lines.get(first).indexOf("  ratio") + "  ratio".length();
    Map<String, Figures> rows = new HashMap<>();
    for (String line : lines.subList(first + 1, lines.size())) {
      if (line.equals("```")) {
        break;
      }
      String[] words = line.split(" +", -1);
      String[] upToRatio = line.substring(0, Math.min(ratio, line.length())).split(" +", -1);
      rows.put(
          words[0], new Figures(words[1], words[2], words[3], upToRatio[upToRatio.length - 1]));
    }
    return rows;
  }

  private static String figure(String figure, String unit) {
    if (!unit.endsWith("/s")) {
      return rounded(figure, 2) + " " + unit;
    }
    int digits = figure.length() - 1;
    return figure.substring(0, digits) + " " + figure.charAt(digits) + "/s";
  }

  private static String ratio(String ratio) {
    return rounded(ratio, 1);
  }

  /// From ten on without a fraction.
  private static String rounded(String number, int decimals) {
    BigDecimal value = new BigDecimal(number);
    int scale = value.compareTo(BigDecimal.TEN) < 0 ? decimals : 0;
    return value.setScale(scale, RoundingMode.HALF_UP).toPlainString();
  }
}
