package io.procession.benchmarks;

import io.procession.benchmarks.measure.Effort;
import io.procession.benchmarks.measure.Side;
import io.procession.benchmarks.measure.Workload;
import io.procession.benchmarks.workloads.Catalog;

/// A JVM of its own that measures one side of one workload once and prints the figure.
///
/// So no trial meets what another has left behind: neither its profile nor its heap nor its session.
final class Trial {
  private Trial() {}

  public static void main(String[] arguments) throws Exception {
    Workload workload = Catalog.find(arguments[0]).orElseThrow();
    Side side = workload.side(arguments[1]).orElseThrow();
    var effort = new Effort(Double.parseDouble(arguments[2]), Double.parseDouble(arguments[3]));
    System.out.println(side.measurement().run(effort));
  }
}
