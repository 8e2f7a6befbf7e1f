package io.procession.examples.census;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/// Counts and verifies every class file of the running JDK three times: with one worker process, with
/// several of which one is killed, and in this process alone, to compare. The passes come one after
/// the other, so that none takes time from another.
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

    screen.say("1/3 " + PoolPass.name(1));
    Pass one = told(pool.run(1, ChaosPlan.LEAVE_ALL_ALIVE));
    boolean kill = options.chaos() == ChaosPlan.KILL_ONE_WORKER;
    screen.say("2/3 " + PoolPass.name(options.workers()) + (kill ? ", one SIGKILL half-way" : ""));
    Pass many = told(pool.run(options.workers(), options.chaos()));
    screen.say("3/3 this process alone, on one thread, to compare");
    Pass alone = told(Pass.alone(batches, screen));

    screen.say("");
    Report.of(many.tally()).forEach(screen::say);
    screen.say("");
    screen.say(times(one, many, alone, kill));
    Verdict verdict = new Verdict(List.of(one, many), alone);
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

  private static String times(Pass one, Pass many, Pass alone, boolean killed) {
    double ratio = (double) one.time().toNanos() / many.time().toNanos();
    return "time: "
        + one.name()
        + " "
        + Report.seconds(one.time())
        + ", "
        + many.name()
        + (killed ? " with one killed " : " ")
        + Report.seconds(many.time())
        + String.format(Locale.ROOT, " (%.1f times as fast)", ratio)
        + ", "
        + alone.name()
        + " "
        + Report.seconds(alone.time());
  }
}
