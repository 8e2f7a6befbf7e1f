package io.procession.benchmarks.measure;

/// The code that measures one side of a workload.
@FunctionalInterface
public interface Measurement {
  /// Does the work for as long as asked and returns one figure, in the workload's unit.
  double run(Effort effort) throws Exception;
}
