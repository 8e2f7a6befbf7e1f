package io.procession.examples.census;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// A census as lines of text.
final class Report {
  private static final int MOST_CALLED = 10;

  private Report() {}

  /// The table of modules, the most called methods, the largest method.
  static List<String> of(Tally tally) {
    List<String> lines = new ArrayList<>();
    addModules(tally, lines);
    lines.add("");
    lines.add("most called methods");
    for (Map.Entry<String, Long> called : tally.mostCalled(MOST_CALLED)) {
      lines.add(
          String.format(
              Locale.ROOT, "%,12d  %s", called.getValue(), MethodNames.readable(called.getKey())));
    }
    SizedMethod largest = tally.largest();
    if (largest != null) {
      lines.add("");
      lines.add("largest method");
      lines.add(
          String.format(
              Locale.ROOT,
              "%,12d  instructions in %s",
              largest.instructions(),
              MethodNames.readable(largest.method())));
    }
    return lines;
  }

  static String seconds(Duration time) {
    return String.format(Locale.ROOT, "%.1f s", time.toMillis() / 1000.0);
  }

  private static void addModules(Tally tally, List<String> lines) {
    int width =
        tally.modules().keySet().stream()
            .mapToInt(String::length)
            .reduce("module".length(), Math::max);
    lines.add(
        String.format(
            Locale.ROOT,
            "%-" + width + "s %9s %9s %13s %9s",
            "module",
            "classes",
            "methods",
            "instructions",
            "findings"));
    new TreeMap<>(tally.modules())
        .forEach((module, counts) -> lines.add(row(width, module, counts)));
    lines.add(row(width, "total", tally.total()));
  }

  private static String row(int width, String name, ModuleTally counts) {
    return String.format(
        Locale.ROOT,
        "%-" + width + "s %,9d %,9d %,13d %,9d",
        name,
        counts.classes(),
        counts.methods(),
        counts.instructions(),
        counts.findings());
  }
}
