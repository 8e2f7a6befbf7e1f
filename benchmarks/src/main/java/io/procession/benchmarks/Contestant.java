package io.procession.benchmarks;

import io.procession.benchmarks.measure.JavaCommand;
import io.procession.benchmarks.measure.Side;
import io.procession.benchmarks.measure.Workload;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A column of one row and the command that measures it: one line with a number on its output.
///
/// @param column the name of the column
/// @param command the program and its arguments
record Contestant(String column, List<String> command) {
  private static final double JVM_WARM_UP = 2;
  private static final double PYTHON_WARM_UP = 0.3;

  /// Procession first, then CPython, then the peers of the JVM.
  static List<Contestant> of(
      Workload workload, Optional<Python> python, Path script, double seconds) {
    var all = new ArrayList<Contestant>();
    for (Side side : workload.sides()) {
      all.add(new Contestant(side.name(), trial(workload, side, seconds)));
    }
    int afterOurs = all.isEmpty() || !all.getFirst().column().equals(Side.PROCESSION) ? 0 : 1;
    python.ifPresent(found -> all.addAll(afterOurs, pythons(workload, found, script, seconds)));
    return all;
  }

  private static List<String> trial(Workload workload, Side side, double seconds) {
    return JavaCommand.of(
        side.jvmFlags(),
        Trial.class,
        workload.name(),
        side.name(),
        Double.toString(JVM_WARM_UP),
        Double.toString(seconds));
  }

  private static List<Contestant> pythons(
      Workload workload, Python python, Path script, double seconds) {
    var all = new ArrayList<Contestant>();
    for (String method : workload.pythonMethods()) {
      all.add(
          new Contestant(
              all.isEmpty() ? python.column() : python.column() + "-" + method,
              List.of(
                  python.executable().toString(),
                  script.toString(),
                  workload.name(),
                  "--method",
                  method,
                  "--warm-up",
                  Double.toString(PYTHON_WARM_UP),
                  "--seconds",
                  Double.toString(seconds))));
    }
    return all;
  }
}
