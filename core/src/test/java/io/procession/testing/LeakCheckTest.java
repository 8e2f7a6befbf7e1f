package io.procession.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import io.procession.internal.posix.ProcessIdentity;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Event;

class LeakCheckTest {
  private static final List<AutoCloseable> LEFT = new ArrayList<>();

  @AfterEach
  void takeAwayWhatWasLeft() throws Exception {
    for (AutoCloseable left : LEFT) {
      left.close();
    }
    LEFT.clear();
  }

  @Test
  void isSilentAboutAClassThatLeavesNothing() {
    assertThat(complaintsAbout(LeavesNothing.class, Deadlines.LONG)).isEmpty();
  }

  @Test
  void namesAProcessAndEndsIt() {
    assertThat(complaintsAbout(LeavesAProcess.class))
        .singleElement()
        .asString()
        .contains("left behind", "process ", "ChildJvmTest$Hangs");
    assertThat(((ChildJvm) LEFT.getFirst()).join()).isEqualTo(128 + 9);
  }

  @Test
  void namesAFile() {
    assertThat(complaintsAbout(LeavesAFile.class))
        .singleElement()
        .asString()
        .contains("file ", "procession-left");
  }

  @Test
  void namesADescriptor() {
    assertThat(complaintsAbout(LeavesADescriptor.class))
        .singleElement()
        .asString()
        .contains("descriptor ", " -> /proc/", "/status");
  }

  @Test
  void namesThreads() {
    assertThat(complaintsAbout(LeavesThreads.class))
        .singleElement()
        .asString()
        .contains("non-daemon thread left-alone", "thread procession-left");
  }

  @Test
  void memoryOfAnotherSessionIsNobodysLeakHere() throws Exception {
    ProcessIdentity self = ProcessIdentity.self();
    assertThat(Belongings.isMemoryOfStrangers(memoryOf(self))).isFalse();
    assertThat(Belongings.isMemoryOfStrangers(memoryOf(new ProcessIdentity(1, 0)))).isTrue();
    Process child = new ProcessBuilder("sleep", "1000").start();
    ProcessIdentity ours = ProcessIdentity.of(child.pid());
    assertThat(Belongings.isMemoryOfStrangers(memoryOf(ours))).isFalse();
    child.destroyForcibly().waitFor();
    assertThat(Belongings.isMemoryOfStrangers(memoryOf(ours))).isFalse();
  }

  private static String memoryOf(ProcessIdentity first) {
    return "procession-shm-1-" + first.pid() + "-" + first.startTime() + "-4711-1-1";
  }

  private static List<String> complaintsAbout(Class<?> testClass) {
    return complaintsAbout(testClass, Deadlines.SHORT);
  }

  /// Runs a class as its own little test run, with the extensions found as in any other, and returns
  /// the messages of what failed.
  private static List<String> complaintsAbout(Class<?> testClass, Duration patience) {
    return EngineTestKit.engine("junit-jupiter")
        .configurationParameter(LeakCheck.PATIENCE, patience.toString())
        .enableImplicitConfigurationParameters(true)
        .selectors(selectClass(testClass))
        .execute()
        .allEvents()
        .failed()
        .stream()
        .map(LeakCheckTest::message)
        .toList();
  }

  private static String message(Event event) {
    var result = event.getRequiredPayload(TestExecutionResult.class);
    return String.valueOf(result.getThrowable().orElseThrow().getMessage());
  }

  static class LeavesNothing {
    @Test
    void startsAndStops() throws IOException {
      try (ChildJvm child = ChildJvm.body(() -> {}).start()) {
        child.succeed();
      }
      Files.delete(Files.createTempFile("procession-gone", ""));
      Thread.ofPlatform().name("procession-short").start(() -> {});
    }
  }

  static class LeavesAProcess {
    @Test
    void leave() {
      LEFT.add(ChildJvm.main(ChildJvmTest.Hangs.class).start());
    }
  }

  static class LeavesAFile {
    @Test
    void leave() throws IOException {
      Path file = Files.createTempFile("procession-left", "");
      LEFT.add(() -> Files.delete(file));
    }
  }

  static class LeavesADescriptor {
    @Test
    void leave() throws IOException {
      InputStream open = Files.newInputStream(Path.of("/proc/self/status"));
      LEFT.add(open);
    }
  }

  static class LeavesThreads {
    @Test
    void leave() {
      var end = new CountDownLatch(1);
      LEFT.add(end::countDown);
      Runnable wait =
          () -> {
            try {
              end.await();
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          };
      Thread.ofPlatform().name("left-alone").start(wait);
      Thread.ofPlatform().daemon().name("procession-left").start(wait);
    }
  }
}
