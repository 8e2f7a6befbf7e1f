package io.procession.benchmarks.measure;

import java.util.List;

/// One contestant of a workload that runs in a JVM: Procession itself or a peer.
///
/// @param name the column
/// @param jvmFlags flags that its JVM needs
/// @param measurement the code that measures it
public record Side(String name, List<String> jvmFlags, Measurement measurement) {
  /// The name of the library's own column.
  public static final String PROCESSION = "procession";

  /// The name of the column of what threads of one JVM do with `java.util.concurrent`.
  public static final String THREADS = "jdk-threads";

  public static Side of(String name, Measurement measurement) {
    return new Side(name, List.of(), measurement);
  }
}
