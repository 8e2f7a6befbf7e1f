package io.procession.internal.arena;

import java.io.PrintWriter;
import java.io.StringWriter;

/// What is to be said while this process ends.
///
/// It goes to the standard error, and to no logger: loggers are shut down by hooks of the JVM that run
/// beside ours, and what is logged after that is lost. That of the JDK is among them.
public final class LastWords {
  private LastWords() {}

  /// Says it.
  public static void say(String text) {
    System.err.println(
        "WARNING: at the end of process " + ProcessHandle.current().pid() + ": " + text);
  }

  /// Says it, and what was thrown.
  public static void say(String text, Throwable thrown) {
    var trace = new StringWriter();
    thrown.printStackTrace(new PrintWriter(trace));
    say(text + System.lineSeparator() + trace);
  }
}
