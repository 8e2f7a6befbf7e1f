package io.procession.examples.census;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.Procession;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class CensusOptionsTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @Test
  void defaultsAreAllModulesAllProcessorsAndChaos() throws Exception {
    assertThat(parse())
        .isEqualTo(
            new CensusOptions(
                Procession.usableCpuCount(), JdkImage.modules(), ChaosPlan.KILL_ONE_WORKER));
  }

  @Test
  void takesWorkersModulesAndNoChaos() throws Exception {
    CensusOptions options =
        parse(
            "--workers",
            "3",
            "--module",
            "java.sql",
            "--module=java.base",
            "--module",
            "java.sql",
            "--no-chaos");

    assertThat(options.workers()).isEqualTo(3);
    assertThat(options.modules()).containsExactly("java.base", "java.sql");
    assertThat(options.chaos()).isEqualTo(ChaosPlan.LEAVE_ALL_ALIVE);
  }

  @ParameterizedTest
  @CsvSource({
    "--workers=0, must be from 1 to 512: --workers=0",
    "--workers=-1, must be from 1 to 512: --workers=-1",
    "--workers=100000, must be from 1 to 512: --workers=100000",
    "--workers=some, Invalid value for option '--workers': 'some' is not an int",
    "--workers, Missing required parameter for option '--workers' (N)",
    "--module=no.such, no such module in this JDK: --module=no.such (java --list-modules lists them)",
    "--nonsense, Unknown option: '--nonsense'",
    "more, Unmatched argument at index 0: 'more'"
  })
  void badOptionsGetAUsageLineAndStatus2(String option, String message) {
    assertThat(run(option)).isEqualTo(2);
    assertThat(text(err).lines())
        .containsExactly(message, "Usage: demo [-h] [--no-chaos] [--workers=N] [--module=NAME]...");
    assertThat(text(out)).isEmpty();
  }

  @Test
  void helpGoesToStandardOutput() {
    assertThat(run("--help")).isZero();
    assertThat(text(out))
        .startsWith("Usage: demo")
        .contains("--workers", "--module", "--no-chaos", "Exit status");
    assertThat(text(err)).isEmpty();
  }

  private static CensusOptions parse(String... args) throws Exception {
    return CensusOptions.of(new CommandLine(CensusOptions.commandSpec()).parseArgs(args));
  }

  private int run(String... args) {
    PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
    return Census.run(
        new Screen(stream, false),
        stream,
        new PrintStream(err, true, StandardCharsets.UTF_8),
        args);
  }

  private static String text(ByteArrayOutputStream bytes) {
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
