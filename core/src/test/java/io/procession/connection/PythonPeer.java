package io.procession.connection;

import static java.util.Objects.requireNonNull;

import io.procession.testing.Deadlines;
import io.procession.testing.Pythons.Python;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// A Python process that listens, and does what it is told.
final class PythonPeer implements AutoCloseable {
  private static final String SCRIPT = "peer.py";

  private final Process process;
  private final PrintStream orders;
  private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();
  private final List<String> said = new ArrayList<>();
  private final Thread ear;

  /// @param place where it listens
  PythonPeer(Python python, Path folder, String family, String key, String place)
      throws IOException {
    Path script = folder.resolve(SCRIPT);
    try (InputStream in = PythonPeer.class.getResourceAsStream(SCRIPT)) {
      Files.copy(requireNonNull(in), script, StandardCopyOption.REPLACE_EXISTING);
    }
    process =
        new ProcessBuilder(python.executable().toString(), script.toString(), family, key, place)
            .redirectErrorStream(true)
            .start();
    orders = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
    ear = Thread.ofVirtual().start(this::listen);
  }

  private void listen() {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      lines.lines().forEach(answers::add);
    } catch (IOException | UncheckedIOException e) {
      answers.add("the output is closed: " + e);
    }
  }

  /// Tells it to do something.
  void order(String line) {
    orders.println(line);
  }

  /// What it says next.
  String answer() throws InterruptedException {
    String line = answers.poll(Deadlines.LONG.toMillis(), TimeUnit.MILLISECONDS);
    if (line == null) {
      throw new AssertionError("Python says nothing more, after " + said);
    }
    said.add(line);
    return line;
  }

  @Override
  public void close() {
    orders.close();
    try {
      if (!process.waitFor(Deadlines.MEDIUM.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly().waitFor();
      }
      ear.join();
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
