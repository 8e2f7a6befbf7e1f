package io.procession.examples.network;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A main class in a JVM of its own, which serves until it is ended.
final class Served implements AutoCloseable {
  private final Process process;
  private final BufferedReader output;

  private Served(Process process) {
    this.process = process;
    this.output = process.inputReader(StandardCharsets.UTF_8);
  }

  static Served start(Map<String, String> environment, String main, String... args)
      throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-Dprocession.handshake.millis=60000", // all is cold
                "-cp",
                System.getProperty("java.class.path"),
                "io.procession.examples.network." + main));
    command.addAll(List.of(args));
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().putAll(environment);
    return new Served(builder.start());
  }

  @Nullable String line() throws IOException {
    return output.readLine();
  }

  /// Sends SIGTERM.
  void terminate() {
    process.toHandle().destroy(); // leaves its output open
  }

  int status() throws InterruptedException {
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      throw new AssertionError("still running: " + process);
    }
    return process.exitValue();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
