package io.procession.benchmarks;

import java.util.List;
import org.openjdk.jmh.Main;

/// The micro-benchmarks, by JMH's own command line.
final class Micro {
  private Micro() {}

  /// Runs JMH with these arguments: which benchmarks, how often, how to print.
  static void run(List<String> arguments) throws Exception {
    Main.main(arguments.toArray(String[]::new));
  }
}
