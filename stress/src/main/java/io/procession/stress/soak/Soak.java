package io.procession.stress.soak;

import io.procession.junit.ProcessStacks;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// Starts a soak in a session of its own and watches over it from outside.
@Command(
    name = "soak",
    description =
        "Processes do random operations on everything they share, and are killed meanwhile.",
    footer = {"", "Exit status: 0 every rule holds, 1 one is broken, 2 a wrong command line."})
public final class Soak implements Callable<Integer> {
  /// What ends before and after the work gets that long, before all is shown and killed.
  private static final int GRACE_SECONDS = 180;

  /// The archive of classes is made by a process that may be left when all else has ended.
  static final String NO_ARCHIVE = "-Dprocession.aot=off";

  @Option(
      names = "--seconds",
      paramLabel = "S",
      description = "how long they work (default: ${DEFAULT-VALUE})",
      defaultValue = "300")
  private int seconds;

  @Option(
      names = "--processes",
      paramLabel = "N",
      description = "how many work at a time (default: ${DEFAULT-VALUE})",
      defaultValue = "8")
  private int processes;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "where random choices begin (default: another one each time)")
  private @Nullable Long seed;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "print this help and exit")
  @SuppressWarnings("UnusedVariable") // picocli looks for the annotation, nobody for the value
  private boolean help;

  private Soak() {}

  /// Runs a soak.
  ///
  /// @param args see `--help`
  public static void main(String[] args) {
    System.exit(new CommandLine(new Soak()).execute(args));
  }

  @Override
  public Integer call() throws Exception {
    Long given = seed;
    long chosen = given != null ? given : new Random().nextInt(1_000_000);
    Process root = start(new SoakOptions(seconds, processes, chosen, 0));
    if (!root.waitFor(seconds + GRACE_SECONDS, TimeUnit.SECONDS)) {
      System.err.println("HANG: the soak does not end");
      System.err.println(ProcessStacks.ofTree(root.toHandle()));
      root.descendants().forEach(ProcessHandle::destroyForcibly);
      root.destroyForcibly();
      return 1;
    }
    List<String> left = Remains.of(root.pid());
    if (!left.isEmpty()) {
      System.err.println("BROKEN: the next session sweeps what is left: left=" + left);
      return 1;
    }
    return root.exitValue();
  }

  private static Process start(SoakOptions options) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED", NO_ARCHIVE));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(SoakRoot.class.getName());
    command.addAll(options.toArguments());
    return new ProcessBuilder(command).inheritIO().start();
  }
}
