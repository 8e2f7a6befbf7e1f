package io.procession.testing;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/// Processes that are stopped by SIGSTOP.
public final class Halting {
  private Halting() {}

  /// Returns when all threads of the process have stopped: on a busy machine some run on for a while.
  public static void stop(long pid) throws IOException, InterruptedException {
    int _ = signal("STOP", pid);
    awaitStopped(pid);
  }

  /// Waits until all threads of the process have stopped, by whomever.
  public static void awaitStopped(long pid) {
    await().atMost(Deadlines.LONG).until(() -> isStopped(pid));
  }

  /// Lets it go on.
  ///
  /// @return 0 if it was there
  public static int goOn(long pid) throws IOException, InterruptedException {
    return signal("CONT", pid);
  }

  /// Whether all its threads have stopped; false if it has ended.
  public static boolean isStopped(long pid) {
    try (DirectoryStream<Path> tasks =
        Files.newDirectoryStream(Path.of("/proc/" + pid + "/task"))) {
      for (Path task : tasks) {
        String stat = Files.readString(task.resolve("stat"));
        if (stat.charAt(stat.lastIndexOf(')') + 2) != 'T') {
          return false;
        }
      }
      return true;
    } catch (IOException | UncheckedIOException | DirectoryIteratorException e) {
      return false; // it is ending
    }
  }

  private static int signal(String name, long pid) throws IOException, InterruptedException {
    return new ProcessBuilder("kill", "-" + name, Long.toString(pid)).start().waitFor();
  }
}
