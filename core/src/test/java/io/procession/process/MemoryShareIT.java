package io.procession.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.Procession;
import io.procession.internal.posix.Processors;
import io.procession.sync.SharedEvent;
import io.procession.testing.ChildJvm;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// How much of the memory the heaps of processes may take.
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class MemoryShareIT {
  @Test
  void grandchildrenShareWithAllProcesses() throws Exception {
    try (ChildJvm program =
        ChildJvm.body(() ->
                succeed(
                    JvmProcess.of(() -> {
                      assertThat(share()).isEqualTo(flag(1));
                      SharedEvent end = Procession.event();
                      List<JvmProcess> grandchildren = new ArrayList<>();
                      for (int i = 0; i < Processors.usable(); i++) {
                        String share = flag(i + 2);
                        JvmProcess grandchild =
                            JvmProcess.of(() -> {
                              end.await();
                              assertThat(share()).isEqualTo(share);
                            });
                        grandchild.start();
                        grandchildren.add(grandchild);
                      }
                      end.set();
                      for (JvmProcess grandchild : grandchildren) {
                        grandchild.join();
                        assertThat(grandchild.exitCode()).hasValue(0);
                      }
                    })))
            .start()) {
      program.succeed();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS"})
  void percentageOfTheFirstProcessIsItsOwn(String variable) throws Exception {
    try (ChildJvm program =
        ChildJvm.body(() ->
                succeed(
                    JvmProcess.of(() -> {
                      assertThat(share()).isEqualTo(flag(60, 1));
                      succeed(JvmProcess.of(() -> assertThat(share()).isEqualTo(flag(60, 2))));
                    })))
            .environment(variable, "-XX:MaxRAMPercentage=40 -XX:InitialRAMPercentage=1")
            .start()) {
      program.succeed();
    }
  }

  @Test
  void sizeOfTheEnvironmentIsEverybodys() throws Exception {
    try (ChildJvm program =
        ChildJvm.body(() -> succeed(JvmProcess.of(() -> assertThat(given()).isEmpty())))
            .environment("JAVA_TOOL_OPTIONS", "-Xmx111m")
            .start()) {
      program.succeed();
    }
  }

  @Test
  void percentageOfAChildsOwnEnvironmentHolds() throws Exception {
    try (ChildJvm program =
        ChildJvm.body(
                () -> {
                  LaunchOptions options =
                      LaunchOptions.defaults()
                          .withEnvironment("JAVA_TOOL_OPTIONS", "-XX:MaxRAMPercentage=11");
                  succeed(
                      JvmProcess.of(
                          options,
                          () -> {
                            assertThat(given()).containsExactly("-XX:MaxRAMPercentage=11");
                            succeed(
                                JvmProcess.of(() -> assertThat(share()).isEqualTo(flag(60, 2))));
                          }));
                })
            .flags("-XX:MaxRAMPercentage=40")
            .start()) {
      program.succeed();
    }
  }

  private static void succeed(JvmProcess process) throws InterruptedException {
    process.start();
    process.join();
    assertThat(process.exitCode()).as("%s", process.certificate()).hasValue(0);
  }

  private static String flag(int processes) {
    return flag(75, processes);
  }

  private static String flag(double all, int processes) {
    double share = MemoryShare.percentage(all, processes, Processors.usable());
    return String.format(Locale.ROOT, "-XX:MaxRAMPercentage=%.2f", share);
  }

  private static String share() {
    return given().getLast(); // which counts
  }

  private static List<String> given() {
    return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(flag -> flag.startsWith("-XX:MaxRAMPercentage="))
        .toList();
  }
}
