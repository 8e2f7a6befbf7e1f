package io.procession.process;

import io.procession.internal.travel.Given;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The program's own executable, as that which its processes are started with.
///
/// Where there is a `java` command, that with the child's flags and the same jar or main class. Where there
/// is none, the very command line of this process up to the arguments of `main`.
///
/// @param isJava whether it is the `java` command, and takes flags
/// @param words the command line, without the `java` command
record Executable(boolean isJava, List<String> words) {
  private static final String COMMAND_LINE = "/proc/self/cmdline";
  private static final String TOOL_OPTIONS = "JAVA_TOOL_OPTIONS";

  /// Where the launcher of a `jpackage` image notes that it has done its part, for the JVM it starts.
  private static final String LAUNCHER_DONE = "_JPACKAGE_LAUNCHER";

  private static volatile @Nullable Executable used;

  /// Uses it from now on.
  ///
  /// @param args the arguments of `main`
  static void use(String[] args) {
    Given.giveOwnLoader();
    String image = System.getProperty("jpackage.app-path");
    if (LaunchCommand.hasJava()) {
      used = new Executable(true, main());
    } else if (image != null) {
      used = new Executable(false, List.of(image));
    } else {
      used = new Executable(false, commandLine(args));
    }
  }

  /// The one that is used; null if children are started in the usual way.
  static @Nullable Executable used() {
    return used;
  }

  /// The command line of a child, up to the arguments of `main`.
  ///
  /// @param java the `java` command
  /// @param flags the file with the flags that it gets
  List<String> command(String java, String flags) {
    List<String> command = new ArrayList<>();
    if (isJava) {
      command.add(java);
      command.add("@" + flags);
    }
    command.addAll(words);
    command.add(FreezeSupport.CHILD);
    return command;
  }

  /// What the environment has to say: that it is a child, and the flags that a command line which is no
  /// `java` cannot have. Those of this process are in the executable itself.
  ///
  /// @param parent this process's id
  void prepare(Map<String, String> environment, LaunchOptions options, long parent) {
    environment.put(FreezeSupport.PARENT, Long.toString(parent));
    environment.remove(LAUNCHER_DONE);
    if (isJava) {
      return;
    }
    StringBuilder flags = new StringBuilder(environment.getOrDefault(TOOL_OPTIONS, ""));
    for (String variable : CarriedFlags.uncleanVariables()) {
      if (!variable.startsWith("JDK_") && !options.environment().containsKey(variable)) {
        for (String flag : CarriedFlags.cleaned(System.getenv(variable))) {
          add(flag, flags);
        }
      }
    }
    for (Map.Entry<String, String> property : options.systemProperties().entrySet()) {
      add("-D" + property.getKey() + "=" + property.getValue(), flags);
    }
    if (options.maxHeap() != 0) {
      add("-Xmx" + options.maxHeap(), flags);
    }
    for (String flag : options.jvmFlags()) {
      add(flag, flags);
    }
    if (!flags.isEmpty()) {
      environment.put(TOOL_OPTIONS, flags.toString());
    }
  }

  /// Words end at white space outside of quotes; a quote is quoted by the other kind.
  private static void add(String flag, StringBuilder flags) {
    flags.append(flags.isEmpty() ? "" : " ").append('\'');
    flags.append(flag.replace("'", "'\"'\"'")).append('\'');
  }

  /// What `java` was told to run.
  private static List<String> main() {
    String module = System.getProperty("jdk.module.main");
    if (module != null) {
      return List.of("-m", module + "/" + System.getProperty("jdk.module.main.class"));
    }
    String command = System.getProperty("sun.java.command", "");
    String classPath = System.getProperty("java.class.path", "");
    if (ExecutableJar.isRun(classPath, command)) {
      return List.of("-jar", new File(classPath).getAbsolutePath());
    }
    int end = command.indexOf(' ');
    return List.of(end < 0 ? command : command.substring(0, end));
  }

  /// This process's command line without the arguments of `main`, which are its last words.
  private static List<String> commandLine(String[] args) {
    String executable = ProcessHandle.current().info().command().orElse(null);
    List<String> words = new ArrayList<>();
    try {
      String line = Files.readString(Path.of(COMMAND_LINE), StandardCharsets.UTF_8);
      words.addAll(List.of(withoutLast(line.split("\0", -1))));
    } catch (IOException e) {
      words.add("");
      words.addAll(List.of(ProcessHandle.current().info().arguments().orElse(new String[0])));
    }
    if (executable == null || words.isEmpty()) {
      throw new IllegalStateException(
          "this system does not tell what this process was started with: command line=" + words);
    }
    words.set(0, executable);
    return withoutArguments(words, args);
  }

  /// Each word ends with a zero, the last as well; it may be empty.
  private static String[] withoutLast(String[] words) {
    return Arrays.copyOf(words, words.length - 1);
  }

  /// Takes the arguments of `main` from the end of a command line. A launcher may keep words to itself, or
  /// have arguments of its own, so they are compared and not counted; but those that are not ASCII
  /// may have been decoded in another way.
  static List<String> withoutArguments(List<String> words, String[] args) {
    List<String> left = new ArrayList<>(words);
    for (int i = args.length - 1; i >= 0 && left.size() > 1; i--) {
      String word = left.getLast();
      if (!word.equals(args[i]) && isAscii(word) && isAscii(args[i])) {
        break;
      }
      left.removeLast();
    }
    return left;
  }

  private static boolean isAscii(String word) {
    return word.chars().allMatch(c -> c < 128);
  }
}
