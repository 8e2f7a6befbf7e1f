package io.procession.benchmarks.measure;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The command lines of further JVMs like this one.
public final class JavaCommand {
  private JavaCommand() {}

  /// Runs `main` on this JVM's class path, with this JVM's flags and those given.
  public static List<String> of(List<String> flags, Class<?> main, String... arguments) {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    for (String flag : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
      if (!isTiedToOneJvm(flag) && !flags.contains(flag)) {
        command.add(flag);
      }
    }
    command.addAll(flags);
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(main.getName());
    command.addAll(List.of(arguments));
    return command;
  }

  private static boolean isTiedToOneJvm(String flag) {
    return flag.startsWith("-agentlib:jdwp") || flag.startsWith("-javaagent:");
  }
}
