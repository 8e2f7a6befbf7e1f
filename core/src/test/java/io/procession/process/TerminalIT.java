package io.procession.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.procession.Procession;
import io.procession.pool.ProcessPool;
import io.procession.queue.SharedQueue;
import io.procession.testing.ChildJvm;
import io.procession.testing.Deadlines;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Ctrl-C, typed at a terminal.
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class TerminalIT {
  private static final Path SCRIPT = Path.of("/usr/bin/script");
  private static final String CTRL_C = "\u0003";

  /// Runs its arguments in a terminal of their own; what comes to its input is typed there. SIGINT may be ignored
  /// where the tests run, which is inherited.
  private static final String IN_TERMINAL =
      "c=; for a; do c=\"$c '$a'\"; done;"
          + " SHELL=/bin/sh exec script -qec \"exec env --default-signal=INT $c\" /dev/null";

  /// A program with everything that could have something to say: workers in the midst of tasks, a tree
  /// of processes, a daemon, threads that wait.
  static final class Busy {
    static void main(String[] args) throws InterruptedException {
      SharedQueue<String> queue = Procession.queue();
      Procession.start(() -> {
        Procession.start(() -> ready(queue));
        ready(queue);
      });
      JvmProcess daemon = Procession.process(() -> ready(queue));
      daemon.setDaemon(true);
      daemon.start();
      ProcessPool pool = Procession.pool(2);
      Thread.ofVirtual().start(() -> pool.map(x -> ready(queue), List.of(1, 2)));
      for (int i = 0; i < 5; i++) {
        queue.take();
      }
      System.out.println("ready " + ProcessHandle.current().pid());
      queue.take();
    }

    static boolean ready(SharedQueue<String> queue) throws InterruptedException {
      queue.put("ready");
      Thread.sleep(3_600_000);
      return true;
    }
  }

  @ParameterizedTest(name = "with the shell {0} between processes")
  @ValueSource(strings = {"/bin/sh", ""})
  void interruptEndsAllWithNothingToRead(String shell) throws Exception {
    assumeThat(SCRIPT).as("a program that opens a terminal").isExecutable();
    try (ChildJvm program =
        ChildJvm.main(Busy.class)
            .flags("-D" + Shell.PROPERTY + "=" + shell)
            .through("/bin/sh", "-c", IN_TERMINAL, "sh")
            .start()) {
      long pid = Long.parseLong(program.awaitLine("ready ").strip());
      program.send(CTRL_C);
      assertThat(program.join()).isEqualTo(130);
      assertThat(program.err()).isEmpty();
      String after = program.out().substring(program.out().indexOf("ready "));
      assertThat(after.lines().skip(1).toList())
          .as("what is on the screen then")
          .containsExactly("^C");
      await().atMost(Deadlines.LONG).untilAsserted(() -> assertThat(Descendants.of(pid)).isEmpty());
      assertThat(Files.exists(Path.of("/proc", Long.toString(pid)))).isFalse();
    }
  }
}
