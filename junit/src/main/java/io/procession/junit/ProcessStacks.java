package io.procession.junit;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.management.JMException;
import javax.management.ObjectName;

/// The stacks of the JVMs of a tree of processes, for tests that hang.
public final class ProcessStacks {
  private static final int MOST_SECONDS = 20;

  private ProcessStacks() {}

  /// The stacks of a JVM and of every descendant that is one, with the locks they hold and wait for.
  ///
  /// Asks each of the others by `jcmd` and waits for it, for 20 s at most. A JVM that does not answer is asked by
  /// SIGQUIT, and shows its stacks on its own standard output.
  ///
  /// @param root the JVM from which the tree goes down
  /// @return the stacks, each under its process
  public static String ofTree(ProcessHandle root) {
    List<ProcessHandle> all = Stream.concat(Stream.of(root), root.descendants()).toList();
    var text = new StringBuilder();
    for (ProcessHandle process : all) {
      text.append(of(process)).append('\n');
    }
    return text.toString();
  }

  /// The stacks of one JVM. If it does not answer, they are asked for by SIGQUIT and appear on
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
    Path answer = Files.createTempFile("stacks-of-" + pid + "-", ".txt"); // a pipe would fill up
    Process process =
        new ProcessBuilder(jcmd, Long.toString(pid), "Thread.print", "-l")
            .redirectErrorStream(true)
            .redirectOutput(answer.toFile())
            .start();
    try {
      boolean ended = process.waitFor(MOST_SECONDS, TimeUnit.SECONDS);
      String text = Files.readString(answer);
      if (!ended || process.exitValue() != 0) {
        throw new IOException("jcmd got no answer: " + text.strip());
      }
      return text;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while jcmd ran", e);
    } finally {
      process.destroyForcibly();
      Files.delete(answer);
      deleteSocket(pid);
    }
  }

  /// Takes away the socket by which a JVM was asked: one that is killed leaves it. One that lives opens another
  /// when it is asked again.
  static void deleteSocket(long pid) {
    try {
      Files.deleteIfExists(Path.of("/tmp", ".java_pid" + pid));
    } catch (IOException e) {
      // another user's: it was not asked
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
