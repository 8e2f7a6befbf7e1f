package io.procession.process;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Which of the parent's JVM flags a child gets.
///
/// All, but for those that two JVMs cannot share (a log file, a port), those that say what the
/// library says itself (class path, archives), and those that the environment brings to the child
/// anyway (`JAVA_TOOL_OPTIONS` and its like). Such a variable that has one of the first two is taken from the
/// child's environment, and its other flags are carried.
final class CarriedFlags {
  private static final String DEBUGGER = "-agentlib:jdwp=";
  private static final String LOG = "-Xlog:";

  /// The one whose flags win over those of the command line.
  static final String LAST_WORD = "_JAVA_OPTIONS";

  /// The variables from which a JVM takes flags.
  static final List<String> ENVIRONMENT =
      List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", LAST_WORD);

  /// What a child must not have, by how it begins.
  private static final List<String> DROPPED =
      List.of(
          // chosen for the child by its launcher
          "-Djava.class.path=",
          "-Djdk.module.",
          "-Dsun.java.",
          "--module-path=",
          // one port cannot be had twice
          "-Dcom.sun.management.",
          "-Xrunjdwp:",
          "-agentpath:jdwp",
          // archives of classes fit one class path only, and recording one is the parent's affair
          "-XX:AOT",
          "-XX:SharedArchiveFile=",
          "-XX:ArchiveClassesAtExit=",
          "-XX:+AutoCreateSharedArchive",
          "-XX:SharedClassListFile=",
          "-XX:DumpLoadedClassList=",
          "-Xshare:dump",
          // a test's order to one process to die
          "-Dprocession.crash=");

  /// What names a file that two JVMs would both write, unless there is a `%p` in the name: how the
  /// flag begins, and what stands before the name.
  private static final Map<String, String> WRITING =
      Map.of(
          "-Xloggc:", "",
          "-XX:StartFlightRecording", "filename=",
          "-XX:LogFile=", "",
          "-XX:ErrorFile=", "");

  private CarriedFlags() {}

  /// @param arguments the parent's JVM arguments, as its runtime bean tells them
  /// @param environment the parent's environment
  static List<String> of(List<String> arguments, Map<String, String> environment) {
    List<String> carried = new ArrayList<>();
    for (String argument : arguments) {
      String flag = carried(argument);
      if (flag != null) {
        carried.add(flag);
      }
    }
    for (String variable : ENVIRONMENT) {
      String value = environment.getOrDefault(variable, "");
      if (isClean(value)) {
        for (String word : words(value)) {
          carried.remove(word);
        }
      }
    }
    return carried;
  }

  /// The variables from which a child must not take its flags, since there is one among them that two JVMs
  /// cannot share. What it may have of them it is told as it is told the others.
  static List<String> uncleanVariables() {
    List<String> unclean = new ArrayList<>();
    for (String variable : ENVIRONMENT) {
      if (!isClean(System.getenv().getOrDefault(variable, ""))) {
        unclean.add(variable);
      }
    }
    return unclean;
  }

  /// The words of such a variable that a child may have.
  static List<String> cleaned(String value) {
    List<String> cleaned = new ArrayList<>();
    for (String word : words(value)) {
      String flag = carried(word);
      if (flag != null) {
        cleaned.add(flag);
      }
    }
    return cleaned;
  }

  private static boolean isClean(String value) {
    return cleaned(value).equals(words(value));
  }

  /// True if the flag chooses a garbage collector.
  static boolean choosesCollector(String flag) {
    return flag.startsWith("-XX:+Use") && flag.endsWith("GC");
  }

  private static @Nullable String carried(String flag) {
    if (flag.startsWith(DEBUGGER)) {
      return debugger(flag);
    }
    for (String start : DROPPED) {
      if (flag.startsWith(start)) {
        return null;
      }
    }
    if (flag.startsWith(LOG) && !flag.contains("%p") && logsToFile(flag)) {
      return null;
    }
    for (Map.Entry<String, String> writing : WRITING.entrySet()) {
      if (flag.startsWith(writing.getKey())
          && flag.contains(writing.getValue())
          && !flag.contains("%p")) {
        return null;
      }
    }
    return flag;
  }

  /// `-Xlog:what:output:decorations:options`; without an output, it is stdout.
  private static boolean logsToFile(String flag) {
    String[] fields = flag.substring(LOG.length()).split(":", 3);
    String output = fields.length < 2 ? "" : fields[1];
    return !output.isEmpty() && !output.equals("stdout") && !output.equals("stderr");
  }

  /// A debugger that listens gets a free port of the child's own and does not hold it up; one that
  /// the parent called on cannot be called again.
  private static @Nullable String debugger(String flag) {
    StringBuilder kept = new StringBuilder(DEBUGGER);
    boolean listens = false;
    for (String option : flag.substring(DEBUGGER.length()).split(",", -1)) {
      if (option.equals("server=y")) {
        listens = true;
      }
      if (!option.startsWith("address=") && !option.startsWith("suspend=")) {
        kept.append(option).append(',');
      }
    }
    return listens ? kept.append("suspend=n").toString() : null;
  }

  /// The words of such a variable: split at white space, quotes hold together.
  private static List<String> words(String value) {
    List<String> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    char quote = 0;
    boolean inWord = false;
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (quote != 0 ? c == quote : c == '"' || c == '\'') {
        quote = quote != 0 ? 0 : c;
        inWord = true;
      } else if (quote == 0 && Character.isWhitespace(c)) {
        if (inWord) {
          words.add(word.toString());
          word.setLength(0);
          inWord = false;
        }
      } else {
        word.append(c);
        inWord = true;
      }
    }
    if (inWord) {
      words.add(word.toString());
    }
    return words;
  }
}
