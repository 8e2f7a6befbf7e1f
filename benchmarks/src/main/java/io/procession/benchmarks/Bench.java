package io.procession.benchmarks;

import io.procession.benchmarks.measure.Folders;
import io.procession.benchmarks.measure.Workload;
import io.procession.benchmarks.workloads.Catalog;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Runs Procession and its peers on the same workloads and prints a table of what they came to.
@Command(
    name = "bench",
    description = "Runs Procession and its peers on the same workloads.",
    footer = {
      "",
      "ratio is Procession's advantage over CPython: above 1 is better, for times too.",
      "Exit status: 0 done, 1 a cell failed, 2 a wrong command line.",
      "bench --micro [ARGUMENTS OF JMH] runs the micro-benchmarks instead."
    })
public final class Bench implements Callable<Integer> {
  private static final String MICRO = "--micro";
  private static final String SCRIPT = "peer.py";

  @Parameters(paramLabel = "NAME", arity = "0..*", description = "workloads to run (default: all)")
  private List<String> names = new ArrayList<>();

  @Option(
      names = "--seconds",
      paramLabel = "S",
      description = "how long each trial measures (default: ${DEFAULT-VALUE})",
      defaultValue = "1")
  private double seconds;

  @Option(
      names = "--repetitions",
      paramLabel = "N",
      description = "trials of each cell, of which the median counts (default: ${DEFAULT-VALUE})",
      defaultValue = "3")
  private int repetitions;

  @Option(names = "--json", paramLabel = "FILE", description = "write the results as JSON too")
  private @Nullable Path json;

  @Option(
      names = "--python",
      paramLabel = "EXE",
      description = "the CPython to compare with (default: the newest python3 on PATH)")
  private @Nullable Path python;

  @Option(
      names = "--scale",
      paramLabel = "NAME",
      completionCandidates = Scale.Labels.class,
      description =
          "measure how a figure grows instead, and write NAME.csv and NAME.svg to target/bench:"
              + " ${COMPLETION-CANDIDATES}")
  private @Nullable String scale;

  @Option(names = "--list", description = "list the workloads and end")
  private boolean list;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "show this help and end")
  @SuppressWarnings("UnusedVariable") // picocli looks for the annotation, nobody for the value
  private boolean help;

  @Spec private @Nullable CommandSpec spec;

  private Bench() {}

  public static void main(String[] arguments) throws Exception {
    if (arguments.length > 0 && arguments[0].equals(MICRO)) {
      Micro.run(List.of(arguments).subList(1, arguments.length));
      return;
    }
    System.exit(run(writer(System.out), writer(System.err), arguments));
  }

  private static PrintWriter writer(PrintStream stream) {
    return new PrintWriter(stream, true, stream.charset());
  }

  /// Runs the command and returns its exit status.
  static int run(PrintWriter out, PrintWriter err, String... arguments) {
    return new CommandLine(new Bench()).setOut(out).setErr(err).execute(arguments);
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    List<Workload> workloads = chosen();
    PrintWriter out = commandLine().getOut();
    if (list) {
      out.print(listing(workloads));
      out.flush();
      return CommandLine.ExitCode.OK;
    }
    checkOptions();
    Optional<Python> found = findPython();
    Scale scaled = chosenScale();
    List<Result> results = measure(scaled == null ? workloads : scaled.workloads(), found);
    if (scaled != null) {
      scaled.write(results, Path.of("target", "bench"));
    }
    out.println(Machine.description(found));
    out.println();
    out.print(Table.of(results));
    out.flush();
    if (json != null) {
      Files.writeString(json, Json.of(results));
    }
    boolean failed = results.stream().anyMatch(result -> !result.failures().isEmpty());
    return failed ? CommandLine.ExitCode.SOFTWARE : CommandLine.ExitCode.OK;
  }

  private @Nullable Scale chosenScale() {
    if (scale == null) {
      return null;
    }
    return Scale.find(scale)
        .orElseThrow(() -> new ParameterException(commandLine(), "unknown: --scale=" + scale));
  }

  private CommandLine commandLine() {
    return Objects.requireNonNull(spec).commandLine();
  }

  private List<Workload> chosen() {
    var chosen = new ArrayList<Workload>();
    var unknown = new ArrayList<String>();
    for (String name : names) {
      Catalog.find(name).ifPresentOrElse(chosen::add, () -> unknown.add(name));
    }
    if (!unknown.isEmpty()) {
      throw new ParameterException(
          commandLine(),
          "unknown workload: "
              + String.join(", ", unknown)
              + "\nthe workloads are:\n"
              + listing(Catalog.workloads()).stripTrailing());
    }
    return names.isEmpty() ? Catalog.workloads() : chosen;
  }

  private void checkOptions() {
    if (!(seconds > 0 && Double.isFinite(seconds))) {
      throw new ParameterException(commandLine(), "must be positive: --seconds=" + seconds);
    }
    if (repetitions < 1) {
      throw new ParameterException(commandLine(), "must be positive: --repetitions=" + repetitions);
    }
    if (json != null && !isInFolder(json)) {
      throw new ParameterException(
          commandLine(), "must be a file in a folder that exists: --json=" + json);
    }
  }

  private static boolean isInFolder(Path file) {
    Path folder = file.toAbsolutePath().getParent();
    return folder != null && Files.isDirectory(folder) && !Files.isDirectory(file);
  }

  private Optional<Python> findPython() {
    if (python == null) {
      return PythonSearch.newest(System.getenv().getOrDefault("PATH", ""));
    }
    Optional<Python> asked = Python.probe(python);
    if (asked.isEmpty()) {
      throw new ParameterException(
          commandLine(), "must be a CPython 3 that runs: --python=" + python);
    }
    return asked;
  }

  private List<Result> measure(List<Workload> workloads, Optional<Python> found)
      throws IOException, InterruptedException {
    Path folder = Folders.create();
    Path script = folder.resolve(SCRIPT);
    try {
      try (InputStream source = Bench.class.getResourceAsStream(SCRIPT)) {
        Files.copy(Objects.requireNonNull(source), script);
      }
      var runner = new Runner(folder, repetitions, seconds);
      Runtime.getRuntime().addShutdownHook(new Thread(runner::endTrial, "end-trial"));
      var results = new ArrayList<Result>();
      for (Workload workload : workloads) {
        commandLine()
            .getErr()
            .printf("[%d/%d] %s%n", results.size() + 1, workloads.size(), workload.name());
        results.add(runner.run(workload, Contestant.of(workload, found, script, seconds)));
      }
      return results;
    } finally {
      Folders.delete(folder);
    }
  }

  private static String listing(List<Workload> workloads) {
    var listing = new StringBuilder();
    for (Workload workload : workloads) {
      listing
          .append(String.format(Locale.ROOT, "  %-27s %-7s ", workload.name(), workload.unit()))
          .append(workload.measures())
          .append('\n');
    }
    return listing.toString();
  }
}
