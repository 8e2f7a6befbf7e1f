package io.procession.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Event;

class LeakCheckTest {
  private static final List<AutoCloseable> LEFT = new ArrayList<>();
  private static final AtomicReference<Process> HANGING = new AtomicReference<>();

  @AfterEach
  void takeAwayWhatWasLeft() throws Exception {
    for (AutoCloseable left : LEFT) {
      left.close();
    }
    LEFT.clear();
  }

  @Test
  void isSilentAboutAClassThatLeavesNothing() {
    assertThat(complaintsAbout(LeavesNothing.class, Duration.ofSeconds(20), "")).isEmpty();
  }

  @Test
  void namesAProcessAndEndsIt() throws Exception {
    assertThat(complaintsAbout(LeavesAProcess.class))
        .singleElement()
        .asString()
        .contains("left behind", "process ", "Hangs");
    assertThat(HANGING.get().waitFor()).isEqualTo(128 + 9);
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
  void letsStayWhatIsNamed() {
    assertThat(complaintsAbout(LeavesThreads.class, "non-daemon thread left-.*|file .*"))
        .singleElement()
        .asString()
        .contains("thread procession-left")
        .doesNotContain("left-alone");
  }

  @Test
  void endsNoProcessThatMayStay() throws Exception {
    assertThat(complaintsAbout(LeavesAProcessAndAThread.class, "process .*"))
        .singleElement()
        .asString()
        .contains("non-daemon thread left-alone")
        .doesNotContain("process ");
    assertThat(HANGING.get().isAlive()).isTrue();
    HANGING.get().destroyForcibly().waitFor();
  }

  /// That of one that ends while a class is watched.
  @Test
  void folderOfAnotherSessionIsNobodysLeakHere() throws Exception {
    Process shell = new ProcessBuilder("sh", "-c", "sleep 1000 >&- 2>&- & echo $!").start();
    ProcessHandle stranger =
        ProcessHandle.of(Long.parseLong(shell.inputReader().readLine())).orElseThrow();
    shell.waitFor();
    Path folder =
        Path.of(System.getProperty("java.io.tmpdir"), "procession-" + stranger.pid() + "-1-1");
    Files.createDirectory(folder);
    try {
      assertThat(SessionFiles.now()).doesNotContain(folder.toString());
      stranger.destroyForcibly();
      await().atMost(Duration.ofSeconds(10)).until(() -> !stranger.isAlive());
      assertThat(SessionFiles.now()).doesNotContain(folder.toString());
    } finally {
      stranger.destroyForcibly();
      Files.delete(folder);
    }
  }

  @Test
  void memoryOfAnotherSessionIsNobodysLeakHere() throws Exception {
    long self = ProcessHandle.current().pid();
    assertThat(SessionFiles.isMemoryOfStrangers(memoryOf(self, StartTime.of(self)))).isFalse();
    assertThat(SessionFiles.isMemoryOfStrangers(memoryOf(1, 0))).isTrue();
    Process child = new ProcessBuilder("sleep", "1000").start();
    String ours = memoryOf(child.pid(), StartTime.of(child.pid()));
    assertThat(SessionFiles.isMemoryOfStrangers(ours)).isFalse();
    child.destroyForcibly().waitFor();
    assertThat(StartTime.of(child.pid())).isEqualTo(StartTime.GONE);
    assertThat(SessionFiles.isMemoryOfStrangers(ours)).isFalse();
  }

  private static String memoryOf(long pid, long startTime) {
    return "procession-shm-1-" + pid + "-" + startTime + "-4711-1-1";
  }

  private static List<String> complaintsAbout(Class<?> testClass) {
    return complaintsAbout(testClass, Duration.ofMillis(100), "");
  }

  private static List<String> complaintsAbout(Class<?> testClass, String mayStay) {
    return complaintsAbout(testClass, Duration.ofMillis(100), mayStay);
  }

  /// Runs a class as its own little test run, with the extensions found as in any other, and returns
  /// the messages of what failed.
  private static List<String> complaintsAbout(
      Class<?> testClass, Duration patience, String mayStay) {
    return EngineTestKit.engine("junit-jupiter")
        .configurationParameter(LeakCheck.PATIENCE, patience.toString())
        .configurationParameter(LeakCheck.IGNORE, mayStay)
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
    void startsAndStops() throws Exception {
      assertThat(new ProcessBuilder("true").start().waitFor()).isZero();
      Files.delete(Files.createTempFile("procession-gone", ""));
      Thread.ofPlatform().name("procession-short").start(() -> {});
    }
  }

  static class LeavesAProcess {
    @Test
    void leave() throws IOException {
      HANGING.set(Hangs.inAnotherJvm());
    }
  }

  static class LeavesAProcessAndAThread {
    @Test
    void leave() throws IOException {
      HANGING.set(Hangs.inAnotherJvm());
      leaveThreads();
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
      leaveThreads();
    }
  }

  private static void leaveThreads() {
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
