package io.procession.benchmarks;

import io.procession.benchmarks.measure.Side;
import io.procession.benchmarks.measure.Workload;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SequencedMap;

/// A row that was measured.
///
/// @param workload what was measured
/// @param cells what each contestant came to, by column
record Result(Workload workload, SequencedMap<String, Cell> cells) {
  private static final String CPYTHON = "cpython-";

  Result {
    cells = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(cells));
  }

  /// Procession's figure.
  OptionalDouble procession() {
    return value(Side.PROCESSION);
  }

  /// The cells of the others.
  SequencedMap<String, Cell> peers() {
    var peers = new LinkedHashMap<>(cells);
    peers.remove(Side.PROCESSION);
    return peers;
  }

  /// The figure in a column.
  OptionalDouble value(String column) {
    return cells.get(column) instanceof Cell.Measured(double value)
        ? OptionalDouble.of(value)
        : OptionalDouble.empty();
  }

  /// Procession's advantage over a peer; empty unless both have a figure.
  OptionalDouble ratio(String column) {
    OptionalDouble ours = procession();
    OptionalDouble theirs = value(column);
    return ours.isPresent() && theirs.isPresent()
        ? OptionalDouble.of(workload.better().advantage(ours.getAsDouble(), theirs.getAsDouble()))
        : OptionalDouble.empty();
  }

  /// The column that the goal is about: CPython with the start method it is compared by.
  Optional<String> rival() {
    return cells.sequencedKeySet().stream().filter(Result::isCpython).findFirst();
  }

  static boolean isCpython(String column) {
    return column.startsWith(CPYTHON);
  }

  /// The cells that failed, with the reasons.
  Map<String, String> failures() {
    var failures = new LinkedHashMap<String, String>();
    cells.forEach((column, cell) -> {
      if (cell instanceof Cell.Failed(String reason)) {
        failures.put(column, reason);
      }
    });
    return failures;
  }
}
