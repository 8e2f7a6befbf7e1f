package io.procession.process;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The static initialisers from which processes are started.
///
/// An initialiser runs again in every process that comes to use its class. One that starts processes
/// which use its class would go on for ever; so each process is told from which initialisers it and its
/// ancestors were started, and starts nothing from those.
final class StaticInitialisers {
  private static final String SEPARATOR = " ";

  private StaticInitialisers() {}

  /// The classes whose static initialisers the calling thread is in.
  static List<String> running() {
    List<String> classes = new ArrayList<>();
    for (StackTraceElement frame : new Throwable().getStackTrace()) {
      if (frame.getMethodName().equals("<clinit>")) {
        classes.add(frame.getClassName());
      }
    }
    return classes;
  }

  /// What a child is told: those of this process, and those that run.
  static String withRunning(String inherited) {
    List<String> classes = new ArrayList<>(list(inherited));
    for (String running : running()) {
      if (!classes.contains(running)) {
        classes.add(running);
      }
    }
    return String.join(SEPARATOR, classes);
  }

  /// Makes sure that no initialiser starts what it has led to already.
  ///
  /// @param inherited what this process was told
  /// @throws StartRefusedException if one does
  static void check(String inherited, String child) {
    if (inherited.isEmpty()) {
      return; // as a rule
    }
    for (String running : running()) {
      if (list(inherited).contains(running)) {
        throw new StartRefusedException(
            "a static initialiser must not start processes in a process that it has led to:"
                + " process="
                + child
                + ", initialiser="
                + running
                + "; it runs again in every process that uses its class. Start processes from main"
                + " or another method");
      }
    }
  }

  private static List<String> list(String classes) {
    return classes.isEmpty() ? List.of() : Arrays.asList(classes.split(SEPARATOR, -1));
  }
}
