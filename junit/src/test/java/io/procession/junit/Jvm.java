package io.procession.junit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// JVMs with the tests' class path.
final class Jvm {
  private static final int MOST_SECONDS = 30;

  /// What a JVM has left: its exit code and what it wrote to standard error.
  record Ended(int code, String err) {}

  private Jvm() {}

  static Process start(Class<?> main, String... flags) throws IOException {
    return new ProcessBuilder(command(main, flags)).start();
  }

  /// Starts one and waits for its end.
  static Ended run(Class<?> main, String... flags) throws IOException, InterruptedException {
    Path err = Files.createTempFile("err-of-a-jvm-", ".txt");
    Process process = new ProcessBuilder(command(main, flags)).redirectError(err.toFile()).start();
    try {
      if (!process.waitFor(MOST_SECONDS, TimeUnit.SECONDS)) {
        throw new AssertionError("has not ended:\n" + ProcessStacks.ofTree(process.toHandle()));
      }
      return new Ended(process.exitValue(), Files.readString(err));
    } finally {
      process.destroyForcibly().waitFor();
      Files.delete(err);
    }
  }

  private static List<String> command(Class<?> main, String... flags) {
    var command =
        new ArrayList<>(
            List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
    command.addAll(List.of(flags));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    return command;
  }
}
