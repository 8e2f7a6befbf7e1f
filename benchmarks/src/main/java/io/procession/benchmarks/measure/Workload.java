package io.procession.benchmarks.measure;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;

/// A row of the table: what is measured, and who is measured at it.
public interface Workload {
  /// The row's name, as in the list of workloads that the project goes by.
  String name();

  /// The unit of every figure of the row.
  String unit();

  Better better();

  /// The advantage over CPython to reach; empty where a figure is only reported.
  OptionalDouble goal();

  /// What is measured, in a sentence.
  String measures();

  /// The contestants that run in a JVM, Procession first.
  List<Side> sides();

  /// The start methods by which CPython does the work, the one that is compared with first.
  List<String> pythonMethods();

  /// The contestant of that name.
  default Optional<Side> side(String name) {
    return sides().stream().filter(side -> side.name().equals(name)).findFirst();
  }

  /// A workload with a goal, done by CPython with `spawn`.
  static Workload of(
      String name, String unit, Better better, double goal, String measures, Side... sides) {
    return new Row(
        name, unit, better, OptionalDouble.of(goal), measures, List.of(sides), List.of("spawn"));
  }

  /// A workload that is only reported, done by CPython with `spawn`.
  static Workload reported(
      String name, String unit, Better better, String measures, Side... sides) {
    return new Row(
        name, unit, better, OptionalDouble.empty(), measures, List.of(sides), List.of("spawn"));
  }

  /// The same workload, done by CPython with these start methods, the one that is compared with first.
  default Workload withPython(String... methods) {
    return new Row(name(), unit(), better(), goal(), measures(), sides(), List.of(methods));
  }

  /// The same workload, done by CPython with `fork` as well, for comparison.
  default Workload withFork() {
    return new Row(name(), unit(), better(), goal(), measures(), sides(), List.of("spawn", "fork"));
  }

  /// A workload as plain values.
  record Row(
      String name,
      String unit,
      Better better,
      OptionalDouble goal,
      String measures,
      List<Side> sides,
      List<String> pythonMethods)
      implements Workload {
    public Row {
      Objects.requireNonNull(name);
      sides = List.copyOf(sides);
      pythonMethods = List.copyOf(pythonMethods);
    }
  }
}
