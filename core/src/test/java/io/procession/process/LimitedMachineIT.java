package io.procession.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.procession.Procession;
import io.procession.internal.posix.MachineMemory;
import io.procession.internal.posix.Processors;
import io.procession.testing.ChildJvm;
import io.procession.testing.ControlGroup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A program that may use less than the machine has, and its children.
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class LimitedMachineIT {
  private static final long LIMIT = 600L << 20;

  @Test
  void heapsOfChildrenAreSharesOfTheGroupsMemory() throws Exception {
    Optional<ControlGroup> made = ControlGroup.ofMemory(LIMIT);
    assumeTrue(made.isPresent(), "no memory control group can be made here");
    try (ControlGroup group = made.orElseThrow();
        ChildJvm parent =
            ChildJvm.body(
                    () -> {
                      assertThat(MachineMemory.bytes()).isEqualTo(LIMIT);
                      JvmProcess process =
                          JvmProcess.of(() ->
                              assertThat(Runtime.getRuntime().maxMemory())
                                  .isBetween(LIMIT / 100, LIMIT / 4));
                      process.start();
                      process.join();
                      assertThat(process.exitCode()).as("%s", process.certificate()).hasValue(0);
                    })
                .through(group.command())
                .start()) {
      parent.succeed();
    }
  }

  @Test
  void quotaOfTheGroupCounts() throws Exception {
    assumeTrue(Runtime.getRuntime().availableProcessors() > 1, "there is one processor only");
    Optional<ControlGroup> made = ControlGroup.ofProcessors(1);
    assumeTrue(made.isPresent(), "no control group of processors can be made here");
    try (ControlGroup group = made.orElseThrow()) {
      usesOneProcessor(group.command());
    }
  }

  @Test
  void affinityCounts() {
    assumeTrue(Runtime.getRuntime().availableProcessors() > 1, "there is one processor only");
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/taskset")), "no taskset here");
    String first = Integer.toString(Processors.allowed().stream().findFirst().orElseThrow());
    usesOneProcessor("/usr/bin/taskset", "-c", first);
  }

  private static void usesOneProcessor(String... through) {
    int all = Procession.cpuCount();
    assertThat(all).isGreaterThan(1);
    try (ChildJvm parent =
        ChildJvm.body(
                () -> {
                  System.out.println(
                      "usable " + Procession.usableCpuCount() + " of " + Procession.cpuCount());
                  try (var pool = Procession.pool()) {
                    System.out.println("workers " + pool.workers().size());
                  }
                })
            .through(through)
            .start()) {
      parent.awaitLine("usable 1 of " + all);
      parent.awaitLine("workers 1");
      parent.succeed();
    }
  }
}
