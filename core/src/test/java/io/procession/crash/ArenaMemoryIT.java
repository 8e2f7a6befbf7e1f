package io.procession.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.procession.internal.arena.Directory;
import io.procession.internal.arena.Session;
import io.procession.process.JvmProcess;
import io.procession.queue.SharedQueue;
import io.procession.shared.SharedMemory;
import io.procession.testing.ChildJvm;
import io.procession.testing.Deadlines;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What the arena's memory is taken from, and that it goes with the last process, however that ends.
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class ArenaMemoryIT {
  private static final int MEGABYTE = 1 << 20;
  private static final int MESSAGES = 100;

  private static final List<String> WITH_SMALL_SHM =
      List.of("unshare", "-rm", "sh", "-c", "mount -t tmpfs -o size=64m tmpfs /dev/shm && \"$@\"");

  @Test
  void memoryGoesWhenAllAreKilled() throws Exception {
    String inode;
    try (ChildJvm root = ChildJvm.body(ArenaMemoryIT::startBoth).start()) {
      String arena = root.awaitLine("arena: ");
      assumeTrue(arena.startsWith("/proc/"), "the arena is a file: " + arena);
      root.awaitLine("child runs");
      inode = Files.getAttribute(Path.of(arena), "unix:ino").toString();
      assertThat(mappedBy(inode)).hasSize(2).contains(Long.toString(root.pid()));
    }
    await().atMost(Deadlines.LONG).untilAsserted(() -> assertThat(mappedBy(inode)).isEmpty());
  }

  @Test
  void sessionNeedsNoRoomInDevShm() throws Exception {
    List<String> tried = new ArrayList<>(WITH_SMALL_SHM);
    tried.addAll(List.of("sh", "true"));
    assumeTrue(Files.isDirectory(Path.of("/dev/shm")), "no /dev/shm here");
    assumeTrue(whyNot(tried).isEmpty(), () -> "no small /dev/shm can be had: " + whyNot(tried));
    List<String> launcher = new ArrayList<>(WITH_SMALL_SHM);
    launcher.add("sh");
    ChildJvm.body(ArenaMemoryIT::useMoreThanShmHas)
        .through(launcher.toArray(String[]::new))
        .start()
        .succeed();
  }

  @Test
  void whatFindsNoRoomDoesNotLeave() throws Exception {
    ChildJvm.body(ArenaMemoryIT::sendWhereAllIsFull)
        .flags("-Dprocession.arena.capacity=" + 512L * MEGABYTE)
        .start()
        .succeed();
  }

  private static void sendWhereAllIsFull() {
    Directory directory = Session.current().directory();
    try (SharedQueue<Object[]> queue = SharedQueue.create()) {
      int before = directory.inUse();
      SharedMemory memory = SharedMemory.create(100);
      List<SharedMemory> rest = fill();
      assertThatIllegalStateException()
          .isThrownBy(() -> queue.put(new Object[] {memory, new byte[MEGABYTE]}))
          .withMessageContaining("memory");
      rest.forEach(SharedMemory::close);
      memory.close();
      assertThat(directory.inUse()).as("nobody has what was not sent").isEqualTo(before);
      queue.destroy();
    }
  }

  private static List<SharedMemory> fill() {
    List<SharedMemory> all = new ArrayList<>();
    for (long size = 128L * MEGABYTE; size >= 1024; size /= 2) {
      try {
        while (true) {
          all.add(SharedMemory.create(size));
        }
      } catch (IllegalStateException e) {
        // no more of that size
      }
    }
    return all;
  }

  private static void startBoth() throws Exception {
    JvmProcess.of(
            () -> {
              Session.current();
              System.out.println("child runs");
              Thread.sleep(Deadlines.LONG);
            })
        .start();
    System.out.println("arena: " + Session.current().arenaPath());
    Thread.sleep(Deadlines.LONG);
  }

  private static void useMoreThanShmHas() throws Exception {
    Path shm = Path.of("/dev/shm");
    assertThat(Files.getFileStore(shm).getTotalSpace()).isEqualTo(64L * MEGABYTE);
    try (SharedQueue<byte[]> queue = SharedQueue.create()) {
      for (int i = 0; i < MESSAGES; i++) {
        byte[] message = new byte[MEGABYTE];
        message[MEGABYTE - 1] = (byte) i;
        queue.put(message);
      }
      JvmProcess reader =
          JvmProcess.of(() -> {
            for (int i = 0; i < MESSAGES; i++) {
              assertThat(queue.take()[MEGABYTE - 1]).isEqualTo((byte) i);
            }
          });
      reader.start();
      reader.join();
      assertThat(reader.exitCode()).hasValue(0);
      reader.close();
      queue.destroy();
    }
    try (DirectoryStream<Path> files = Files.newDirectoryStream(shm)) {
      assertThat(files).isEmpty();
    }
  }

  /// What the command says if it fails.
  private static String whyNot(List<String> command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String said =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      int code = process.waitFor();
      return code == 0 ? "" : said + " (exit code " + code + ")";
    } catch (IOException | InterruptedException e) {
      return e.toString();
    }
  }

  /// The processes that map our anonymous memory with this inode number.
  private static Set<String> mappedBy(String inode) throws IOException {
    var pids = new TreeSet<String>();
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
      for (Path process : processes) {
        if (maps(process).stream()
            .anyMatch(line ->
                line.endsWith("/memfd:procession (deleted)") && line.contains(" " + inode + " "))) {
          pids.add(process.getFileName().toString());
        }
      }
    }
    return pids;
  }

  private static List<String> maps(Path process) {
    try {
      return Files.readAllLines(process.resolve("maps"), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return List.of(); // it has ended, or is another user's
    }
  }
}
