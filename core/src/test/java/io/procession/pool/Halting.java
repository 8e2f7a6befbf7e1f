package io.procession.pool;

import static org.awaitility.Awaitility.await;

import io.procession.testing.Deadlines;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/// Stops processes by SIGSTOP.
final class Halting {
  private Halting() {}

  /// Returns when all threads of the process have stopped: on a busy machine some run on for a while.
  static void stop(long pid) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-STOP", Long.toString(pid)).start().waitFor();
    await().atMost(Deadlines.LONG).until(() -> isStopped(pid));
  }

  private static boolean isStopped(long pid) throws IOException {
    try (DirectoryStream<Path> tasks =
        Files.newDirectoryStream(Path.of("/proc/" + pid + "/task"))) {
      for (Path task : tasks) {
        String stat = Files.readString(task.resolve("stat"));
        if (stat.charAt(stat.lastIndexOf(')') + 2) != 'T') {
          return false;
        }
      }
    }
    return true;
  }
}
