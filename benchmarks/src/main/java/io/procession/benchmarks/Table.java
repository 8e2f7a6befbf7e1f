package io.procession.benchmarks;

import io.procession.benchmarks.measure.Side;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalDouble;
import java.util.SequencedSet;

/// The results as a table, with the reasons of failed cells below it.
final class Table {
  private static final int TEXT_COLUMNS = 2;
  private static final String GAP = "  ";

  private Table() {}

  static String of(List<Result> results) {
    SequencedSet<String> peers = peers(results);
    var lines = new ArrayList<List<String>>();
    lines.add(heading(peers));
    for (Result result : results) {
      lines.add(line(result, peers));
    }
    var text = new StringBuilder();
    int[] widths = widths(lines);
    for (List<String> line : lines) {
      append(text, line, widths);
    }
    appendFailures(text, results);
    return text.toString();
  }

  /// The columns beside Procession's: CPython's first, then those of the first rows first.
  private static SequencedSet<String> peers(List<Result> results) {
    var all = new LinkedHashSet<String>();
    for (Result result : results) {
      all.addAll(result.peers().sequencedKeySet());
    }
    var peers = new LinkedHashSet<String>();
    all.stream().filter(Result::isCpython).forEach(peers::add);
    peers.addAll(all);
    return peers;
  }

  private static List<String> heading(SequencedSet<String> peers) {
    var heading = new ArrayList<>(List.of("name", "unit", "Procession"));
    heading.addAll(peers);
    heading.addAll(List.of("ratio", "goal"));
    return heading;
  }

  private static List<String> line(Result result, SequencedSet<String> peers) {
    var line = new ArrayList<String>();
    line.add(result.workload().name());
    line.add(result.workload().unit());
    line.add(cell(result, Side.PROCESSION));
    for (String peer : peers) {
      line.add(cell(result, peer));
    }
    OptionalDouble ratio = result.rival().map(result::ratio).orElse(OptionalDouble.empty());
    line.add(ratio.isPresent() ? Figures.shortly(ratio.getAsDouble()) : "");
    line.add(goal(result.workload().goal(), ratio));
    return line;
  }

  private static String cell(Result result, String column) {
    return switch (result.cells().get(column)) {
      case null -> "";
      case Cell.Measured(double value) -> Figures.shortly(value);
      case Cell.Failed _ -> "failed";
    };
  }

  private static String goal(OptionalDouble goal, OptionalDouble ratio) {
    if (goal.isEmpty()) {
      return "";
    }
    String number = Figures.exactly(goal.getAsDouble());
    if (ratio.isEmpty()) {
      return number;
    }
    return number + (ratio.getAsDouble() >= goal.getAsDouble() ? " reached" : " missed");
  }

  private static int[] widths(List<List<String>> lines) {
    var widths = new int[lines.getFirst().size()];
    for (List<String> line : lines) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], line.get(i).length());
      }
    }
    return widths;
  }

  private static void append(StringBuilder text, List<String> line, int[] widths) {
    var row = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      String padding = " ".repeat(widths[i] - line.get(i).length());
      boolean left = i < TEXT_COLUMNS || i == widths.length - 1;
      row.append(left ? line.get(i) + padding : padding + line.get(i)).append(GAP);
    }
    text.append(row.toString().stripTrailing()).append('\n');
  }

  private static void appendFailures(StringBuilder text, List<Result> results) {
    for (Result result : results) {
      result
          .failures()
          .forEach((column, reason) ->
              text.append("failed: ")
                  .append(result.workload().name())
                  .append(", ")
                  .append(column)
                  .append(": ")
                  .append(reason)
                  .append('\n'));
    }
  }
}
