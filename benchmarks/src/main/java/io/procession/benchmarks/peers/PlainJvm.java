package io.procession.benchmarks.peers;

import io.procession.benchmarks.measure.Effort;
import io.procession.benchmarks.measure.JavaCommand;
import io.procession.benchmarks.measure.Latencies;
import io.procession.benchmarks.measure.Memory;
import io.procession.benchmarks.measure.Side;
import java.io.IOException;
import java.util.List;

/// A JVM of the same flags and class path that knows nothing of Procession: what the JDK costs.
public final class PlainJvm {
  private static final String NAME = "plain-jvm";

  private PlainJvm() {}

  /// Start and end of a JVM whose `main` is empty.
  public static Side startJoin(double nanosOfUnit) {
    return Side.of(NAME, effort -> startJoin(effort) / nanosOfUnit);
  }

  /// The memory of a JVM that waits for its standard input.
  public static Side idle() {
    return Side.of(NAME, _ -> idlePss());
  }

  private static double startJoin(Effort effort) throws Exception {
    List<String> command = JavaCommand.of(List.of(), Nothing.class);
    return Latencies.percentile(
        effort, 0.5, 3, () -> new ProcessBuilder(command).inheritIO().start().waitFor());
  }

  private static double idlePss() throws IOException, InterruptedException {
    try (var idle = SecondJvm.start(List.of(), Waiting.class)) {
      return Memory.settledPss(idle.pid());
    }
  }

  /// A program that does nothing.
  static final class Nothing {
    private Nothing() {}

    public static void main(String[] arguments) {}
  }

  /// A program that waits for the end of its input.
  static final class Waiting {
    private Waiting() {}

    public static void main(String[] arguments) throws IOException {
      int _ = System.in.read();
    }
  }
}
