package io.procession.process;

import io.procession.internal.arena.Session;
import io.procession.internal.posix.Processors;
import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// All that decides what JVM a child has: of two children with equal plans each could have the
/// other's.
///
/// @param java the `java` command, empty where there is none
/// @param flags the flags between it and the class that it runs, but for class path and archive
/// @param options where it runs and with what, but for what is no property of the JVM
record LaunchPlan(String java, List<String> flags, LaunchOptions options) {
  private static final List<String> TOOLS = List.of("/usr/bin", "/bin");

  static LaunchPlan of(LaunchOptions options) {
    List<String> flags = LaunchCommand.flags(options);
    double all = LaunchCommand.memoryOfChildren();
    if (isHeapChosenAround(options)) {
      flags.add(MemoryShare.mark(all));
    } else {
      flags.addAll(MemoryShare.flags(flags, all, beside() + 1, Processors.usable()));
    }
    return new LaunchPlan(
        LaunchCommand.hasJava() ? LaunchCommand.java() : "",
        flags,
        options.withStartMethod(null).withStartLimit(null));
  }

  /// How many processes share the memory with one that is started now. In a child, those of the whole session
  /// but the first are counted. Spares are not: they come and go with each start, and are of another kind for
  /// another share.
  private static int beside() {
    CurrentProcess current = CurrentProcess.get();
    return current.isFirst()
        ? current.activeChildren().size()
        : Session.ofJvm().participants().inUseBut(Spare.NAME) - 1;
  }

  /// True if a variable of the child's environment chooses how large its heap may be. A part of the memory that
  /// one of this process's own has is this process's part, and the child's flags win over it.
  private static boolean isHeapChosenAround(LaunchOptions options) {
    List<String> unclean = CarriedFlags.uncleanVariables();
    for (String variable : CarriedFlags.ENVIRONMENT) {
      String value = options.environment().get(variable);
      boolean isWord = value != null || variable.equals(CarriedFlags.LAST_WORD);
      if (value == null && !unclean.contains(variable)) { // else its words are among the flags
        value = System.getenv(variable);
      }
      if (value != null
          && (MemoryShare.isSizedBy(value) || (isWord && MemoryShare.isSharedBy(value)))) {
        return true;
      }
    }
    return false;
  }

  /// The flags that name class path and module path.
  ///
  /// @param front what stands first, if there is an archive
  List<String> paths(@Nullable Path front) {
    return LaunchCommand.paths(options.classPath(), front);
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
    builder.environment().keySet().removeAll(CarriedFlags.uncleanVariables());
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

  /// A command of the system by its place: one that runs another would look for it on the child's PATH.
  private static String tool(String name) {
    for (String folder : TOOLS) {
      File command = new File(folder, name);
      if (command.canExecute()) {
        return command.getPath();
      }
    }
    return name;
  }

  /// The commands through which `java` is run.
  private List<String> prefix() {
    List<String> words = new ArrayList<>();
    if (!options.processors().isEmpty()) {
      StringBuilder list = new StringBuilder();
      for (int processor : options.processors()) {
        list.append(list.isEmpty() ? "" : ",").append(processor);
      }
      words.addAll(List.of(tool("taskset"), "-c", list.toString()));
    }
    if (options.niceness() != 0) {
      words.addAll(
          List.of(tool("nice"), "-n", String.format(Locale.ROOT, "%d", options.niceness())));
    }
    return words;
  }
}
