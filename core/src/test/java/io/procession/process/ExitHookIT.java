package io.procession.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.procession.serial.SerializableRunnable;
import io.procession.testing.ChildJvm;
import io.procession.testing.Deadlines;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Hooks run in their order, however a process ends.
class ExitHookIT {
  private static final List<String> IN_ORDER = List.of("high", "user 2", "user 1", "low");

  @TempDir Path folder;
  private String file = "";

  @BeforeEach
  void name() {
    file = folder.resolve("notes").toString();
  }

  private static void note(String file, String what) {
    try {
      Files.writeString(
          Path.of(file), what + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void addHooks(String file) {
    ExitHook.add(-5, () -> note(file, "low"));
    ExitHook.add(ExitHook.USER, () -> note(file, "user 1"));
    ExitHook cancelled = ExitHook.add(ExitHook.USER, () -> note(file, "cancelled"));
    ExitHook.add(ExitHook.USER, () -> note(file, "user 2"));
    ExitHook.add(
        200,
        () -> {
          note(file, "high");
          throw new IllegalStateException("no reason to stop");
        });
    assertThat(cancelled.cancel()).isTrue();
    assertThat(cancelled.cancel()).isFalse();
  }

  private List<String> notes() throws IOException {
    return Files.readAllLines(Path.of(file));
  }

  private static int exitCode(SerializableRunnable task) throws InterruptedException {
    try (JvmProcess child = JvmProcess.of(task)) {
      child.start();
      assertThat(child.join(Deadlines.LONG)).isTrue();
      return child.exitCode().orElseThrow();
    }
  }

  private static void waitForTheEnd() throws InterruptedException {
    new CountDownLatch(1).await();
  }

  @Test
  void childWhoseTaskReturns() throws Exception {
    String notes = file;
    assertThat(exitCode(() -> addHooks(notes))).isZero();
    assertThat(notes()).isEqualTo(IN_ORDER);
  }

  @Test
  void childWhoseTaskThrows() throws Exception {
    String notes = file;
    int code =
        exitCode(() -> {
          addHooks(notes);
          throw new IllegalStateException("what the test wants");
        });
    assertThat(code).isOne();
    assertThat(notes()).isEqualTo(IN_ORDER);
  }

  @Test
  void childThatExits() throws Exception {
    String notes = file;
    int code =
        exitCode(() -> {
          addHooks(notes);
          System.exit(3);
        });
    assertThat(code).isEqualTo(3);
    assertThat(notes()).isEqualTo(IN_ORDER);
  }

  @Test
  void childThatIsTerminated() throws Exception {
    String notes = file;
    try (JvmProcess child =
        JvmProcess.of(() -> {
          addHooks(notes);
          note(notes, "ready");
          waitForTheEnd();
        })) {
      child.start();
      await().atMost(Deadlines.LONG).until(() -> Files.exists(Path.of(file)));
      child.terminate();
      assertThat(child.join(Deadlines.LONG)).isTrue();
    }
    assertThat(notes().subList(1, notes().size())).isEqualTo(IN_ORDER);
  }

  @Test
  void firstProcessWhoseMainReturns() throws Exception {
    String notes = file;
    try (ChildJvm first = ChildJvm.body(() -> addHooks(notes)).start()) {
      first.succeed();
    }
    assertThat(notes()).isEqualTo(IN_ORDER);
  }

  @Test
  void firstProcessThatExits() throws Exception {
    String notes = file;
    try (ChildJvm first =
        ChildJvm.body(
                () -> {
                  addHooks(notes);
                  System.exit(4);
                })
            .start()) {
      assertThat(first.join()).isEqualTo(4);
    }
    assertThat(notes()).isEqualTo(IN_ORDER);
  }

  @Test
  void firstProcessThatIsTerminated() throws Exception {
    String notes = file;
    try (ChildJvm first =
        ChildJvm.body(
                () -> {
                  addHooks(notes);
                  System.out.println("ready");
                  waitForTheEnd();
                })
            .start()) {
      first.awaitLine("ready");
      first.terminate();
      first.join();
    }
    assertThat(notes()).isEqualTo(IN_ORDER);
  }

  @Test
  void daemonsAreEndedInTheirTurn() throws Exception {
    String notes = file;
    try (ChildJvm first =
        ChildJvm.body(
                () -> {
                  JvmProcess daemon = JvmProcess.of(ExitHookIT::waitForTheEnd);
                  daemon.setDaemon(true);
                  daemon.start();
                  ExitHook.add(1, () -> note(notes, "alive: " + daemon.isAlive()));
                  ExitHook.add(-1, () -> note(notes, "alive: " + daemon.isAlive()));
                })
            .start()) {
      first.succeed();
    }
    assertThat(notes()).containsExactly("alive: true", "alive: false");
  }

  @Test
  void hookThatHangsHoldsUpNothingThatMatters() throws Exception {
    String notes = file;
    try (ChildJvm first =
        ChildJvm.body(
                () -> {
                  JvmProcess daemon = JvmProcess.of(ExitHookIT::waitForTheEnd);
                  daemon.setDaemon(true);
                  daemon.start();
                  note(notes, Long.toString(daemon.pid()));
                  ExitHook.add(50, () -> note(notes, "skipped"));
                  ExitHook.add(ExitHook.USER, new Hanging());
                })
            .flags("-Dprocession.exit.millis=100")
            .start()) {
      first.join();
      assertThat(first.err())
          .containsPattern(
              "exit hook of io\\.procession\\.process\\.ExitHookIT\\$Hanging has not ended in time:"
                  + " it is at .+")
          .contains("there was no time left for exit hook of io.procession.process.ExitHookIT");
    }
    assertThat(notes()).hasSize(1);
    long daemon = Long.parseLong(notes().getFirst());
    assertThat(ProcessHandle.of(daemon).filter(ProcessHandle::isAlive)).isEmpty();
  }

  private static final class Hanging implements Runnable {
    @Override
    public void run() {
      boolean interrupted = false;
      while (!interrupted) {
        try {
          waitForTheEnd();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    }
  }
}
