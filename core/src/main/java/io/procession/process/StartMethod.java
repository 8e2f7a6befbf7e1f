package io.procession.process;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How a process gets its JVM, or that it does without one.
///
/// One of them is the default of this process: what `-Dprocession.context` says, or [#setDefault],
/// else [#SPAWN]. Children have their parent's default.
public enum StartMethod {
  /// A fresh JVM for each process.
  SPAWN,

  /// A fresh JVM that was started ahead and has warmed up meanwhile: a spare. From the second start
  /// of a kind on, spares are kept ready; each serves one process and ends with it.
  FORKSERVER,

  /// No JVM: a thread of this one, which behaves as a process as far as a thread can. For tests and
  /// debugging.
  DUMMY;

  /// The system property that chooses the default.
  static final String PROPERTY = "procession.context";

  private static @Nullable StartMethod chosen; // guarded by the class
  private static boolean isFixed; // guarded by the class

  /// The name by which it is chosen, as in Python: `spawn`.
  ///
  /// @return the name
  public String label() {
    return switch (this) {
      case SPAWN -> "spawn";
      case FORKSERVER -> "forkserver";
      case DUMMY -> "dummy";
    };
  }

  /// The names of all.
  ///
  /// @return them, the one that is the default unless another is chosen first
  public static List<String> labels() {
    List<String> labels = new ArrayList<>();
    for (StartMethod method : values()) {
      labels.add(method.label());
    }
    return labels;
  }

  /// The start method of that name.
  ///
  /// @param name such as `spawn`
  /// @return the method
  /// @throws IllegalArgumentException if there is none
  public static StartMethod of(String name) {
    for (StartMethod method : values()) {
      if (method.label().equals(name)) {
        return method;
      }
    }
    String why =
        name.equals("fork")
            ? "; a JVM cannot fork: forkserver has processes that are ready"
            : "; take one of those";
    throw new IllegalArgumentException(
        "there is no such start method: name=" + name + ", known=" + labels() + why);
  }

  private static StartMethod ofProperty(String name) {
    try {
      return of(name);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("-D" + PROPERTY + "=" + name + ": " + e.getMessage(), e);
    }
  }

  /// The default of this process. To ask for it, as to start a process by it, fixes it.
  ///
  /// @return the method by which processes are started that name none
  /// @throws IllegalArgumentException if `-Dprocession.context` names none
  public static synchronized StartMethod current() {
    StartMethod method = chosen;
    if (method == null) {
      String named = System.getProperty(PROPERTY);
      method = named == null ? SPAWN : ofProperty(named);
      chosen = method;
    }
    isFixed = true;
    return method;
  }

  /// Chooses the default of this process, once and before it is used.
  ///
  /// @param method what it shall be
  /// @throws IllegalStateException if it has been chosen or used already
  public static synchronized void setDefault(StartMethod method) {
    StartMethod known = chosen;
    if (isFixed && known != null) {
      throw new IllegalStateException(
          "the start method is chosen once, before the first process: method="
              + known.label()
              + ", asked for="
              + method.label()
              + "; use context(\""
              + method.label()
              + "\") for some processes, or force it");
    }
    forceDefault(method);
  }

  /// Chooses the default of this process, whether or not it has been chosen or used. For tests, and
  /// programs whose parts do not know of each other.
  ///
  /// @param method what it shall be from now on
  public static synchronized void forceDefault(StartMethod method) {
    chosen = method;
    isFixed = true;
  }

  /// Names classes that the spares of [#FORKSERVER] load and initialize while they
  /// wait, so that processes need not. A class that cannot be initialized there is left to the
  /// process that uses it.
  ///
  /// @param classes their names; they replace those named before, and hold for spares begun from now on
  public static void setForkserverPreload(List<String> classes) {
    Spares.own().preload(classes);
  }

  /// Chooses the `java` command with which processes are started from now on.
  ///
  /// @param java the command, or the folder of a JDK; null for this JVM's own. It is run once and asked
  ///     for its version
  /// @throws IllegalArgumentException if it is no Java, or older than 25
  /// @throws java.util.concurrent.CancellationException if the thread is interrupted while it is asked; it
  ///     stays interrupted
  public static void setExecutable(@Nullable Path java) {
    JavaCommand.choose(java);
  }

  /// What a child shall have as its default, null if it has it anyway.
  static synchronized @Nullable StartMethod chosenForChildren() {
    StartMethod method = chosen;
    String named = System.getProperty(PROPERTY);
    return method == null || method.label().equals(named) ? null : method;
  }
}
