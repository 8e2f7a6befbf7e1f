package io.procession.process;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/// The shell that becomes a child's JVM, and what it does before, which a JVM could do only later:
///
/// - the terminal's Ctrl-C is made none of its business: the first process alone decides what to do about it;
/// - the pipe to the parent, which `ProcessBuilder` gives as standard input, is moved away from there. A program that
///   the child starts may inherit its input, and would read what we are asked.
///
/// It is left out where there is none, and where the environment would not come through it whole. Then the child
/// does the same as soon as its own code runs, as well as a JVM can.
final class Shell {
  /// Where it is; empty to do without.
  static final String PROPERTY = "procession.shell";

  /// Where the pipe is behind the shell: `ProcessBuilder` closes that descriptor in whatever it starts.
  static final int PIPE_BEHIND = 3;

  /// Where the pipe is without it.
  static final int PIPE_WITHOUT = 0;

  private static final String PATH = System.getProperty(PROPERTY, "/bin/sh");
  private static final String BECOME =
      "trap '' INT; exec \"$0\" \"$@\" " + PIPE_BEHIND + "<&0 </dev/null";

  /// What shells set for themselves, whatever it was.
  private static final Set<String> OWN_VARIABLES = Set.of("IFS", "OPTIND", "PPID", "PS4");

  /// How bash hands its functions on; no program but bash reads them.
  private static final String FUNCTION = "BASH_FUNC_";

  private Shell() {}

  /// True if there is one.
  static boolean isThere() {
    return !PATH.isEmpty() && Files.isExecutable(Path.of(PATH));
  }

  /// True if a child with variables of these names is to be started through it.
  static boolean isBetween(Set<String> variables) {
    for (String name : variables) {
      boolean passes = isWord(name) && !OWN_VARIABLES.contains(name);
      if (!passes && !name.startsWith(FUNCTION)) {
        return false;
      }
    }
    return isThere();
  }

  /// The words in front of the command that it becomes.
  static List<String> words() {
    return words(BECOME);
  }

  /// The words in front of a command that a script runs.
  static List<String> words(String script) {
    return List.of(PATH, "-c", script);
  }

  /// In a child that was started without it, once the pipe has been opened anew. It is all Java: to link a native call
  /// would take longer than all the rest of the start.
  static void standIn() throws IOException {
    // the JDK does not close the standard input but puts /dev/null there: for writing, so who reads
    // it fails
    new FileInputStream(FileDescriptor.in).close();
    try {
      ignoreInterrupts();
    } catch (ReflectiveOperationException e) {
      // an image without jdk.unsupported, or a JVM with -Xrs: Ctrl-C ends this process as it ends
      // others
    }
  }

  /// By reflection: a compiler warns of that class, and nothing can make it stop.
  private static void ignoreInterrupts() throws ReflectiveOperationException {
    Class<?> signal = Class.forName("sun.misc.Signal");
    Class<?> handler = Class.forName("sun.misc.SignalHandler");
    Object interrupt = signal.getConstructor(String.class).newInstance("INT");
    Object ignore = handler.getField("SIG_IGN").get(null);
    var _ = signal.getMethod("handle", signal, handler).invoke(null, interrupt, ignore);
  }

  private static boolean isWord(String name) {
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      boolean isLetter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_';
      if (!isLetter && (i == 0 || c < '0' || c > '9')) {
        return false;
      }
    }
    return true;
  }
}
