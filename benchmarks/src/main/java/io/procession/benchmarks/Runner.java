package io.procession.benchmarks;

import io.procession.benchmarks.measure.Workload;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Runs the contestants of a row in turn, several times over, each time in a process of its own.
///
/// The turns keep a change of the machine's mood from falling on one contestant alone.
final class Runner {
  private static final long PATIENCE_SECONDS = 60;
  private static final long PATIENCE_FACTOR = 20;

  private final Path folder;
  private final int repetitions;
  private final long limitSeconds;
  private volatile @Nullable Process running;

  /// `folder` takes the output of the trials; a trial that takes far longer than `seconds` is ended.
  Runner(Path folder, int repetitions, double seconds) {
    this.folder = folder;
    this.repetitions = repetitions;
    this.limitSeconds = PATIENCE_SECONDS + (long) (PATIENCE_FACTOR * seconds);
  }

  /// The failure of one trial.
  private static final class TrialFailure extends Exception {
    private static final long serialVersionUID = 1;

    TrialFailure(String reason) {
      super(reason);
    }
  }

  /// Measures a row; a contestant that failed once is not asked again.
  Result run(Workload workload, List<Contestant> contestants) throws InterruptedException {
    Map<Contestant, List<Double>> figures = new LinkedHashMap<>();
    Map<Contestant, String> failures = new LinkedHashMap<>();
    for (int i = 0; i < repetitions; i++) {
      for (Contestant contestant : contestants) {
        if (!failures.containsKey(contestant)) {
          try {
            double figure = trial(contestant);
            figures.computeIfAbsent(contestant, _ -> new ArrayList<>()).add(figure);
          } catch (TrialFailure e) {
            failures.put(contestant, String.valueOf(e.getMessage()));
          }
        }
      }
    }
    var cells = new LinkedHashMap<String, Cell>();
    for (Contestant contestant : contestants) {
      @Nullable String failure = failures.get(contestant);
      cells.put(
          contestant.column(),
          failure == null
              ? Cell.median(figures.getOrDefault(contestant, List.of()))
              : new Cell.Failed(failure));
    }
    return new Result(workload, cells);
  }

  private double trial(Contestant contestant) throws TrialFailure, InterruptedException {
    try {
      Path output = folder.resolve("output");
      Path errors = folder.resolve("errors");
      Process process =
          new ProcessBuilder(contestant.command())
              .redirectOutput(output.toFile())
              .redirectError(errors.toFile())
              .start();
      process.getOutputStream().close();
      await(process);
      if (process.exitValue() != 0) {
        throw new TrialFailure("exit code " + process.exitValue() + ": " + reason(errors));
      }
      return figure(lastLine(output));
    } catch (IOException e) {
      throw new TrialFailure(e.toString());
    }
  }

  private void await(Process process) throws TrialFailure, InterruptedException {
    running = process;
    try {
      if (!process.waitFor(limitSeconds, TimeUnit.SECONDS)) {
        endTrial();
        throw new TrialFailure("not done after " + limitSeconds + " s");
      }
    } finally {
      running = null;
    }
  }

  /// Kills the trial that is under way, and what it started.
  void endTrial() {
    Process process = running;
    if (process != null) {
      List<ProcessHandle> descendants = process.descendants().toList();
      process.destroyForcibly();
      descendants.forEach(ProcessHandle::destroyForcibly);
    }
  }

  private static double figure(String line) throws TrialFailure {
    try {
      double figure = Double.parseDouble(line);
      if (Double.isFinite(figure) && figure > 0) {
        return figure;
      }
    } catch (NumberFormatException e) {
      throw new TrialFailure("no figure in its output: " + line);
    }
    throw new TrialFailure("must be a positive figure: " + line);
  }

  /// The line that names the exception: the first of a Java stack trace, the last of a Python one.
  private static String reason(Path errors) throws IOException {
    for (String line : lines(errors)) {
      if (line.startsWith("Exception in thread")) {
        return line.substring(line.indexOf('"', line.indexOf('"') + 1) + 1).strip();
      }
    }
    return lastLine(errors);
  }

  private static String lastLine(Path file) throws IOException {
    List<String> lines = lines(file);
    return lines.isEmpty() ? "no output" : lines.getLast();
  }

  private static List<String> lines(Path file) throws IOException {
    String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    return text.lines().filter(line -> !line.isBlank()).toList();
  }
}
