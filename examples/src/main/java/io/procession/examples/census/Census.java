package io.procession.examples.census;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/// Counts and verifies every class file of the running JDK three times: with worker processes, with as
/// many of which one is killed, which tells what a death costs, and in this process alone, to compare. If
/// none is to be killed, the first pass has one worker only, which tells what others are good for. The passes
/// come one after the other, so that none takes time from another.
public final class Census {
  private static final int MOST_NAMED = 3;

  private final Screen screen;

  private Census(Screen screen) {
    this.screen = screen;
  }

  public static void main(String[] args) {
    System.exit(run(Screen.standard(), System.out, System.err, args));
  }

  /// Returns the exit status: 0, 1 if something was lost or differs, 2 for bad options.
  static int run(Screen screen, PrintStream out, PrintStream err, String... args) {
    CommandLine line = new CommandLine(CensusOptions.commandSpec());
    line.setOut(new PrintWriter(out, true, out.charset()));
    line.setErr(new PrintWriter(err, true, err.charset()));
    line.setParameterExceptionHandler(Census::refuse);
    line.setExecutionStrategy(parsed -> execute(parsed, screen));
    return line.execute(args);
  }

  private static int refuse(ParameterException e, String[] args) {
    CommandLine line = e.getCommandLine();
    line.getErr().println(e.getMessage());
    line.getErr().print("Usage: " + line.getHelp().synopsis("Usage: ".length()));
    line.getErr().flush();
    return ExitCode.USAGE;
  }

  private static int execute(ParseResult parsed, Screen screen) {
    Integer helped = CommandLine.executeHelpRequest(parsed);
    if (helped != null) {
      return helped;
    }
    try {
      return new Census(screen).count(CensusOptions.of(parsed));
    } catch (ParameterException e) {
      throw e;
    } catch (Exception e) {
      throw new CommandLine.ExecutionException(
          parsed.commandSpec().commandLine(), "the census failed: " + e, e);
    }
  }

  private int count(CensusOptions options) throws Exception {
    List<Batch> batches = Batch.split(JdkImage.classFiles(options.modules()), options.workers());
    List<String> modules = options.modules();
    screen.say(
        "The "
            + Batch.classesOf(batches)
            + " class files of "
            + (modules.size() > MOST_NAMED
                ? modules.size() + " modules"
                : String.join(" and ", modules))
            + " of JDK "
            + Runtime.version()
            + ", in "
            + batches.size()
            + " batches");
    PoolPass pool = new PoolPass(batches, screen);

    boolean kills = options.chaos() == ChaosPlan.KILL_ONE_WORKER;
    int fewer = kills ? options.workers() : 1;
    screen.say("1/3 " + PoolPass.name(fewer));
    Pass first = told(pool.run(fewer, ChaosPlan.LEAVE_ALL_ALIVE));
    screen.say("2/3 " + PoolPass.name(options.workers()) + (kills ? ", one SIGKILL half-way" : ""));
    Pass second = told(pool.run(options.workers(), options.chaos()));
    screen.say("3/3 this process alone, on one thread, to compare");
    Pass alone = told(Pass.alone(batches, screen));

    screen.say("");
    Report.of(second.tally()).forEach(screen::say);
    screen.say("");
    screen.say(times(first, second, alone, kills));
    Verdict verdict = new Verdict(List.of(first, second), alone);
    List<String> complaints = verdict.complaints();
    complaints.forEach(screen::say);
    screen.say(verdict.summary());
    return complaints.isEmpty() ? ExitCode.OK : ExitCode.SOFTWARE;
  }

  private Pass told(Pass pass) {
    screen.say(
        "    " + pass.tally().total().classes() + " classes in " + Report.seconds(pass.time()));
    return pass;
  }

  private static String times(Pass first, Pass second, Pass alone, boolean killed) {
    return "time: "
        + first.name()
        + " "
        + Report.seconds(first.time())
        + ", "
        + second.name()
        + " "
        + Report.seconds(second.time())
        + " ("
        + (killed ? cost(first, second) : ratio(first, second))
        + "), "
        + alone.name()
        + " "
        + Report.seconds(alone.time());
  }

  private static String cost(Pass alive, Pass killed) {
    Duration cost = killed.time().minus(alive.time());
    return "its death cost " + (cost.isNegative() ? "no time" : Report.seconds(cost));
  }

  private static String ratio(Pass one, Pass many) {
    double ratio = (double) one.time().toNanos() / many.time().toNanos();
    return String.format(Locale.ROOT, "%.1f times as fast", ratio);
  }
}
