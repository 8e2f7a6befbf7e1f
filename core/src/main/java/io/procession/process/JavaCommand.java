package io.procession.process;

import io.procession.internal.posix.Interruption;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// The `java` that children are started with: this JVM's own, or one that was chosen.
///
/// @param path the command
/// @param home the folder of its JDK
/// @param vmVersion the version of its JVM
record JavaCommand(String path, String home, String vmVersion) {
  private static final int LEAST_FEATURE = 25;
  private static final long ANSWER_SECONDS = 30;
  private static final int MOST_LINES = 10_000;

  private static volatile @Nullable JavaCommand chosen;

  private static final class Own {
    static final JavaCommand COMMAND =
        new JavaCommand(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            System.getProperty("java.home"),
            System.getProperty("java.vm.version"));
  }

  /// The one that is used.
  ///
  /// @throws IllegalStateException if this Java has no such command, and none was chosen
  static JavaCommand current() {
    JavaCommand known = chosen;
    if (known != null) {
      return known;
    }
    if (!isThere()) {
      throw new IllegalStateException(
          "this Java has no java command to start processes with: java.home="
              + Own.COMMAND.home
              + LaunchCommand.FREEZE
              + ", or name a java command with setExecutable");
    }
    return Own.COMMAND;
  }

  /// True if there is one.
  static boolean isThere() {
    return chosen != null || Files.isExecutable(Path.of(Own.COMMAND.path));
  }

  /// Chooses what children are started with from now on.
  ///
  /// @param java a `java` command, or the folder of a JDK; null for this JVM's own
  /// @throws IllegalArgumentException if it is no Java, or one that is too old
  /// @throws java.util.concurrent.CancellationException if the thread is interrupted meanwhile; it stays so
  static void choose(@Nullable Path java) {
    chosen = java == null ? null : asked(java);
  }

  private static JavaCommand asked(Path java) {
    Path command = Files.isDirectory(java) ? java.resolve("bin").resolve("java") : java;
    if (Files.isDirectory(command) || !Files.isExecutable(command)) {
      throw new IllegalArgumentException(
          "the executable must be a java command or the folder of a JDK: executable="
              + java
              + "; give its bin/java, or the folder above bin");
    }
    String path = command.toAbsolutePath().toString();
    Map<String, String> properties = properties(path);
    String feature = properties.getOrDefault("java.vm.specification.version", "");
    String home = properties.getOrDefault("java.home", "");
    if (!feature.matches("[0-9]+(\\.[0-9]+)?") || home.isEmpty()) {
      throw new IllegalArgumentException(
          "the executable is no java command: executable=" + java + "; it does not tell a version");
    }
    if (feature.contains(".") || Integer.parseInt(feature) < LEAST_FEATURE) {
      throw new IllegalArgumentException(
          "processes need Java "
              + LEAST_FEATURE
              + " or newer: executable="
              + java
              + ", version="
              + properties.get("java.version")
              + "; give a newer one");
    }
    return new JavaCommand(path, home, properties.getOrDefault("java.vm.version", ""));
  }

  /// What `-XshowSettings` prints, one property a line.
  private static Map<String, String> properties(String path) {
    Process process;
    try {
      process =
          new ProcessBuilder(List.of(path, "-XshowSettings:properties", "-version"))
              .redirectErrorStream(true)
              .start();
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "the executable cannot be run: executable="
              + path
              + "; look whether this user may, and whether it is for this system",
          e);
    }
    try {
      // on a thread of its own: a read that waits hears of no limit and no interrupt
      FutureTask<Map<String, String>> answer = new FutureTask<>(() -> read(process));
      Thread.ofPlatform().daemon().name("procession-java-answer").start(answer);
      return answer.get(ANSWER_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalArgumentException(
          "the executable is no java command: executable=" + path + "; it does not answer", e);
    } catch (InterruptedException e) {
      throw Interruption.cancelled(
          "interrupted while the executable was asked for its version: executable=" + path, e);
    } finally {
      process.destroyForcibly();
    }
  }

  private static Map<String, String> read(Process process) throws IOException {
    Map<String, String> properties = new HashMap<>();
    process.getOutputStream().close();
    try (BufferedReader lines = process.inputReader()) {
      String line = lines.readLine();
      for (int i = 0; i < MOST_LINES && line != null; i++) {
        int equals = line.indexOf(" = ");
        if (equals > 0) {
          properties.put(line.substring(0, equals).strip(), line.substring(equals + 3).strip());
        }
        line = lines.readLine();
      }
    }
    return properties;
  }
}
