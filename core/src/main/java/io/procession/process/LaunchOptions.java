package io.procession.process;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// How the JVM of a process is to be, where it shall differ from its parent's.
///
/// A child has its parent's class path or module path, its JVM flags, environment and working
/// folder. System properties given on the parent's command line are JVM flags, and so carried over;
/// those set by the program are not. Options are added to that and win over it.
///
/// ```java
/// var options = LaunchOptions.defaults().withJvmFlags("-Xmx256m").withSystemProperty("mode", "batch");
/// ```
///
/// @param jvmFlags flags for the child's JVM, each a word of its own (`-Xmx256m`, `--add-modules=java.sql`)
/// @param systemProperties the child's own system properties
/// @param environment variables that the child has besides its parent's or with another value
/// @param workingFolder the folder it runs in, null for its parent's
public record LaunchOptions(
    List<String> jvmFlags,
    Map<String, String> systemProperties,
    Map<String, String> environment,
    @Nullable Path workingFolder) {
  private static final LaunchOptions DEFAULTS =
      new LaunchOptions(List.of(), Map.of(), Map.of(), null);

  /// Checks and copies.
  ///
  /// @throws IllegalArgumentException if a flag is none, or one that only the library may give
  public LaunchOptions {
    jvmFlags = List.copyOf(jvmFlags);
    systemProperties = Map.copyOf(systemProperties);
    environment = Map.copyOf(environment);
    for (String flag : jvmFlags) {
      checkFlag(flag);
    }
    for (String name : systemProperties.keySet()) {
      if (name.isEmpty() || name.indexOf('=') >= 0) {
        throw new IllegalArgumentException(
            "name of a system property must not be empty nor contain '=': name=" + name);
      }
    }
  }

  /// Like the parent in everything.
  ///
  /// @return the options that change nothing
  public static LaunchOptions defaults() {
    return DEFAULTS;
  }

  /// Replaces the JVM flags.
  ///
  /// @param flags the flags, each a word of its own: `--add-modules=java.sql`, not two words
  /// @return options with these flags
  /// @throws IllegalArgumentException if one does not begin with `-`, or chooses the class path or
  ///     what is run
  public LaunchOptions withJvmFlags(String... flags) {
    return withJvmFlags(List.of(flags));
  }

  /// Replaces the JVM flags.
  ///
  /// @param flags as for [#withJvmFlags(String...)]
  /// @return options with these flags
  /// @throws IllegalArgumentException as for [#withJvmFlags(String...)]
  public LaunchOptions withJvmFlags(List<String> flags) {
    return new LaunchOptions(flags, systemProperties, environment, workingFolder);
  }

  /// Adds or changes a system property.
  ///
  /// @param name its name
  /// @param value its value
  /// @return options with this property
  public LaunchOptions withSystemProperty(String name, String value) {
    return new LaunchOptions(
        jvmFlags, with(systemProperties, name, value), environment, workingFolder);
  }

  /// Adds or changes an environment variable.
  ///
  /// @param name its name
  /// @param value its value
  /// @return options with this variable
  public LaunchOptions withEnvironment(String name, String value) {
    return new LaunchOptions(
        jvmFlags, systemProperties, with(environment, name, value), workingFolder);
  }

  /// Sets the working folder.
  ///
  /// @param folder an existing folder, null for the parent's
  /// @return options with this folder
  public LaunchOptions withWorkingFolder(@Nullable Path folder) {
    return new LaunchOptions(jvmFlags, systemProperties, environment, folder);
  }

  private static void checkFlag(String flag) {
    if (!flag.startsWith("-") || flag.equals("-") || flag.equals("--")) {
      throw new IllegalArgumentException(
          "a JVM flag must begin with '-' and bring its value in the same word: flag=" + flag);
    }
    int equals = flag.indexOf('=');
    String name = equals < 0 ? flag : flag.substring(0, equals);
    switch (name) {
      case "-cp", "-classpath", "--class-path", "-p", "--module-path", "-m", "--module", "-jar" ->
          throw new IllegalArgumentException(
              "class path, module path and main class of a child are its parent's: flag=" + flag);
      default -> {}
    }
  }

  private static Map<String, String> with(Map<String, String> old, String name, String value) {
    Map<String, String> changed = new LinkedHashMap<>(old);
    changed.put(Objects.requireNonNull(name, "name"), Objects.requireNonNull(value, "value"));
    return changed;
  }
}
