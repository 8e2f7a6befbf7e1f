package io.procession.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;

/// Programs that a test writes, compiles and runs.
public final class Programs {
  /// A program has many JVMs, one after the other.
  private static final Duration LIMIT = Deadlines.LONG.multipliedBy(4);

  private Programs() {}

  /// Compiles sources against the test's class path.
  ///
  /// @param sources names and contents in turn
  /// @return the folder with the classes
  public static Path compile(Path folder, String... sources) throws IOException {
    Path classes = Files.createDirectories(folder.resolve("classes"));
    List<String> arguments = new ArrayList<>();
    arguments.addAll(List.of("-g", "-d", classes.toString()));
    arguments.addAll(List.of("-cp", System.getProperty("java.class.path")));
    for (int i = 0; i < sources.length; i += 2) {
      Path file = folder.resolve("src").resolve(sources[i]);
      Files.createDirectories(file.getParent());
      arguments.add(Files.writeString(file, sources[i + 1]).toString());
    }
    tool("javac", arguments.toArray(new String[0]));
    return classes;
  }

  /// Runs a tool of the JDK in this process.
  public static void tool(String name, String... arguments) {
    int status = ToolProvider.findFirst(name).orElseThrow().run(System.out, System.err, arguments);
    if (status != 0) {
      throw new AssertionError(name + " failed: status=" + status);
    }
  }

  /// A command of the JDK that runs this test.
  public static String command(String name) {
    return Path.of(System.getProperty("java.home"), "bin", name).toString();
  }

  /// What a program is told of the JVM's compilers and of the library, as this test was.
  public static List<String> flags() {
    return ChildJvm.inheritedFlags();
  }

  /// The `java` that runs this test, with these flags.
  ///
  /// @param arguments what follows them
  public static String[] java(String... arguments) {
    return Stream.of(List.of(command("java")), flags(), List.of(arguments))
        .flatMap(List::stream)
        .toArray(String[]::new);
  }

  /// The jar or folder that a class comes from.
  public static String place(Class<?> type) {
    return Path.of(URI.create(type.getProtectionDomain().getCodeSource().getLocation().toString()))
        .toString();
  }

  /// Runs a command that must succeed and returns what it said on its standard output.
  public static String run(Path folder, String... command) throws InterruptedException {
    return run(folder, 0, "", command);
  }

  /// Runs a command to its end. It fails the test, with all it said, if it ends otherwise than
  /// expected or takes too long.
  ///
  /// @param input what it reads
  /// @return its standard output, and what it said on the other stream if it is expected to fail
  public static String run(Path folder, int expected, String input, String... command)
      throws InterruptedException {
    Process process;
    try {
      ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
      process = builder.redirectErrorStream(expected != 0).start();
      process.outputWriter(UTF_8).append(input).close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    ChildOutput out = ChildOutput.of(process, "stdout", process.inputReader(UTF_8));
    ChildOutput err = ChildOutput.of(process, "stderr", process.errorReader(UTF_8));
    try {
      boolean ended = process.waitFor(LIMIT.toNanos(), TimeUnit.NANOSECONDS);
      if (ended) {
        out.join(ChildOutput.REST);
        err.join(ChildOutput.REST);
      }
      if (!ended || process.exitValue() != expected) {
        throw new AssertionError(
            String.join(" ", command)
                + (ended ? " ended with " + process.exitValue() : " still ran")
                + "\n--- its stdout\n"
                + out.text()
                + "--- its stderr\n"
                + err.text());
      }
    } finally {
      List<ProcessHandle> tree = process.descendants().toList();
      process.destroyForcibly();
      tree.forEach(ProcessHandle::destroyForcibly);
    }
    return out.text();
  }
}
