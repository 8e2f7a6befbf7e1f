package io.procession.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.procession.internal.arena.Session;
import io.procession.internal.posix.Posix;
import io.procession.process.JvmProcess;
import io.procession.queue.SharedQueue;
import io.procession.sync.SharedLock;
import io.procession.testing.ChildJvm;
import io.procession.testing.Deadlines;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Small sessions of other kinds: with the arena in a file, without native calls, and of a JVM whose
/// memory is barred to others.
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class PlatformsIT {
  private static final List<String> AS_NOBODY =
      List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups");

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-Dprocession.platform=native",
        "-Dprocession.arena.file=true",
        "-Dprocession.platform=portable"
      })
  void smallSessionWorksAndLeavesNothing(String flag) throws Exception {
    ChildJvm.body(PlatformsIT::session).flags(flag, temporary()).start().succeed();
    assertThat(left()).isEmpty();
  }

  /// 64 GiB are asked for, and as much as there is room for is taken, by all of the session alike.
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void limitedAddressSpaceIsShared(boolean inFile) throws Exception {
    ChildJvm.body(
            () -> {
              require(Session.current().memory().byteSize() < 1L << 34, "less than asked for");
              session();
            })
        .flags("-Xmx128m", "-Dprocession.arena.file=" + inFile, temporary())
        .through("sh", "-c", "ulimit -v 16000000; exec \"$0\" \"$@\"")
        .start()
        .succeed();
    assertThat(left()).isEmpty();
  }

  @Test
  void whatAKilledSessionLeftInFilesIsSweptByTheNext() throws Exception {
    try (ChildJvm killed =
        ChildJvm.body(
                () -> {
                  JvmProcess.of(() -> Thread.sleep(Deadlines.LONG)).start();
                  System.out.println("arena: " + Session.current().arenaPath());
                  Thread.sleep(Deadlines.LONG);
                })
            .flags("-Dprocession.arena.file=true", temporary())
            .start()) {
      String arena = killed.awaitLine("arena: ");
      assertThat(arena).startsWith(folder.toString());
    }
    assertThat(left()).as("killed with its session's file").hasSize(1);
    ChildJvm.body(PlatformsIT::session)
        .flags("-Dprocession.arena.file=true", temporary())
        .start()
        .succeed();
    assertThat(left()).isEmpty();
  }

  /// In another container our pids mean other processes, or nobody.
  @Test
  void sessionOfAnotherPidNamespaceIsNotSwept() throws Exception {
    List<String> elsewhere = List.of("unshare", "-rpfm", "--kill-child", "--mount-proc");
    assumeThat(succeeds(elsewhere, "true")).as("needs unshare and user namespaces").isTrue();
    try (ChildJvm alive =
        ChildJvm.body(
                () -> {
                  System.out.println("arena: " + Session.current().arenaPath());
                  System.in.read();
                  session();
                })
            .flags("-Dprocession.arena.file=true", temporary())
            .through(elsewhere.toArray(String[]::new))
            .start()) {
      String arena = alive.awaitLine("arena: ");
      ChildJvm.body(PlatformsIT::session)
          .flags("-Dprocession.arena.file=true", temporary())
          .start()
          .succeed();
      assertThat(Path.of(arena)).exists();
      alive.send("");
      alive.succeed();
    }
    assertThat(left()).isEmpty();
  }

  @Test
  void barredJvmTakesTheFileWay() throws Exception {
    assumeThat(canBecomeNobody()).as("needs root, setpriv, and classes all can read").isTrue();
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
    ChildJvm.body(
            () -> {
              Posix.setDumpable(false);
              require(Session.current().arenaPath().endsWith("/arena"), "the file");
              session();
            })
        .flags(temporary())
        .through(AS_NOBODY.toArray(String[]::new))
        .folder(folder)
        .start()
        .succeed();
    assertThat(left()).isEmpty();
  }

  private static boolean canBecomeNobody() throws Exception {
    URI classes = Session.class.getProtectionDomain().getCodeSource().getLocation().toURI();
    return succeeds(AS_NOBODY, "test", "-r", Path.of(classes).toString());
  }

  private static boolean succeeds(List<String> launcher, String... words) throws Exception {
    List<String> command = new ArrayList<>(launcher);
    command.addAll(List.of(words));
    try {
      return new ProcessBuilder(command).start().waitFor() == 0;
    } catch (IOException e) {
      return false; // no such command here
    }
  }

  /// A child, a lock and a queue.
  private static void session() throws InterruptedException {
    try (SharedLock lock = SharedLock.create();
        SharedQueue<Integer> numbers = SharedQueue.create()) {
      JvmProcess child =
          JvmProcess.of(() -> {
            for (int i = 0; i < 1_000; i++) {
              lock.lock();
              try {
                numbers.put(i);
              } finally {
                lock.unlock();
              }
            }
          });
      child.start();
      for (int i = 0; i < 1_000; i++) {
        Integer number = numbers.poll(Deadlines.LONG.toMillis(), TimeUnit.MILLISECONDS);
        require(number != null && number == i, "number " + i);
        require(lock.tryLock(Deadlines.LONG.toMillis(), TimeUnit.MILLISECONDS), "the lock");
        lock.unlock();
      }
      child.close();
      require(child.exitCode().orElseThrow() == 0, "the child's success");
      lock.destroy();
      numbers.destroy();
    }
  }

  /// Checks without a library: an ordinary user may not be able to read those of the tests.
  private static void require(boolean holds, String what) {
    if (!holds) {
      throw new AssertionError("missing: " + what);
    }
  }

  private String temporary() {
    return "-Djava.io.tmpdir=" + folder;
  }

  private List<Path> left() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.getFileName().toString().startsWith("procession")).toList();
    }
  }
}
