package io.procession.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.procession.internal.arena.FailPoint;
import io.procession.process.JvmProcess;
import io.procession.process.LaunchOptions;
import io.procession.process.StartMethod;
import io.procession.testing.ChildJvm;
import io.procession.testing.Deadlines;
import io.procession.testing.Halting;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What the death of a spare, or of the parent that gives it its order, leaves.
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class SpareCrashIT {
  @Test
  void spareThatDiesWhenItIsReadyIsDoneWithout() {
    try (ChildJvm parent = starting(FailPoint.SPARE_READY).start()) {
      parent.succeed();
      assertThat(parent.out().lines()).containsOnly("0");
    }
  }

  @Test
  void spareThatDiesWithItsOrderIsAProcessThatDied() {
    try (ChildJvm parent = starting(FailPoint.SPARE_TAKEN).start()) {
      parent.succeed();
      List<String> codes = parent.out().lines().toList();
      assertThat(codes).startsWith("0", "0").contains("-9").containsOnly("0", "-9");
    }
  }

  @Test
  void spareThatDoesNotMoveIsDoneWithout() {
    for (String own : List.of("", FailPoint.SPARE_WITHDRAWN.name())) {
      try (ChildJvm parent =
          ChildJvm.body(
                  () -> {
                    LaunchOptions options =
                        LaunchOptions.defaults()
                            .withSystemProperty(
                                "procession.crash", FailPoint.SPARE_READY + ":stop");
                    start(options, 2);
                    await().atMost(Deadlines.LONG).until(SpareCrashIT::isAChildStopped);
                    start(options, 1);
                  })
              .flags("-Dprocession.crash=" + own, "-Dprocession.spare.patience.millis=200")
              .start()) {
        assertThat(parent.join()).isEqualTo(own.isEmpty() ? 0 : 137);
        // what is stopped sees no end of a parent that was killed
        of(parent).forEach(ProcessHandle::destroyForcibly);
        awaitNobody(parent);
      }
    }
  }

  @Test
  void parentThatDiesAsItGivesAnOrderTakesTheSpareAlong() {
    try (ChildJvm parent =
        ChildJvm.body(() -> start(LaunchOptions.defaults(), 60))
            .flags("-Dprocession.crash=" + FailPoint.SPARE_ORDERED)
            .start()) {
      assertThat(parent.join()).isEqualTo(137);
      awaitNobody(parent);
    }
  }

  private static void awaitNobody(ChildJvm parent) {
    await().atMost(Deadlines.LONG).until(() -> of(parent).isEmpty());
  }

  /// The processes of its session that live.
  private static List<ProcessHandle> of(ChildJvm parent) {
    String arena = "/proc/" + parent.pid() + "/fd/";
    return ProcessHandle.allProcesses()
        .filter(process -> command(process).contains(arena))
        .toList();
  }

  /// A program whose processes, but not itself, die at a point.
  private static ChildJvm.Builder starting(FailPoint point) {
    String armed = point.name();
    return ChildJvm.body(
        () -> start(LaunchOptions.defaults().withSystemProperty("procession.crash", armed), 5));
  }

  private static boolean isAChildStopped() {
    return ProcessHandle.current().children().anyMatch(child -> Halting.isStopped(child.pid()));
  }

  private static void start(LaunchOptions options, int times) throws InterruptedException {
    for (int i = 0; i < times; i++) {
      JvmProcess process = JvmProcess.of(options.withStartMethod(StartMethod.FORKSERVER), () -> {});
      process.start();
      process.join();
      System.out.println(process.exitCode().orElseThrow());
    }
  }

  private static String command(ProcessHandle process) {
    return String.join(" ", process.info().arguments().orElse(new String[0]));
  }
}
