package io.procession.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.internal.arena.FailPoint;
import io.procession.process.JvmProcess;
import io.procession.process.LaunchOptions;
import io.procession.serial.SerializableRunnable;
import io.procession.testing.Deadlines;

/// Processes that die at a crash point.
final class Doomed {
  private Doomed() {}

  /// Runs a task in a process of its own that is killed at a point; fails unless it comes there.
  static void dieAt(FailPoint point, int visit, SerializableRunnable task)
      throws InterruptedException {
    LaunchOptions options =
        LaunchOptions.defaults().withSystemProperty("procession.crash", point + ":" + visit);
    JvmProcess process = JvmProcess.of("doomed", options, task);
    process.start();
    boolean ended = process.join(Deadlines.LONG);
    if (!ended) {
      process.kill();
    }
    process.close();
    assertThat(ended).as("%s reached for time %d", point, visit).isTrue();
    assertThat(process.certificate().orElseThrow().sentence())
        .as("killed at %s by itself", point)
        .contains("was ended by SIGKILL")
        .doesNotContain("sent by");
    assertThat(process.exitCode()).hasValue(-9);
  }
}
