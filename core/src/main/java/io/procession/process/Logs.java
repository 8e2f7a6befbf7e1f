package io.procession.process;

import io.procession.internal.log.LibraryLogger;
import io.procession.internal.log.LogState;
import io.procession.internal.relay.JulSetUp;
import io.procession.internal.relay.LogInbox;
import java.lang.System.Logger.Level;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What processes have to do with logging: where the records of a child go, which of the library's go to
/// the standard error, and what the library tells of the life of processes.
final class Logs {
  private static final String JUL_MANAGER = "java.util.logging.manager";
  private static final String JUL_SET_UP =
      "io.procession.internal.relay.JulSetUp"; // not loaded for its name

  /// Makes `java.util.logging` send what it gets to the first process, from its first record on.
  static final String RELAY_FLAG = "-D" + JulSetUp.PROPERTY + "=" + JUL_SET_UP;

  /// Tells other frameworks of the relay to come.
  static final String EXPECT_FLAG = "-D" + LogState.EXPECTED + "=true";

  private static final String AGENT = "-javaagent:";

  /// Made when there is something to be told.
  private static final class Logger {
    static final LibraryLogger OF_PROCESSES = LibraryLogger.of("io.procession.process");
  }

  private static volatile boolean isPackaged;
  private static boolean isTold; // guarded by Logs.class

  private Logs() {}

  /// Says that this process will be a child that a program's own executable serves as: its class loaders
  /// are not what a framework expects, and loggers of its main class may be there already.
  static void expectPackaged() {
    isPackaged = true;
  }

  /// In a spare, before it loads classes whose initialisers may log: what a framework finds when it is set
  /// up cannot be said later.
  static void enterSpare(ErrorTee errors) {
    LogState.setProcess("spare");
    relay(errors);
  }

  /// In a child, before its task is read: lets its records go to the first process. Loads no logger.
  static void enter(LaunchRecord record, ErrorTee errors) {
    LogState.setProcess(record.name());
    begin(record.logLevel());
    relay(errors);
  }

  /// The level of a launch record, unless its parent has named another since: that is the later word.
  private static synchronized void begin(int severity) {
    if (!isTold) {
      LogState.setToStderr(severity);
    }
  }

  /// In a child: its parent names a level.
  static void heed(Level level) {
    synchronized (Logs.class) {
      isTold = true;
      LogState.setToStderr(level.getSeverity());
    }
    toStderr(level);
  }

  private static void relay(ErrorTee errors) {
    if (LogState.OWN.equals(System.getProperty(LogState.PLACE))) {
      return;
    }
    LogState.setRelay(errors);
    if (isPackaged) {
      replaceHandlers();
    } else if (System.getProperty(JulSetUp.PROPERTY) == null
        && System.getProperty(JUL_MANAGER) == null) {
      // read by the framework when the first logger is made, if ever
      System.setProperty(JulSetUp.PROPERTY, JUL_SET_UP);
    }
  }

  /// For a child with an agent, which may log before [ChildMain] runs: frameworks are told of the relay on the
  /// command line then. What comes so early goes where it would without a relay.
  static void addFlags(List<String> flags, LaunchOptions options) {
    boolean hasAgent = false;
    boolean isJulSetUp = false;
    for (String flag : flags) {
      hasAgent |= flag.startsWith(AGENT);
      isJulSetUp |=
          flag.startsWith("-D" + JulSetUp.PROPERTY + "=")
              || flag.startsWith("-D" + JUL_MANAGER + "=");
      if (flag.equals("-D" + LogState.PLACE + "=" + LogState.OWN)) {
        return;
      }
    }
    for (String variable : CarriedFlags.ENVIRONMENT) {
      String value = options.environment().getOrDefault(variable, System.getenv(variable));
      hasAgent |= value != null && value.contains(AGENT);
    }
    if (hasAgent) {
      flags.add(EXPECT_FLAG);
      if (!isJulSetUp) {
        flags.add(RELAY_FLAG);
      }
    }
  }

  private static void replaceHandlers() {
    if (System.getProperty(JUL_MANAGER) == null
        && ModuleLayer.boot().findModule("java.logging").isPresent()) {
      JulSetUp.replaceHandlers();
    }
  }

  /// Sends what the library logs to the standard error, here and in all processes below this one.
  ///
  /// @param level from which level on; OFF for no longer
  static void toStderr(Level level) {
    LogState.setToStderr(level.getSeverity());
    if (CurrentProcess.isKnown()) {
      for (Child child : CurrentProcess.get().runningChildren()) {
        child.request(letter(level));
      }
    }
  }

  /// The level that a byte from the parent names by its first letter; null if it names none.
  static @Nullable Level level(int request) {
    for (Level level : Level.values()) {
      if (letter(level) == request) {
        return level;
      }
    }
    return null;
  }

  private static int letter(Level level) {
    return level.getName().charAt(0);
  }

  /// In the parent, when a child is among its children.
  ///
  /// @param told the severity in its launch record
  static void started(Child child, int told) {
    if (!child.isThread() && CurrentProcess.ofJvm().isFirst()) {
      LogInbox.open();
    }
    if (LogState.toStderr() != told) { // changed while the child was none yet
      child.request(letter(LogState.level(LogState.toStderr(), Level.OFF)));
    }
    if (LogState.isHeard()) {
      Logger.OF_PROCESSES.log(
          Level.DEBUG, "started process " + child.name() + " (pid " + child.pid() + ")");
    }
  }

  /// In the parent, when a child has another JVM instead of the one that did not come up.
  static void startedAgain(Child child, long first, int status) {
    Logger.OF_PROCESSES.log(
        Level.WARNING,
        "the JVM of process "
            + child.name()
            + " (pid "
            + first
            + ") did not come up with its archive of classes (status "
            + status
            + "); it was started again without (pid "
            + child.pid()
            + ")");
  }

  /// In a child that has not the pipe from its parent.
  static void deaf(int pipe) {
    Logger.OF_PROCESSES.log(
        Level.WARNING,
        "this process cannot hear its parent: what has started its JVM has closed descriptor "
            + pipe
            + "; it ends with its parent, but stop, interrupt and orders of a pool do not arrive;"
            + " leave descriptors open and exec java");
  }

  /// In a child.
  static void taskBegins() {
    if (LogState.isHeard()) {
      Logger.OF_PROCESSES.log(
          Level.INFO, "the task begins (pid " + ProcessHandle.current().pid() + ")");
    }
  }

  /// In the parent.
  static void ended(DeathCertificate certificate) {
    if (LogState.isHeard()) {
      Logger.OF_PROCESSES.log(Level.INFO, certificate.sentence());
    }
  }
}
