package io.procession.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.procession.junit.ProcessStacks;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A fresh JVM with the test's class path, for tests that need a process which is not the library's own.
///
/// Its output is collected. A child that fails, or does not end in time, fails the test with all it
/// said; one that hangs shows its stacks first. Closing kills it and its descendants.
public final class ChildJvm implements AutoCloseable {
  /// Of a whole program; what hangs is ended, and shown.
  private static final Duration LIMIT = Deadlines.LONG.multipliedBy(3);

  private final String name;
  private final Process process;
  private final ChildOutput out;
  private final ChildOutput err;

  private ChildJvm(String name, Process process) {
    this.name = name;
    this.process = process;
    this.out = ChildOutput.of(process, "stdout", process.inputReader(UTF_8));
    this.err = ChildOutput.of(process, "stderr", process.errorReader(UTF_8));
  }

  /// Prepares a JVM that runs a main class.
  public static Builder main(Class<?> main, String... args) {
    return new Builder(main, List.of(args));
  }

  /// Prepares a JVM that runs a piece of the test.
  public static Builder body(Body body) {
    var bytes = new ByteArrayOutputStream();
    try (var stream = new ObjectOutputStream(bytes)) {
      stream.writeObject(body);
    } catch (IOException e) {
      throw new UncheckedIOException("body cannot be sent to a child JVM", e);
    }
    String argument = Base64.getEncoder().encodeToString(bytes.toByteArray());
    return new Builder(BodyMain.class, List.of(argument));
  }

  /// Settings of a child that has not started.
  public static final class Builder {
    private final Class<?> main;
    private final List<String> args;
    private final List<String> flags = new ArrayList<>(inheritedFlags());
    private final List<String> launcher = new ArrayList<>();
    private final ProcessBuilder process = new ProcessBuilder();
    private final List<String> classPath = ProgramArchive.order(ChildJvm.classPath());
    private boolean isArchived = true;

    private Builder(Class<?> main, List<String> args) {
      this.main = main;
      this.args = args;
    }

    /// Adds JVM flags such as `-Dname=value`.
    public Builder flags(String... more) {
      Collections.addAll(flags, more);
      return this;
    }

    /// Sets an environment variable.
    public Builder environment(String name, String value) {
      process.environment().put(name, value);
      return this;
    }

    /// Sets the working folder.
    public Builder folder(Path folder) {
      process.directory(folder.toFile());
      return this;
    }

    /// Adds entries to the class path, as they are.
    public Builder classPath(String... more) {
      classPath.addAll(List.of(more));
      return this;
    }

    /// Puts an entry before the class path.
    public Builder classPathFirst(String first) {
      classPath.add(0, first);
      isArchived = false;
      return this;
    }

    /// Leaves folders of classes out: for a JVM that makes an archive.
    Builder jarsOnly() {
      classPath.removeIf(entry -> !entry.endsWith(".jar"));
      isArchived = false;
      return this;
    }

    /// Starts it through a command such as `setpriv` that runs the rest of its command line.
    public Builder through(String... words) {
      launcher.addAll(List.of(words));
      return this;
    }

    /// Starts the child.
    public ChildJvm start() {
      var command = new ArrayList<>(launcher);
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      command.addAll(flags);
      if (isArchived) {
        command.addAll(ProgramArchive.flags());
      }
      command.addAll(List.of("-cp", String.join(File.pathSeparator, classPath), main.getName()));
      command.addAll(args);
      try {
        return new ChildJvm(main.getSimpleName(), process.command(command).start());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /// What this JVM was told about tests, agents, its compiler and the library goes for its children too. They
  /// stand as in the POM: an archive of classes is for flags in one order.
  static List<String> inheritedFlags() {
    var flags = new ArrayList<>(List.of("-ea", "-XX:+UseSerialGC"));
    for (String flag : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
      if (flag.startsWith("-javaagent:") || flag.startsWith("-XX:TieredStopAtLevel=")) {
        flags.add(flag);
      }
    }
    flags.add("--enable-native-access=ALL-UNNAMED");
    for (String property : System.getProperties().stringPropertyNames()) {
      if (property.startsWith("procession.")) {
        flags.add("-D" + property + "=" + System.getProperty(property));
      }
    }
    return flags;
  }

  private static List<String> classPath() {
    var absolute = new ArrayList<String>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      absolute.add(Path.of(entry).toAbsolutePath().toString());
    }
    return absolute;
  }

  public long pid() {
    return process.pid();
  }

  public ProcessHandle handle() {
    return process.toHandle();
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /// Waits for a line on the child's standard output that begins with `prefix`; returns what follows it.
  public String awaitLine(String prefix) {
    String rest = out.awaitLine(prefix, Deadlines.LONG);
    if (rest == null) {
      throw failure(
          (isAlive() ? "has not written" : "ended without writing") + " '" + prefix + "'");
    }
    return rest;
  }

  /// Writes a line to the child's standard input.
  public void send(String line) {
    try {
      process.outputWriter(UTF_8).append(line).append('\n').flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Waits for the child's end; returns its exit code, 128+N for signal N.
  public int join() {
    return join(LIMIT);
  }

  /// As [#join()], with a time limit. A child that exceeds it shows the stacks
  /// of itself and its descendants, and is killed with them.
  public int join(Duration limit) {
    try {
      if (!process.waitFor(limit.toNanos(), TimeUnit.NANOSECONDS)) {
        String stacks = ProcessStacks.ofTree(handle());
        close();
        throw failure("still ran after " + limit + ":\n" + stacks);
      }
      out.join(ChildOutput.REST);
      err.join(ChildOutput.REST);
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failure("was waited for by a thread that got interrupted");
    }
  }

  /// Waits for the child's end and fails, with all the child said, unless it succeeded.
  public void succeed() {
    succeed(LIMIT);
  }

  /// As [#succeed()], for a child with much to do.
  public void succeed(Duration limit) {
    int code = join(limit);
    if (code != 0) {
      throw failure("ended with exit code " + code);
    }
  }

  /// What the child has written to its standard output so far.
  public String out() {
    return out.text();
  }

  /// What the child has written to its standard error so far.
  public String err() {
    return err.text();
  }

  /// Sends SIGTERM.
  public void terminate() {
    process.destroy();
  }

  /// Sends SIGKILL to the child alone.
  public void kill() {
    process.destroyForcibly();
  }

  /// Kills the child with its descendants and waits for its end.
  @Override
  public void close() {
    List<ProcessHandle> tree = process.descendants().toList();
    process.destroyForcibly();
    tree.forEach(ProcessHandle::destroyForcibly);
    try {
      process.waitFor(Deadlines.LONG.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private AssertionError failure(String what) {
    return new AssertionError(
        "child JVM "
            + name
            + " (pid "
            + pid()
            + ") "
            + what
            + "\n--- its stdout\n"
            + out()
            + "--- its stderr\n"
            + err()
            + "---");
  }
}
