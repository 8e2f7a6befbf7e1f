package io.procession.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.procession.Procession;
import io.procession.pool.ProcessPool;
import io.procession.queue.SharedQueue;
import io.procession.sync.SharedEvent;
import io.procession.testing.ChildJvm;
import io.procession.testing.Deadlines;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A shell is between parent and child, or none, and nobody sees which.
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class ShellIT {
  private static final String NONE = "-D" + Shell.PROPERTY + "=";
  private static final long SIGINT_BIT = 1L << 1;

  /// Of each, one that shells drop, one that they set, and one that is like any other.
  private static final Map<String, String> AWKWARD =
      Map.of("spring.profiles.active", "a b", "IFS", ":", "1-x", "", "PLAIN", "ü");

  @ParameterizedTest(name = "and the options have it: {0}")
  @ValueSource(booleans = {false, true})
  void environmentArrivesWhole(boolean byOptions) {
    ChildJvm.Builder program =
        ChildJvm.body(() -> {
          LaunchOptions options = LaunchOptions.defaults();
          if (Boolean.getBoolean("options")) {
            for (Map.Entry<String, String> variable : AWKWARD.entrySet()) {
              options = options.withEnvironment(variable.getKey(), variable.getValue());
            }
          }
          SharedQueue<Map<String, String>> seen = Procession.queue();
          JvmProcess.of(options, () -> seen.put(environment())).start();
          System.out.println("has " + seen.take());
          JvmProcess child = JvmProcess.of(options, () -> grandchild(seen));
          child.start();
          System.out.println("grandchild has " + seen.take());
          child.join();
        });
    program.flags("-Doptions=" + byOptions);
    if (!byOptions) {
      AWKWARD.forEach(program::environment);
    }
    try (ChildJvm running = program.start()) {
      assertThat(running.awaitLine("has ")).isEqualTo(new TreeMap<>(AWKWARD).toString());
      assertThat(running.awaitLine("grandchild has ")).isEqualTo(new TreeMap<>(AWKWARD).toString());
      assertThat(running.join()).isZero();
      assertThat(running.err()).isEmpty();
    }
  }

  private static void grandchild(SharedQueue<Map<String, String>> seen)
      throws InterruptedException {
    Procession.start(() -> seen.put(environment())).join();
  }

  private static Map<String, String> environment() {
    Map<String, String> environment = new TreeMap<>(System.getenv());
    environment.keySet().retainAll(AWKWARD.keySet());
    return environment;
  }

  @Test
  void functionsOfBashAndUsualNamesNeedNoOtherStart() {
    assumeThat(Shell.isThere()).as("there is a shell").isTrue();
    assertThat(Shell.isBetween(Map.of("PATH", "", "_", "", "BASH_FUNC_which%%", "").keySet()))
        .isTrue();
    assertThat(Shell.isBetween(Map.of("PATH", "", "a.b", "").keySet())).isFalse();
  }

  @Test
  void withoutAShellAChildIsAskedAndEndsAsEver() throws Exception {
    assumeThat(Path.of("/proc/self")).as("the kernel shows its processes").exists();
    try (ChildJvm program =
        ChildJvm.body(
                () -> {
                  SharedQueue<Object> out = Procession.queue();
                  SharedEvent never = Procession.event();
                  JvmProcess child = Procession.start(() -> serve(out, never));
                  System.out.println("in " + out.take());
                  System.out.println("cat " + out.take());
                  System.out.println("ignores " + out.take());
                  child.stop(); // which goes by a pipe of ours
                  child.join();
                  System.out.println("stopped " + child.exitCode().getAsInt());
                  System.out.println("tasks " + squares());
                  Procession.start(never::await);
                  System.out.println("waits");
                  System.in.read();
                })
            .flags(NONE)
            .start()) {
      assertThat(program.awaitLine("in ")).isEqualTo("/dev/null");
      assertThat(program.awaitLine("cat ")).as("exit code of who cannot read").isEqualTo("1");
      assertThat(program.awaitLine("ignores ")).as("Ctrl-C").isEqualTo("true");
      assertThat(program.awaitLine("stopped ")).isEqualTo("-15");
      assertThat(program.awaitLine("tasks ")).isEqualTo("[1, 4, 9]");
      program.awaitLine("waits");
      program.kill();
      await()
          .atMost(Deadlines.LONG)
          .untilAsserted(() -> assertThat(Descendants.of(program.pid())).isEmpty());
    }
  }

  private static void serve(SharedQueue<Object> out, SharedEvent never) throws Exception {
    out.put(Files.readSymbolicLink(Path.of("/proc/self/fd/0")).toString());
    Process reader = new ProcessBuilder("cat").inheritIO().start();
    boolean hasEnded = reader.waitFor(Deadlines.LONG.toSeconds(), TimeUnit.SECONDS);
    out.put(hasEnded ? reader.exitValue() : "reads on");
    out.put((ignored() & SIGINT_BIT) != 0);
    never.await();
  }

  private static long ignored() throws Exception {
    for (String line :
        Files.readAllLines(Path.of("/proc/self/status"), StandardCharsets.US_ASCII)) {
      if (line.startsWith("SigIgn:")) {
        return Long.parseUnsignedLong(line.substring("SigIgn:".length()).strip(), 16);
      }
    }
    throw new AssertionError("the kernel does not say what is ignored");
  }

  private static List<Integer> squares() {
    try (ProcessPool pool = Procession.pool(2)) {
      return pool.map(x -> x * x, List.of(1, 2, 3));
    }
  }
}
