package io.procession.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.procession.internal.arena.FailPoint;
import io.procession.shared.SharedMemory;
import io.procession.testing.Body;
import io.procession.testing.ChildJvm;
import io.procession.testing.Deadlines;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A process is killed at each point where named memory is half made, half unlinked or half swept:
/// who creates memory next finds the names free, and nothing is left.
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class NamedMemoryCrashIT {
  private static final Path SHM = Path.of("/dev/shm");

  private final String name = "crash-" + ProcessHandle.current().pid() + "-" + System.nanoTime();
  private final List<Long> pids = new ArrayList<>();

  @ParameterizedTest
  @EnumSource(names = {"KEEPER_MADE", "NAME_LINKED", "NAME_UNLINKED"})
  void theNextSessionSetsItRight(FailPoint point) throws Exception {
    String mine = name;
    dieAt(point, () -> SharedMemory.create(mine, 100).unlink());
    createAgain();
  }

  @ParameterizedTest
  @EnumSource(names = "KEEPER_TAKEN")
  void aSweeperThatDiesIsSweptInTurn(FailPoint point) throws Exception {
    String mine = name;
    int code;
    do { // again if the sweeper of another program's session was faster
      dieAt(FailPoint.NAME_LINKED, () -> SharedMemory.create(mine, 100));
      code = leave(point, () -> SharedMemory.create(mine, 100).unlink());
    } while (code == 0);
    assertThat(code).as("killed at %s", point).isEqualTo(137);
    createAgain();
  }

  /// It is made while this JVM's own names are being taken away, or were.
  @Test
  void whatIsMadeWhileItsJvmEndsIsSwept() throws Exception {
    String mine = name;
    try (var ending =
        ChildJvm.body(() ->
                Runtime.getRuntime()
                    .addShutdownHook(
                        new Thread(() -> {
                          SharedMemory _ = SharedMemory.create(mine, 100);
                          System.out.println("made");
                        })))
            .start()) {
      pids.add(ending.pid());
      ending.succeed();
      assertThat(ending.out()).contains("made");
    }
    createAgain();
  }

  private void createAgain() throws IOException {
    assumeThat(SHM).isDirectory();
    String mine = name;
    try (var next =
        ChildJvm.body(
                () -> {
                  try (var memory = SharedMemory.create(mine, 100)) {
                    assertThat(memory.unlink()).isTrue();
                  }
                })
            .start()) {
      pids.add(next.pid());
      next.succeed();
    }
    // another program's sweeper may have taken something and not have got rid of it yet
    await().atMost(Deadlines.LONG).untilAsserted(() -> assertThat(left()).isEmpty());
  }

  /// The name, and keepers whose maker or session is one of this test's: other programs have theirs.
  private List<String> left() throws IOException {
    String ours = pids.stream().map(String::valueOf).collect(Collectors.joining("|"));
    Pattern pattern = Pattern.compile(Pattern.quote(name) + "|procession-shm-.*-(" + ours + ")-.*");
    List<String> left = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(SHM)) {
      for (Path file : files) {
        if (pattern.matcher(file.getFileName().toString()).matches()) {
          left.add(file.toString());
        }
      }
    }
    return left;
  }

  private void dieAt(FailPoint point, Body body) {
    assertThat(leave(point, body)).as("killed at %s", point).isEqualTo(137);
  }

  /// Runs a program that may die there; returns its exit code.
  private int leave(FailPoint point, Body body) {
    try (var doomed = ChildJvm.body(body).flags("-Dprocession.crash=" + point).start()) {
      pids.add(doomed.pid());
      return doomed.join();
    }
  }
}
