package io.procession.benchmarks;

import java.util.Arrays;
import java.util.List;

/// What one contestant of a row came to.
sealed interface Cell {
  /// A figure: the median of what the trials measured.
  record Measured(double value) implements Cell {}

  /// No figure, and why.
  record Failed(String reason) implements Cell {}

  /// The median of some figures.
  static Cell median(List<Double> figures) {
    double[] ordered = figures.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    int middle = ordered.length / 2;
    return new Measured(
        ordered.length % 2 == 1
            ? ordered[middle]
            : Arrays.stream(ordered, middle - 1, middle + 1).average().orElseThrow());
  }
}
