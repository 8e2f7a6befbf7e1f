package io.procession.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RunnerTest {
  @TempDir private Path folder;

  @Test
  void cellIsTheMedianOfTheTrials() throws InterruptedException {
    assertThat(run("echo 12.5", 3)).isEqualTo(new Cell.Measured(12.5));
  }

  @Test
  void lastLineOfTheOutputCounts() throws InterruptedException {
    assertThat(run("echo a warning; echo 3", 1)).isEqualTo(new Cell.Measured(3));
  }

  /// The reason of a failed trial is the exception, wherever the language puts it.
  @Test
  void failedTrialGivesItsReason() throws InterruptedException {
    assertThat(run("echo Traceback >&2; echo 'OSError: no' >&2; exit 1", 3))
        .isEqualTo(new Cell.Failed("exit code 1: OSError: no"));
    assertThat(
            run(
                "echo 'Exception in thread \"main\" java.io.IOException: no' >&2;"
                    + " echo '\tat A.b(A.java:1)' >&2; exit 1",
                3))
        .isEqualTo(new Cell.Failed("exit code 1: java.io.IOException: no"));
  }

  @Test
  void trialWithoutAFigureFails() throws InterruptedException {
    assertThat(run("true", 1)).isEqualTo(new Cell.Failed("no figure in its output: no output"));
    assertThat(run("echo 0", 1)).isEqualTo(new Cell.Failed("must be a positive figure: 0"));
  }

  @Test
  void programThatIsNotThereFails() throws InterruptedException {
    var runner = new Runner(folder, 1, 1);
    var contestant = new Contestant("peer", List.of("/nowhere/program"));
    assertThat(runner.run(ResultsFixture.RATE, List.of(contestant)).failures())
        .containsOnlyKeys("peer");
  }

  /// One contestant's failure leaves the others their figures.
  @Test
  void othersGoOn() throws InterruptedException {
    var runner = new Runner(folder, 2, 1);
    Result result =
        runner.run(
            ResultsFixture.RATE,
            List.of(
                new Contestant("bad", List.of("sh", "-c", "exit 3")),
                new Contestant("good", List.of("echo", "4"))));
    assertThat(result.failures()).containsOnlyKeys("bad");
    assertThat(result.value("good")).hasValue(4);
  }

  private Cell run(String script, int repetitions) throws InterruptedException {
    var runner = new Runner(folder, repetitions, 1);
    var contestant = new Contestant("peer", List.of("sh", "-c", script));
    return runner.run(ResultsFixture.RATE, List.of(contestant)).cells().firstEntry().getValue();
  }
}
