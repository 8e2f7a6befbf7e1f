package io.procession.process;

import io.procession.internal.posix.Processors;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What launch options must be.
final class LaunchChecks {

  private LaunchChecks() {}

  /// @param maxHeap the option beside the flags, 0 for none
  static void flag(String flag, long maxHeap) {
    if (!flag.startsWith("-") || flag.equals("-") || flag.equals("--")) {
      throw new IllegalArgumentException(
          "a JVM flag must begin with '-' and bring its value in the same word: flag="
              + flag
              + "; write it like -Xmx256m or --add-opens=MODULE/PACKAGE=ALL-UNNAMED");
    }
    noZero("a JVM flag", flag);
    int second = flag.indexOf(" -");
    if (second > 0 && !isWithinValue(flag, second)) {
      throw new IllegalArgumentException(
          "a JVM flag must be a word of its own: flag="
              + flag
              + "; hand in several: withJvmFlags(\""
              + flag.substring(0, second)
              + "\", …)");
    }
    if (maxHeap != 0 && flag.startsWith("-Xmx")) {
      throw new IllegalArgumentException(
          "the heap's limit must be given once: flag="
              + flag
              + ", maxHeap="
              + maxHeap
              + "; leave one of them out");
    }
    int equals = flag.indexOf('=');
    String name = equals < 0 ? flag : flag.substring(0, equals);
    switch (name) {
      case "-cp", "-classpath", "--class-path", "-p", "--module-path", "-m", "--module", "-jar" ->
          throw new IllegalArgumentException(
              "class path, module path and main class of a child are its parent's: flag="
                  + flag
                  + "; withClassPath adds to them");
      default -> {}
    }
  }

  /// A value may have what it likes: it begins after a `=`, or the `:` of `-javaagent:` and others.
  private static boolean isWithinValue(String flag, int index) {
    return flag.lastIndexOf('=', index) >= 0 || flag.lastIndexOf(':', index) >= 0;
  }

  static void property(String name, String value) {
    if (name.isEmpty() || name.indexOf('=') >= 0) {
      throw new IllegalArgumentException(
          "name of a system property must not be empty nor contain '=': name="
              + name
              + "; give the value apart");
    }
    noZero("a system property", name);
    noZero("a system property", value);
  }

  static void variable(String name, String value) {
    if (name.isEmpty() || name.indexOf('=') >= 0) {
      throw new IllegalArgumentException(
          "name of an environment variable must not be empty nor contain '=': name="
              + name
              + "; give the value apart");
    }
    noZero("an environment variable", name);
    noZero("an environment variable", value);
  }

  /// @throws IllegalArgumentException if a text cannot be given to another process: system calls take it
  ///     in the encoding of the locale
  static void encodable(String what, String text) {
    Charset charset = ArgumentFile.nativeCharset();
    if (!charset.newEncoder().canEncode(text)) {
      throw new IllegalArgumentException(
          what
              + " must be of characters that the locale has: "
              + text
              + ", encoding="
              + charset
              + "; start this program with LC_ALL=C.UTF-8");
    }
  }

  /// @throws IllegalArgumentException if this process may not use one of the processors
  /// @throws UnsupportedOperationException if processes cannot be bound here
  static void processors(Set<Integer> wanted) {
    Set<Integer> allowed = Processors.allowed();
    for (int processor : wanted) {
      if (!allowed.contains(processor)) {
        throw new IllegalArgumentException(
            "this process may not use the processor: processor="
                + processor
                + ", allowed="
                + allowed
                + "; take some of those");
      }
    }
    if (!isCommand("taskset")) {
      throw new UnsupportedOperationException(
          "processes are bound to processors by the command taskset, which is missing: install"
              + " util-linux");
    }
  }

  /// What a thread cannot have must not be asked for, if its task would run differently without.
  ///
  /// @throws UnsupportedOperationException if it is
  static void ofThread(LaunchOptions options) {
    refuse("systemProperties", options.systemProperties(), options.systemProperties().isEmpty());
    refuse("environment", options.environment(), options.environment().isEmpty());
    refuse("workingFolder", options.workingFolder(), options.workingFolder() == null);
    refuse("classPath", options.classPath(), options.classPath().isEmpty());
    refuse("output", options.output(), options.output().equals(Output.inherit()));
  }

  private static void refuse(String what, @Nullable Object value, boolean isDefault) {
    if (!isDefault) {
      throw new UnsupportedOperationException(
          "a process that is a thread has what its JVM has: "
              + what
              + "="
              + value
              + "; start it with spawn or forkserver, or without this option");
    }
  }

  private static boolean isCommand(String name) {
    for (String folder : System.getenv().getOrDefault("PATH", "/usr/bin:/bin").split(":", -1)) {
      if (!folder.isEmpty() && Files.isExecutable(Path.of(folder, name))) {
        return true;
      }
    }
    return false;
  }

  private static void noZero(String what, String text) {
    if (text.indexOf('\0') >= 0) {
      throw new IllegalArgumentException(
          what
              + " must not contain the character 0: text="
              + text.replace('\0', '?')
              + "; leave it out");
    }
  }
}
