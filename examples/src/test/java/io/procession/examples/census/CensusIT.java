package io.procession.examples.census;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.examples.Program;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Runs the census as users do: as a program of its own.
@Timeout(240)
class CensusIT {
  private static final String MAIN = "io.procession.examples.census.Census";
  private static final Pattern PID = Pattern.compile("pid (\\d+)");

  @Test
  void oneWorkerIsKilledAndNothingIsLost() throws Exception {
    Program run = Program.run(MAIN, "--module", "java.logging", "--workers", "2");

    assertIdentical(run, "java.logging");
    assertThat(run.output())
        .containsPattern("chaos: killed worker .* \\(pid \\d+\\) with SIGKILL after \\d+ of")
        .containsPattern("SIGKILL, .*, exit code -9; in its place pid \\d+")
        .containsPattern("pool: half of .* ms; workers started \\d+, died 1")
        .containsPattern(
            "time: 2 workers \\S+ s, 2 workers with one killed \\S+ s \\(its death cost ");
    assertThat(PID.matcher(run.output()).results())
        .isNotEmpty()
        .allSatisfy(pid ->
            assertThat(ProcessHandle.of(Long.parseLong(pid.group(1))))
                .as("left over: %s", pid.group())
                .isEmpty());
  }

  @Test
  void withoutChaosNobodyIsKilled() throws Exception {
    Program run = Program.run(MAIN, "--module", "java.logging", "--workers", "2", "--no-chaos");

    assertIdentical(run, "java.logging");
    assertThat(run.output())
        .doesNotContain("chaos", "kill")
        .containsPattern("time: one worker \\S+ s, 2 workers \\S+ s \\(\\S+ times as fast\\), ");
  }

  @Test
  void theOnlyWorkerIsReplacedEvenForASingleClass() throws Exception {
    Program run = Program.run(MAIN, "--module", "java.se", "--workers", "1");

    assertIdentical(run, "java.se");
    assertThat(run.output()).contains("with SIGKILL after 0 of 1 batches");
  }

  @Test
  void worksAsANamedModule() throws Exception {
    Program run = Program.runAsModule(MAIN, "--module", "java.logging", "--workers", "2");

    assertIdentical(run, "java.logging");
  }

  @Test
  void badOptionsEndWithStatus2() throws Exception {
    Program run = Program.run(MAIN, "--workers", "0");

    assertThat(run.status()).isEqualTo(2);
    assertThat(run.output()).contains("--workers=0", "Usage: demo");
  }

  private static void assertIdentical(Program run, String module) throws Exception {
    int classes = JdkImage.classFiles(List.of(module)).size();
    assertThat(run.status()).as(run.output()).isZero();
    assertThat(run.lastLine())
        .isEqualTo(
            "census: " + classes + " classes, 0 lost, identical to the single-process count");
  }
}
