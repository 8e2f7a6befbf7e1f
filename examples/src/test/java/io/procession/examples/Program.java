package io.procession.examples;

import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A main class run in a JVM of its own, from what this test was started with.
///
/// @param status its exit status
/// @param output what it wrote, errors too unless it was run for its output only
public record Program(int status, String output) {
  private static final long LONGEST_SECONDS = 200; // what hangs

  /// Runs it from the class path.
  public static Program run(String main, String... args) throws Exception {
    return run(
        List.of(
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            main),
        true,
        args);
  }

  /// Runs it from the class path, and lets what it writes as errors go to this test's.
  public static Program runForOutput(String main, String... args) throws Exception {
    return run(
        List.of(
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            main),
        false,
        args);
  }

  /// Runs a source file, as `java --class-path library Hello.java` does.
  public static Program runSource(Path library, Path source) throws Exception {
    return run(
        List.of("--enable-native-access=ALL-UNNAMED", "-cp", library.toString(), source.toString()),
        true);
  }

  /// Runs it as part of the named module, from the same jars and folders but those of the tests.
  public static Program runAsModule(String main, String... args) throws Exception {
    String path =
        Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(entry -> !entry.endsWith("test-classes"))
            .collect(Collectors.joining(File.pathSeparator));
    return run(
        List.of(
            "--enable-native-access=io.procession",
            "-p",
            path,
            "-m",
            "io.procession.examples/" + main),
        true,
        args);
  }

  public String lastLine() {
    return output.lines().toList().getLast();
  }

  private static Program run(List<String> program, boolean withErrors, String... args)
      throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(flags());
    command.addAll(program);
    command.addAll(List.of(args));
    Path file = Files.createTempFile("program", ".out");
    Process process =
        new ProcessBuilder(command)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .redirectErrorStream(withErrors)
            .redirectOutput(file.toFile())
            .start();
    try {
      if (!process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS)) {
        throw new IOException("still running: " + command + "\n" + Files.readString(file));
      }
      return new Program(process.exitValue(), Files.readString(file));
    } finally {
      process.destroyForcibly();
      Files.delete(file);
    }
  }

  /// What a program takes from this test's JVM, in the order of the POM: the archive of the library's classes that
  /// the tests of the core have made is for children with these flags in one order.
  private static List<String> flags() {
    List<String> flags = new ArrayList<>(List.of("-ea", "-XX:+UseSerialGC"));
    for (String flag : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
      if (flag.startsWith("-XX:TieredStopAtLevel=") || flag.startsWith("-Dprocession.")) {
        flags.add(flag);
      }
    }
    return flags;
  }
}
