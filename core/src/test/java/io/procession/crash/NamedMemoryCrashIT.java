package io.procession.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.procession.internal.arena.CrashPoint;
import io.procession.shared.SharedMemory;
import io.procession.testing.Body;
import io.procession.testing.ChildJvm;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A process is killed at each point where named memory is half made, half unlinked or half swept:
/// who creates memory next finds the names free, and nothing is left.
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class NamedMemoryCrashIT {
  private static final Path SHM = Path.of("/dev/shm");

  private final String name = "crash-" + ProcessHandle.current().pid() + "-" + System.nanoTime();

  @ParameterizedTest
  @EnumSource(names = {"KEEPER_MADE", "NAME_LINKED", "NAME_UNLINKED"})
  void theNextSessionSetsItRight(CrashPoint point) throws Exception {
    String mine = name;
    dieAt(point, () -> SharedMemory.create(mine, 100).unlink());
    createAgain();
  }

  @ParameterizedTest
  @EnumSource(names = "KEEPER_TAKEN")
  void aSweeperThatDiesIsSweptInTurn(CrashPoint point) throws Exception {
    String mine = name;
    dieAt(CrashPoint.NAME_LINKED, () -> SharedMemory.create(mine, 100));
    dieAt(point, () -> SharedMemory.create(mine, 100));
    createAgain();
  }

  private void createAgain() throws IOException {
    assumeThat(SHM).isDirectory();
    String mine = name;
    ChildJvm.body(
            () -> {
              try (var memory = SharedMemory.create(mine, 100)) {
                assertThat(memory.unlink()).isTrue();
              }
            })
        .start()
        .succeed();
    try (DirectoryStream<Path> left =
        Files.newDirectoryStream(
            SHM, path -> path.getFileName().toString().matches(name + "|procession-shm-.*"))) {
      assertThat(left).isEmpty();
    }
  }

  private static void dieAt(CrashPoint point, Body body) {
    try (var doomed = ChildJvm.body(body).flags("-Dprocession.crash=" + point).start()) {
      assertThat(doomed.join()).as("killed at %s", point).isEqualTo(137);
    }
  }
}
