package io.procession.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.procession.connection.Pipe;
import io.procession.internal.arena.Session;
import io.procession.serial.NotSendableException;
import io.procession.serial.SerializableRunnable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class JvmProcessIT {
  private static final Duration LONG = Duration.ofSeconds(30);

  @TempDir Path folder;

  @Test
  void taskRunsInAProcessOfItsOwnWithWhatItCaptured() throws Exception {
    String file = folder.resolve("out").toString();
    JvmProcess process =
        JvmProcess.of(() -> Files.writeString(Path.of(file), "" + ProcessHandle.current().pid()));
    assertThat(process.isAlive()).isFalse();
    assertThat(process.exitCode()).isEmpty();

    process.start();

    assertThat(process.isAlive()).isTrue();
    assertThat(process.join(LONG)).isTrue();
    assertThat(process.isAlive()).isFalse();
    assertThat(process.exitCode()).hasValue(0);
    assertThat(Files.readString(Path.of(file))).isEqualTo("" + process.pid());
    assertThat(process.pid()).isNotEqualTo(ProcessHandle.current().pid());
    process.close();
  }

  @Test
  void stateShowsInItsString() throws Exception {
    JvmProcess process = JvmProcess.of("worker", () -> Thread.sleep(LONG));
    assertThat(process).hasToString("JvmProcess[worker, initial]");
    process.start();
    assertThat(process).hasToString("JvmProcess[worker, started]");
    process.terminate();
    process.join();
    assertThat(process).hasToString("JvmProcess[worker, stopped[SIGTERM]]");
  }

  @Test
  void exitCodesAreThoseOfPython() throws Exception {
    assertThat(ended(() -> {}).exitCode()).hasValue(0);
    assertThat(ended(() -> System.exit(3)).exitCode()).hasValue(3);
    assertThat(ended(() -> System.exit(137)).exitCode()).hasValue(137);
    assertThat(ended(() -> System.exit(143)).exitCode()).hasValue(143);
    JvmProcess killed = JvmProcess.of(() -> Thread.sleep(LONG));
    killed.start();
    killed.kill();
    killed.join();
    assertThat(killed.exitCode()).hasValue(-9);
  }

  @Test
  void certificateSaysHowItEnded() throws Exception {
    DeathCertificate exited = ended(() -> System.exit(137)).certificate().orElseThrow();
    assertThat(exited.signal()).isNull();
    assertThat(exited.sentence()).contains("exited with code 137 (or was ended by SIGKILL");

    JvmProcess process = ended(JvmProcessIT::killThisProcess);
    DeathCertificate killed = process.certificate().orElseThrow();
    assertThat(killed.exitCode()).isEqualTo(-9);
    assertThat(killed.signal()).isEqualTo("SIGKILL");
    assertThat(killed.pid()).isEqualTo(process.pid());
    assertThat(killed.sentence())
        .isEqualTo(process.name() + " (pid " + process.pid() + ") was ended by SIGKILL");
  }

  @Test
  void exitIsAFutureOfTheCertificate() throws Exception {
    JvmProcess process = JvmProcess.of(() -> System.exit(7));
    var exit = process.exit();
    process.start();
    assertThat(exit.get(30, TimeUnit.SECONDS).exitCode()).isEqualTo(7);
  }

  @Test
  void misuseIsExplained() throws Exception {
    JvmProcess process = JvmProcess.of("once", () -> {});
    assertThatThrownBy(process::join)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("the process was not started: process=once");
    process.start();
    assertThatThrownBy(process::start)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("a process can be started only once: process=once");
    assertThatThrownBy(() -> process.setDaemon(true)).isInstanceOf(IllegalStateException.class);
    process.join();
    assertThatThrownBy(() -> JvmProcess.currentProcess().join())
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("a process cannot join or end itself: process=main");
    JvmProcess closed = JvmProcess.of(() -> {});
    closed.close();
    assertThatThrownBy(closed::start)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith("closed in this process: process=");
  }

  @Test
  void pipeIsSentByItsEnds() {
    try (Pipe pipe = Pipe.duplex()) {
      JvmProcess process = JvmProcess.of(() -> pipe.first().send("x"));
      assertThatThrownBy(process::start)
          .isInstanceOf(NotSendableException.class)
          .hasMessageEndingWith("; send one of its ends, first() or second()");
    }
  }

  @Test
  void whatCannotBeSentFailsBeforeAnythingHappened() {
    int cells = Session.current().directory().inUse();
    JvmProcess other = JvmProcess.of(() -> {});
    JvmProcess process = JvmProcess.of(() -> other.start());
    assertThatThrownBy(process::start)
        .isInstanceOf(NotSendableException.class)
        .hasMessageContaining("JvmProcess");
    assertThat(process).hasToString("JvmProcess[" + process.name() + ", initial]");
    assertThat(Session.current().directory().inUse()).isLessThanOrEqualTo(cells);
  }

  @Test
  void childrenOfChildrenAreNamedAfterTheirParent() throws Exception {
    String file = folder.resolve("names").toString();
    JvmProcess process =
        JvmProcess.of(() -> {
          JvmProcess inner =
              JvmProcess.of(
                  () -> Files.writeString(Path.of(file), JvmProcess.currentProcess().name()));
          inner.start();
          inner.join();
        });
    process.start();
    process.join();
    assertThat(process.name()).matches("Process-\\d+");
    assertThat(Files.readString(Path.of(file))).isEqualTo(process.name() + ":1");
  }

  @Test
  void activeChildrenAreThoseThatRun() throws Exception {
    JvmProcess process = JvmProcess.of(() -> Thread.sleep(LONG));
    assertThat(JvmProcess.activeChildren()).doesNotContain(process);
    process.start();
    assertThat(JvmProcess.activeChildren()).contains(process);
    process.kill();
    process.join();
    assertThat(JvmProcess.activeChildren()).doesNotContain(process);
  }

  private static void killThisProcess() throws Exception {
    new ProcessBuilder("kill", "-9", "" + ProcessHandle.current().pid()).start().waitFor();
  }

  private static JvmProcess ended(SerializableRunnable task) throws Exception {
    JvmProcess process = JvmProcess.of(task);
    process.start();
    process.join();
    return process;
  }
}
