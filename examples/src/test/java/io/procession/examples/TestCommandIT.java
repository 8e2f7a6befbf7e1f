package io.procession.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What `./test` asks Maven for, and what it makes of the answer; in Maven's place stands a script.
class TestCommandIT {
  private static final Path ROOT = Path.of("..");

  @TempDir Path folder;

  /// @param status of the command
  /// @param maven what Maven was asked for
  record Run(int status, List<String> maven, String said) {}

  @BeforeEach
  void copy() throws Exception {
    Files.createDirectories(folder.resolve("scripts"));
    for (String file : List.of("test", "scripts/jdk.sh", "scripts/count.awk")) {
      Files.copy(ROOT.resolve(file), folder.resolve(file), StandardCopyOption.COPY_ATTRIBUTES);
    }
  }

  @Test
  void withoutAWordEverythingRuns() throws Exception {
    Run run = run(3);

    assertThat(run.maven()).contains("-T", "2", "verify").noneMatch(word -> word.startsWith("-D"));
    assertThat(run.said()).contains("3 passed, 0 failed, 0 skipped");
    assertThat(run.status()).isZero();
  }

  @Test
  void modulesRunOneAfterTheOther() throws Exception {
    assertThat(run(3, "-T", "1").maven()).containsOnlyOnce("-T").doesNotContain("2");
    assertThat(run(3, "-T1").maven()).doesNotContain("-T", "2");
  }

  @Test
  void aClassRunsAlone() throws Exception {
    assertThat(run(3, "-Dtest=SharedLockTest").maven())
        .contains("-Dtest=SharedLockTest", "-DskipITs", "-Dsurefire.failIfNoSpecifiedTests=false");
  }

  @Test
  void integrationTestsRunAlone() throws Exception {
    assertThat(run(3, "-Dit.test=*ConformanceIT").maven())
        .contains("-Dtest=none", "-Dit.test=*ConformanceIT")
        .contains("-Dfailsafe.failIfNoSpecifiedTests=false")
        .doesNotContain("-DskipITs");
  }

  @Test
  void bothKindsCanBeNamed() throws Exception {
    assertThat(run(3, "-Dtest=SharedLockTest", "-Dit.test=ForkserverIT").maven())
        .contains("-Dtest=SharedLockTest", "-Dit.test=ForkserverIT")
        .doesNotContain("-DskipITs", "-Dtest=none");
  }

  @Test
  void aNameThatNoTestHasIsAnError() throws Exception {
    Run run = run(0, "-Dtest=NoSuchTest");

    assertThat(run.said()).contains("0 passed").contains("no test of that name has run");
    assertThat(run.status()).isEqualTo(1);
  }

  /// @param tests how many the script in Maven's place reports
  private Run run(int tests, String... words) throws Exception {
    String script =
        """
        #!/bin/sh
        printf '%%s\\n' "$@" >maven
        mkdir -p core/target/surefire-reports
        report=core/target/surefire-reports/TEST-a.xml
        if [ %1$d != 0 ]; then
          until [ "$report" -nt target/test.start ]; do # a clock of files ticks in milliseconds
            echo '<testsuite tests="%1$d" errors="0" failures="0" skipped="0">' >"$report"
          done
        fi
        """
            .formatted(tests);
    Path maven = Files.writeString(folder.resolve("mvnw"), script);
    assertThat(maven.toFile().setExecutable(true)).isTrue();
    List<String> command = new ArrayList<>(List.of("./test"));
    command.addAll(List.of(words));
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    Process process = builder.redirectErrorStream(true).start();
    try {
      String said = new String(process.getInputStream().readAllBytes(), UTF_8);
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).as(said).isTrue();
      return new Run(process.exitValue(), Files.readAllLines(folder.resolve("maven")), said);
    } finally {
      process.destroyForcibly();
    }
  }
}
