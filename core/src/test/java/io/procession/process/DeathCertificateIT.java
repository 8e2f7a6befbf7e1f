package io.procession.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.procession.serial.SerializableRunnable;
import io.procession.testing.ChildJvm;
import io.procession.testing.ControlGroup;
import io.procession.testing.Deadlines;
import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Children that really end in each of these ways, and what their parent knows of it.
@Tag("platforms")
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class DeathCertificateIT {
  private static final LaunchOptions SMALL =
      LaunchOptions.defaults().withMaxHeap(24L << 20).withJvmFlags("-XX:-CreateCoredumpOnCrash");

  private static final List<byte[]> HOARD = new ArrayList<>();

  @TempDir Path folder;

  @Test
  void endsExitCodesAndHaltsAreTold() throws Exception {
    assertThat(certificate(() -> {}).cause()).isEqualTo(DeathCause.ENDED);
    DeathCertificate exited = certificate(() -> System.exit(3));
    assertThat(exited.cause()).isEqualTo(DeathCause.EXIT_CODE);
    assertThat(exited.exitCode()).isEqualTo(3);
    DeathCertificate halted = certificate(() -> Runtime.getRuntime().halt(4));
    assertThat(halted.cause()).isEqualTo(DeathCause.HALT);
    assertThat(halted.sentence()).endsWith("halted with code 4, without its exit hooks");
    DeathCertificate left = certificate(DeathCertificateIT::exitInNativeCode);
    assertThat(left.cause()).isEqualTo(DeathCause.HALT);
    assertThat(left.exitCode()).isEqualTo(5);
  }

  @SuppressWarnings("restricted") // it is what the test is about
  private static void exitInNativeCode() {
    Linker linker = Linker.nativeLinker();
    try {
      linker
          .downcallHandle(
              linker.defaultLookup().findOrThrow("_exit"),
              FunctionDescriptor.ofVoid(ValueLayout.JAVA_INT))
          .invokeExact(5);
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void signalsAreTold() throws Exception {
    DeathCertificate foreign = certificate(DeathCertificateIT::killThisProcess);
    assertThat(foreign.cause()).isEqualTo(DeathCause.SIGNAL);
    assertThat(foreign.signal()).isEqualTo("SIGKILL");
    JvmProcess killed = JvmProcess.of(() -> Thread.sleep(Duration.ofMinutes(1)));
    killed.start();
    killed.kill();
    assertThat(buried(killed).cause()).isEqualTo(DeathCause.KILLED_BY_PARENT);
    JvmProcess terminated = JvmProcess.of(() -> Thread.sleep(Duration.ofMinutes(1)));
    terminated.start();
    terminated.stop();
    assertThat(buried(terminated).cause()).isEqualTo(DeathCause.STOPPED);
  }

  @Test
  void exceptionsAndFullHeapsAreTold() {
    try (ChildJvm parent = ChildJvm.body(DeathCertificateIT::failByThrowables).start()) {
      parent.succeed();
      assertThat(parent.err()).contains("careless").contains("OutOfMemoryError");
    }
  }

  private static void failByThrowables() throws Exception {
    DeathCertificate thrown =
        certificate(() -> {
          throw new IllegalStateException("careless");
        });
    assertThat(thrown.cause()).isEqualTo(DeathCause.EXCEPTION);
    assertThat(thrown.exitCode()).isEqualTo(1);
    assertThat(thrown.lastWords())
        .startsWith("Exception in process " + thrown.name())
        .contains("java.lang.IllegalStateException: careless\n\tat ");
    DeathCertificate full = buried(started(SMALL, DeathCertificateIT::hoard));
    assertThat(full.cause()).isEqualTo(DeathCause.OUT_OF_HEAP);
    assertThat(full.exitCode()).isEqualTo(1);
    assertThat(full.sentence()).endsWith(" had no heap left");
    LaunchOptions exiting = SMALL.withJvmFlags("-XX:+ExitOnOutOfMemoryError");
    DeathCertificate exited = buried(started(exiting, DeathCertificateIT::hoard));
    assertThat(exited.cause()).isEqualTo(DeathCause.OUT_OF_HEAP);
    assertThat(exited.exitCode()).isEqualTo(3);
    DeathCertificate unread =
        buried(started(LaunchOptions.defaults().withJvmFlags("-XX:NoSuchFlag=1"), () -> {}));
    assertThat(unread.cause()).isEqualTo(DeathCause.START_UP);
  }

  @Test
  void lastWordsAreThereHoweverAProcessEnds() {
    try (ChildJvm parent = ChildJvm.body(DeathCertificateIT::killTheTalkative).start()) {
      parent.succeed();
      assertThat(parent.err()).startsWith("line 0").contains("line 999\n").contains("a record");
    }
  }

  private static void killTheTalkative() throws Exception {
    DeathCertificate killed =
        certificate(() -> {
          for (int i = 0; i < 1000; i++) {
            System.err.println("line " + i);
          }
          System.getLogger("talkative").log(System.Logger.Level.WARNING, "a record");
          killThisProcess();
        });
    List<String> lines = killed.lastWords().lines().toList();
    assertThat(lines).hasSize(20);
    assertThat(lines.get(0)).isEqualTo("line 981");
    assertThat(lines.get(18)).isEqualTo("line 999");
    assertThat(lines.get(19)).isEqualTo("WARNING talkative: a record");
    assertThat(killed.text())
        .startsWith(killed.sentence() + "\nits last words on stderr:\n  line 9");
    assertThat(certificate(DeathCertificateIT::killThisProcess).lastWords())
        .as("of one that said nothing, in the row of one that did")
        .isEmpty();
  }

  @Test
  void nativeCrashIsToldWithTheHeadOfItsReportAndLeavesNothing() {
    String workingFolder = folder.toString();
    try (ChildJvm parent = ChildJvm.body(() -> crashTwice(Path.of(workingFolder))).start()) {
      parent.succeed();
    }
    assertThat(folder).isEmptyDirectory();
  }

  private static void crashTwice(Path workingFolder) throws Exception {
    LaunchOptions options = SMALL.withWorkingFolder(workingFolder);
    JvmProcess first = started(options, DeathCertificateIT::crash);
    JvmProcess second = started(options, DeathCertificateIT::crash);
    for (JvmProcess process : List.of(first, second)) {
      DeathCertificate crashed = buried(process);
      assertThat(crashed.cause()).as(crashed.text()).isEqualTo(DeathCause.NATIVE_CRASH);
      assertThat(crashed.exitCode()).as("SIGABRT if a core dump is to be made").isEqualTo(1);
      assertThat(crashed.sentence()).contains("crashed: SIGSEGV").contains(", at ");
      assertThat(crashed.crashReport())
          .contains("SIGSEGV", "pid=" + crashed.pid(), "Problematic frame", "Current thread")
          .contains("\"main\"", "DeathCertificateIT.crash");
    }
  }

  @Test
  void reportThatTheUserWantsElsewhereIsReadAndStays() throws Exception {
    LaunchOptions options =
        SMALL
            .withWorkingFolder(folder)
            .withJvmFlags("-XX:-CreateCoredumpOnCrash", "-XX:ErrorFile=of-%p.log");
    DeathCertificate crashed = buried(started(options, DeathCertificateIT::crash));
    assertThat(crashed.cause()).isEqualTo(DeathCause.NATIVE_CRASH);
    assertThat(folder.resolve("of-" + crashed.pid() + ".log")).isNotEmptyFile();
  }

  @Test
  void killOfTheKernelForWantOfMemoryIsTold() throws Exception {
    Optional<ControlGroup> made = ControlGroup.ofMemory(160L << 20);
    assumeTrue(made.isPresent(), "no memory control group can be made here");
    try (ControlGroup group = made.orElseThrow()) {
      String own = group.folder().toString();
      DeathCertificate killed =
          buried(
              started(
                  LaunchOptions.defaults().withMaxHeap(1L << 30),
                  () -> hoardIn(new ControlGroup(Path.of(own)))));
      assertThat(killed.cause()).as(killed.text()).isEqualTo(DeathCause.OUT_OF_MEMORY);
      assertThat(killed.signal()).isEqualTo("SIGKILL");
      assertThat(certificate(DeathCertificateIT::killThisProcess).cause())
          .as("one kill of the kernel explains one death")
          .isEqualTo(DeathCause.SIGNAL);
    }
  }

  private static void hoardIn(ControlGroup group) throws IOException {
    group.enter();
    hoard();
  }

  private static void hoard() {
    while (HOARD.size() < Integer.MAX_VALUE) {
      byte[] more = new byte[1 << 20];
      Arrays.fill(more, (byte) 1);
      HOARD.add(more); // it is still there when the process tells of its end
    }
  }

  @SuppressWarnings("restricted") // a crash is wanted
  private static void crash() {
    var _ = MemorySegment.ofAddress(1).reinterpret(8).get(ValueLayout.JAVA_BYTE, 0);
  }

  private static void killThisProcess() throws Exception {
    new ProcessBuilder("kill", "-9", Long.toString(ProcessHandle.current().pid())).start();
    Thread.sleep(Duration.ofMinutes(1));
  }

  private static DeathCertificate certificate(SerializableRunnable task) throws Exception {
    return buried(started(LaunchOptions.defaults(), task));
  }

  private static JvmProcess started(LaunchOptions options, SerializableRunnable task) {
    JvmProcess process = JvmProcess.of(options, task);
    process.start();
    return process;
  }

  private static DeathCertificate buried(JvmProcess process) throws Exception {
    assertThat(process.join(Deadlines.LONG)).isTrue();
    return process.certificate().orElseThrow();
  }
}
