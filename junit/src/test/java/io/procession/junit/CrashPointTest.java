package io.procession.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class CrashPointTest {
  enum Step implements CrashPoint {
    BEGUN,
    HALF_WAY,
    DONE {
      @Override
      public String toString() {
        return "a constant with a class of its own";
      }
    }
  }

  /// Takes every step twice, and says so.
  static void main() {
    if (Boolean.getBoolean("interrupted")) {
      Thread.currentThread().interrupt();
    }
    for (int round = 1; round <= 2; round++) {
      for (Step step : Step.values()) {
        step.reach();
        System.err.println(step.name() + round);
      }
    }
  }

  @Test
  void nothingHappensUnlessAskedFor() throws Exception {
    Jvm.Ended ended = Jvm.run(CrashPointTest.class);
    assertThat(ended.code()).isZero();
    assertThat(ended.err()).contains("DONE2");
  }

  @Test
  void killsAtAVisit() throws Exception {
    Jvm.Ended first = Jvm.run(CrashPointTest.class, armed(Step.HALF_WAY.kill()));
    assertThat(first.code()).isEqualTo(128 + 9);
    assertThat(first.err()).contains("BEGUN1").doesNotContain("HALF_WAY1");
    Jvm.Ended second = Jvm.run(CrashPointTest.class, armed(Step.DONE.kill(2)));
    assertThat(second.code()).isEqualTo(128 + 9);
    assertThat(second.err()).contains("HALF_WAY2").doesNotContain("DONE2");
  }

  @Test
  void fails() throws Exception {
    Jvm.Ended ended = Jvm.run(CrashPointTest.class, armed(Step.HALF_WAY.fail(2)));
    assertThat(ended.code()).isEqualTo(1);
    assertThat(ended.err()).contains("InjectedFault", "Step.HALF_WAY").doesNotContain("HALF_WAY2");
  }

  @Test
  void stopsUntilToldToGoOn() throws Exception {
    stopsUntilToldToGoOn(armed(Step.HALF_WAY.stop(1)));
  }

  @Test
  void stopsAThreadThatWasInterrupted() throws Exception {
    stopsUntilToldToGoOn(armed(Step.HALF_WAY.stop(1)), "-Dinterrupted=true");
  }

  private static void stopsUntilToldToGoOn(String... flags) throws Exception {
    Process process = Jvm.start(CrashPointTest.class, flags);
    try (BufferedReader said = process.errorReader(StandardCharsets.UTF_8)) {
      assertThat(said.readLine()).isEqualTo("BEGUN1");
      while (!state(process).equals("T")) {
        Thread.onSpinWait();
      }
      assertThat(said.ready()).isFalse();
      assertThat(
              new ProcessBuilder("kill", "-CONT", Long.toString(process.pid())).start().waitFor())
          .isZero();
      assertThat(said.readLine()).isEqualTo("HALF_WAY1");
      assertThat(process.waitFor()).isZero();
    } finally {
      process.destroyForcibly();
    }
  }

  private static String state(Process process) throws Exception {
    String stat =
        new String(
            java.nio.file.Files.readAllBytes(
                java.nio.file.Path.of("/proc/" + process.pid() + "/stat")),
            StandardCharsets.ISO_8859_1);
    return stat.substring(stat.lastIndexOf(')') + 2).split(" ", 2)[0];
  }

  @Test
  void badSettingsAreRefused() throws Exception {
    assertThatThrownBy(() -> Step.DONE.kill(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("visit must be positive: visit=0; use 1 for the first time");
    Jvm.Ended ended = Jvm.run(CrashPointTest.class, armed("DONE"));
    assertThat(ended.code()).isEqualTo(1);
    assertThat(ended.err()).contains("procession.junit.crash=DONE");
  }

  private static String armed(String setting) {
    return "-D" + CrashPoint.PROPERTY + "=" + setting;
  }
}
