package io.procession.process;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// All that decides what JVM a child has: of two children with equal plans each could have the
/// other's.
///
/// @param java the `java` command, empty where there is none
/// @param flags the flags between it and the class that it runs, but for class path and archive
/// @param options where it runs and with what, but for what is no property of the JVM
record LaunchPlan(String java, List<String> flags, LaunchOptions options) {
  static LaunchPlan of(LaunchOptions options) {
    List<String> flags = LaunchCommand.flags(options);
    int children = CurrentProcess.get().activeChildren().size() + 1;
    int processors = Runtime.getRuntime().availableProcessors();
    flags.addAll(MemoryShare.flags(flags, children, processors));
    return new LaunchPlan(
        LaunchCommand.hasJava() ? LaunchCommand.java() : "",
        flags,
        options.withStartMethod(null).withStartLimit(null));
  }

  /// The flags that name class path and module path.
  List<String> paths() {
    return LaunchCommand.paths(options.classPath());
  }

  /// The entries of class path and module path.
  List<String> entries() {
    List<String> entries = new ArrayList<>(LaunchCommand.entries());
    for (Path added : options.classPath()) {
      entries.add(added.toString());
    }
    return entries;
  }

  /// All but the `java` command and what follows it.
  ProcessBuilder builder() {
    ProcessBuilder builder = new ProcessBuilder(prefix());
    options.output().redirect(builder);
    builder.environment().putAll(options.environment());
    Executable executable = Executable.used();
    if (executable != null) {
      executable.prepare(builder.environment(), options, ProcessHandle.current().pid());
    }
    Path folder = options.workingFolder();
    if (folder != null) {
      builder.directory(new File(folder.toString()));
    }
    return builder;
  }

  /// The commands through which `java` is run.
  private List<String> prefix() {
    List<String> words = new ArrayList<>();
    if (!options.processors().isEmpty()) {
      StringBuilder list = new StringBuilder();
      for (int processor : options.processors()) {
        list.append(list.isEmpty() ? "" : ",").append(processor);
      }
      words.addAll(List.of("taskset", "-c", list.toString()));
    }
    if (options.niceness() != 0) {
      words.addAll(List.of("nice", "-n", String.format(Locale.ROOT, "%d", options.niceness())));
    }
    return words;
  }
}
