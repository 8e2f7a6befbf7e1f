package io.procession.junit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;

class HangWatchTest {
  @Test
  void showsTheStacksOfAllJvmsAndEndsTheHang() throws Exception {
    var shown = new ByteArrayOutputStream();
    PrintStream err = System.err;
    System.setErr(new PrintStream(shown, true, UTF_8));
    try {
      run(HangsWithAChild.class, "PT20S").testEvents().assertStatistics(events -> events.failed(1));
    } finally {
      System.setErr(err);
    }
    assertThat(shown.toString(UTF_8))
        .contains("HANG: ", "HangsWithAChild", "hangs()")
        .contains("HangWatchTest.waitForever", "Hangs.hangHere");
    for (ProcessHandle killed : ProcessHandle.current().descendants().toList()) {
      killed.onExit().get(20, TimeUnit.SECONDS);
    }
    long child = Long.parseLong(shown.toString(UTF_8).replaceAll("(?s).*--- pid (\\d+): .*", "$1"));
    assertThat(child).isNotEqualTo(ProcessHandle.current().pid());
    assertThat(Path.of("/tmp", ".java_pid" + child)).doesNotExist();
  }

  @Test
  void endsTheJvmOfATestThatIgnoresItsInterrupt() throws Exception {
    Jvm.Ended ended = Jvm.run(HangWatchTest.class);
    assertThat(ended.code()).isEqualTo(HangWatch.EXIT_CODE);
    assertThat(ended.err()).contains("ignores its interrupt", "HangWatchTest$IgnoresItsInterrupt");
  }

  /// As JUnit before 5.13 does, which closes no `AutoCloseable`.
  @Test
  void letsBeWhoHeedsItsInterrupt() {
    EngineTestKit.engine("junit-jupiter")
        .configurationParameter(HangWatch.PATIENCE, "PT5M")
        .configurationParameter(
            "junit.jupiter.extensions.store.close.autocloseable.enabled", "false")
        .enableImplicitConfigurationParameters(true)
        .selectors(selectClass(HeedsItsInterrupt.class))
        .execute();
    await()
        .atMost(Duration.ofSeconds(10))
        .until(() ->
            Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().equals("test-hang-watch")));
  }

  /// What runs in the JVM that is to be ended.
  static void main() {
    run(IgnoresItsInterrupt.class, "PT1S");
  }

  private static EngineExecutionResults run(Class<?> testClass, String patience) {
    return EngineTestKit.engine("junit-jupiter")
        .configurationParameter(HangWatch.PATIENCE, patience)
        .enableImplicitConfigurationParameters(true)
        .selectors(selectClass(testClass))
        .execute();
  }

  private static void waitForever() throws InterruptedException {
    new CountDownLatch(1).await();
  }

  static class HangsWithAChild {
    @BeforeAll
    static void startAChild() throws Exception {
      Hangs.inAnotherJvm(); // how long that takes is no part of the limit
    }

    @Test
    @Timeout(1)
    void hangs() throws Exception {
      waitForever();
    }
  }

  static class HeedsItsInterrupt {
    @Test
    @Timeout(value = 100, unit = TimeUnit.MILLISECONDS)
    void hangs() throws Exception {
      waitForever();
    }
  }

  static class IgnoresItsInterrupt {
    @Test
    @Timeout(value = 100, unit = TimeUnit.MILLISECONDS)
    void hangs() {
      while (true) {
        try {
          waitForever();
        } catch (InterruptedException e) {
          // as native code that waits would
        }
      }
    }
  }
}
