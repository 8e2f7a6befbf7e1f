package io.procession.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.management.JMException;
import javax.management.ObjectName;

/// The stacks of JVMs, for tests that hang.
public final class Stacks {
  private Stacks() {}

  /// Returns the stacks of a JVM and of every descendant that is one.
  public static String ofTree(ProcessHandle root) {
    List<ProcessHandle> all = Stream.concat(Stream.of(root), root.descendants()).toList();
    var text = new StringBuilder();
    for (ProcessHandle process : all) {
      text.append(of(process)).append('\n');
    }
    return text.toString();
  }

  /// Returns the stacks of one JVM. If it does not answer, they are asked for by SIGQUIT and appear on
  /// its own standard output.
  private static String of(ProcessHandle process) {
    String command = process.info().command().orElse("gone");
    String title = "--- pid " + process.pid() + ": " + command + "\n";
    if (!command.endsWith("java") && !command.endsWith("java.exe")) {
      return title;
    }
    try {
      boolean self = process.equals(ProcessHandle.current());
      return title + (self ? own() : jcmd(process.pid()));
    } catch (IOException e) {
      quit(process.pid());
      return title + e.getMessage() + "; asked for by SIGQUIT, see its standard output\n";
    }
  }

  /// The same command without jcmd, since a JVM that was attached to keeps a socket open.
  private static String own() throws IOException {
    try {
      Object text =
          ManagementFactory.getPlatformMBeanServer()
              .invoke(
                  new ObjectName("com.sun.management:type=DiagnosticCommand"),
                  "threadPrint",
                  new Object[] {new String[] {"-l"}},
                  new String[] {String[].class.getName()});
      return String.valueOf(text);
    } catch (JMException e) {
      throw new IOException("no stacks of this JVM: " + e, e);
    }
  }

  private static String jcmd(long pid) throws IOException {
    String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    var builder = new ProcessBuilder(jcmd, Long.toString(pid), "Thread.print", "-l");
    Process process = builder.redirectErrorStream(true).start();
    ChildOutput output = ChildOutput.of(process, "jcmd", process.inputReader(UTF_8));
    try {
      boolean ended = process.waitFor(Deadlines.LONG.toNanos(), TimeUnit.NANOSECONDS);
      if (!ended || process.exitValue() != 0) {
        throw new IOException("jcmd got no answer: " + output.text().strip());
      }
      output.join(Deadlines.MEDIUM);
      return output.text();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while jcmd ran", e);
    } finally {
      process.destroyForcibly();
    }
  }

  private static void quit(long pid) {
    try {
      new ProcessBuilder("kill", "-QUIT", Long.toString(pid)).start().waitFor();
    } catch (IOException e) {
      // a system without kill: the title and the reason are all there is
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
