package io.procession.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.procession.internal.posix.Processors;
import io.procession.serial.SerializableRunnable;
import io.procession.sync.SharedEvent;
import io.procession.testing.ChildJvm;
import io.procession.testing.Deadlines;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What options ask for is what a child has.
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class LaunchOptionsIT {
  private static final LaunchOptions DEFAULTS = LaunchOptions.defaults();

  @TempDir Path folder;

  @Test
  void heapNicenessProcessorsAndClassPath() throws Exception {
    assumeThat(Path.of("/proc/self/status")).exists();
    Path entry = Files.createDirectory(folder.resolve("grün und weiß"));
    Files.writeString(entry.resolve("added.txt"), "x");
    int processor = Processors.allowed().iterator().next();
    int niceness = niceness();
    succeed(
        DEFAULTS
            .withMaxHeap(80 << 20)
            .withNiceness(3)
            .withEnvironment("PATH", entry.toString())
            .withProcessors(processor)
            .withClassPath(entry),
        () -> {
          assertThat(Runtime.getRuntime().maxMemory()).isBetween(70L << 20, 80L << 20);
          assertThat(niceness()).isEqualTo(Math.min(19, niceness + 3));
          assertThat(Runtime.getRuntime().availableProcessors()).isEqualTo(1);
          assertThat(Processors.allowed()).containsExactly(processor);
          assertThat(ClassLoader.getSystemResource("added.txt")).isNotNull();
        });
  }

  @Test
  void whatCannotBeIsRefusedBeforeAnythingHappens() {
    Path nowhere = folder.resolve("nowhere");
    refused(DEFAULTS.withWorkingFolder(nowhere), "workingFolder=" + nowhere);
    refused(DEFAULTS.withClassPath(nowhere), "entry=" + nowhere);
    refused(DEFAULTS.withOutput(Output.file(nowhere.resolve("out"))), "file=" + nowhere);
    assumeThat(Path.of("/proc/self/status")).exists();
    refused(DEFAULTS.withProcessors(100_000), "processor=100000");
  }

  @Test
  void outputGoesToAFileOrNowhere() throws Exception {
    Path file = folder.resolve("out.txt");
    Files.writeString(file, "before\n");
    succeed(
        DEFAULTS.withOutput(Output.file(file)),
        () -> {
          System.out.println("out");
          System.err.println("err");
        });
    assertThat(file).hasContent("before\nout\nerr\n");
  }

  @Test
  void discardedOutputIsNowhere() {
    try (ChildJvm parent =
        ChildJvm.body(
                () -> {
                  succeed(
                      DEFAULTS.withOutput(Output.discard()),
                      () -> {
                        System.out.println("not to be seen");
                        System.err.println("not to be seen");
                      });
                  succeed(DEFAULTS, () -> System.out.println("to be seen"));
                })
            .start()) {
      parent.awaitLine("to be seen");
      parent.succeed();
      assertThat(parent.out() + parent.err()).doesNotContain("not to be seen");
    }
  }

  @Test
  void linesComeWithTheProcessThatWroteThemAlsoTheLastBeforeAKill() throws Exception {
    List<OutputLine> lines = Collections.synchronizedList(new ArrayList<>());
    JvmProcess process =
        JvmProcess.of(
            "talker",
            DEFAULTS.withOutput(Output.lines(lines::add)),
            () -> {
              System.err.println("to the error");
              System.out.print("one\ntwo\r\n\nlast without end");
              System.out.flush();
              kill();
            });
    process.start();
    process.join();
    assertThat(process.exitCode()).hasValue(-9);
    long pid = process.pid();
    assertThat(lines)
        .filteredOn(line -> !line.isError())
        .containsExactly(
            new OutputLine("talker", pid, false, "one"),
            new OutputLine("talker", pid, false, "two"),
            new OutputLine("talker", pid, false, ""),
            new OutputLine("talker", pid, false, "last without end"));
    assertThat(lines).contains(new OutputLine("talker", pid, true, "to the error"));
  }

  @Test
  void consumerThatHangsOrThrowsHoldsNobodyUp() throws Exception {
    CountDownLatch released = new CountDownLatch(1);
    List<String> taken = Collections.synchronizedList(new ArrayList<>());
    SharedEvent hangs = SharedEvent.create();
    LaunchOptions options =
        DEFAULTS.withOutput(
            Output.lines(line -> {
              taken.add(line.text());
              hangs.set();
              try {
                released.await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
              throw new IllegalStateException("expected in the output of this test");
            }));
    succeed(
        options,
        () -> {
          System.out.println("line 0");
          hangs.await(); // else it might be dropped among the others, which come faster than they
          // are taken
          StringBuilder text = new StringBuilder();
          for (int i = 1; i < 50_000; i++) {
            text.append("line ").append(i).append('\n');
          }
          System.out.print(text);
        });
    released.countDown();
    await().atMost(Deadlines.LONG).until(() -> taken.contains("line 49999"));
    assertThat(taken)
        .startsWith("line 0")
        .hasSizeLessThan(50_000)
        .anyMatch(line -> line.endsWith("lines were dropped here: they were not taken in time)"));
    hangs.destroy();
  }

  @Test
  void processThatDoesNotBeginInTimeIsKilledAndItsCertificateSaysWhy() throws Exception {
    JvmProcess process =
        JvmProcess.of(DEFAULTS.withStartLimit(Duration.ofMillis(300)), new SlowToArrive());
    process.start();
    process.join();
    assertThat(process.exitCode()).hasValue(-9);
    assertThat(process.certificate().orElseThrow().sentence())
        .endsWith(
            "was ended by SIGKILL before its task began, sent by its parent:"
                + " it had not begun within its limit of PT0.3S");
    succeed(DEFAULTS.withStartLimit(Duration.ofMinutes(1)), () -> {});
  }

  @Test
  void executableMustBeAJavaThatIsNewEnough() throws Exception {
    Path none = Files.writeString(folder.resolve("none"), "#!/bin/sh\necho hello\n");
    Path old =
        Files.writeString(
            folder.resolve("old"),
            """
            #!/bin/sh
            echo '    java.vm.specification.version = 21'
            echo '    java.version = 21.0.1'
            echo '    java.home = /old'
            """);
    assertThat(none.toFile().setExecutable(true)).isTrue();
    assertThat(old.toFile().setExecutable(true)).isTrue();
    assertThatThrownBy(() -> StartMethod.setExecutable(folder.resolve("nowhere")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("executable=" + folder.resolve("nowhere"));
    assertThatThrownBy(() -> StartMethod.setExecutable(none))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("is no java command");
    assertThatThrownBy(() -> StartMethod.setExecutable(old))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("version=21.0.1");
    Path own = Path.of(System.getProperty("java.home"));
    Path link = Files.createSymbolicLink(folder.resolve("another jdk"), own);
    try {
      StartMethod.setExecutable(link);
      String command = link.resolve("bin").resolve("java").toString();
      succeed(
          DEFAULTS,
          () -> assertThat(Descendants.command(Path.of("/proc/self"))).startsWith(command + " @"));
    } finally {
      StartMethod.setExecutable(null);
    }
  }

  @Test
  void executableThatDoesNotAnswerIsNotWaitedForByAnInterruptedThread() throws Exception {
    Path silent = Files.writeString(folder.resolve("silent"), "#!/bin/sh\nexec sleep 600\n");
    assertThat(silent.toFile().setExecutable(true)).isTrue();
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> StartMethod.setExecutable(silent))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("executable=" + silent);
    assertThat(Thread.interrupted()).isTrue();
  }

  /// The JVM's first file is where the pipe would be.
  @Test
  void executableThatClosesThePipeCostsNoFileAndLeavesNoOrphan() throws Exception {
    Path file = Files.writeString(folder.resolve("first file"), "untouched");
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    Path closing =
        Files.writeString(
            folder.resolve("closing"), "#!/bin/sh\nexec '" + java + "' \"$@\" 3<'" + file + "'\n");
    assertThat(closing.toFile().setExecutable(true)).isTrue();
    try (ChildJvm parent =
        ChildJvm.body(
                () -> {
                  StartMethod.setExecutable(Path.of(System.getProperty("closing")));
                  succeed(DEFAULTS, () -> System.out.println("serves"));
                  JvmProcess.of(() -> new CountDownLatch(1).await()).start();
                  System.out.println("started");
                  System.in.read();
                })
            .flags("-Dclosing=" + closing)
            .start()) {
      parent.awaitLine("serves");
      parent.awaitLine("started");
      parent.kill();
      await()
          .atMost(Deadlines.LONG)
          .untilAsserted(() -> assertThat(Descendants.of(parent.pid())).isEmpty());
      assertThat(parent.err()).contains("cannot hear its parent");
    }
    assertThat(file).hasContent("untouched");
  }

  private static void succeed(LaunchOptions options, SerializableRunnable task)
      throws InterruptedException {
    JvmProcess process = JvmProcess.of(options, task);
    process.start();
    process.join();
    assertThat(process.exitCode()).as("%s", process.certificate()).hasValue(0);
  }

  private static void refused(LaunchOptions options, String value) {
    JvmProcess process = JvmProcess.of(options, () -> {});
    assertThatThrownBy(process::start)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(value);
    assertThat(process.isAlive()).isFalse();
  }

  private static int niceness() throws Exception {
    String stat = Files.readString(Path.of("/proc/self/stat"));
    return Integer.parseInt(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[16]);
  }

  private static void kill() throws Exception {
    String pid = ManagementFactory.getRuntimeMXBean().getPid() + "";
    new ProcessBuilder("kill", "-9", pid).start().waitFor();
  }

  /// Takes for ever to be read.
  private static final class SlowToArrive implements SerializableRunnable {
    private static final long serialVersionUID = 1;

    private Object readResolve() {
      while (!Thread.currentThread().isInterrupted()) {
        LockSupport.park(this);
      }
      return this;
    }

    @Override
    public void run() {}
  }
}
