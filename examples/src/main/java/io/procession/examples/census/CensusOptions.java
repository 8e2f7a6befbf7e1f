package io.procession.examples.census;

import io.procession.Procession;
import java.io.IOException;
import java.util.List;
import java.util.TreeSet;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/// What the command line asks for.
///
/// @param workers worker processes of the pass with all workers
/// @param modules modules to count, sorted, each once
/// @param chaos whether a worker is killed
record CensusOptions(int workers, List<String> modules, ChaosPlan chaos) {
  private static final int MOST_WORKERS = 512;
  private static final String WORKERS = "--workers";
  private static final String MODULE = "--module";
  private static final String NO_CHAOS = "--no-chaos";

  static CommandSpec commandSpec() {
    CommandSpec spec = CommandSpec.create().name("demo");
    spec.usageMessage()
        .description(
            "A census of the class files of the running JDK: worker processes parse and verify them,"
                + " one worker is killed half-way, and the result is compared with a count by a"
                + " single process.")
        .footer(
            "",
            "Exit status: 0 if nothing was lost and the counts are identical, 1 if not, 2 for bad"
                + " options.");
    return spec.addOption(
            OptionSpec.builder(WORKERS)
                .paramLabel("N")
                .type(int.class)
                .description("Worker processes (default: one for each usable processor).")
                .build())
        .addOption(
            OptionSpec.builder(MODULE)
                .paramLabel("NAME")
                .type(List.class)
                .auxiliaryTypes(String.class)
                .description("Count this module only; may be repeated (default: all modules).")
                .build())
        .addOption(
            OptionSpec.builder(NO_CHAOS).type(boolean.class).description("Kill no worker.").build())
        .addOption(
            OptionSpec.builder("-h", "--help")
                .usageHelp(true)
                .description("Print this help and exit.")
                .build());
  }

  /// @throws ParameterException if an option has a value that cannot be used
  static CensusOptions of(ParseResult parsed) throws IOException {
    CommandLine line = parsed.commandSpec().commandLine();
    int workers =
        parsed.matchedOptionValue(WORKERS, Math.min(Procession.usableCpuCount(), MOST_WORKERS));
    if (workers < 1 || workers > MOST_WORKERS) {
      throw new ParameterException(
          line, "must be from 1 to " + MOST_WORKERS + ": " + WORKERS + "=" + workers);
    }
    List<String> all = JdkImage.modules();
    List<String> wanted = parsed.matchedOptionValue(MODULE, all);
    for (String module : wanted) {
      if (!all.contains(module)) {
        throw new ParameterException(
            line,
            "no such module in this JDK: "
                + MODULE
                + "="
                + module
                + " (java --list-modules lists them)");
      }
    }
    boolean calm = parsed.matchedOptionValue(NO_CHAOS, false);
    return new CensusOptions(
        workers,
        List.copyOf(new TreeSet<>(wanted)),
        calm ? ChaosPlan.LEAVE_ALL_ALIVE : ChaosPlan.KILL_ONE_WORKER);
  }
}
