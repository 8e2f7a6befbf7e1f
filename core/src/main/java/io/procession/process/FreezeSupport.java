package io.procession.process;

import io.procession.internal.arena.Session;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;

/// Lets a program's own executable serve as its child processes.
///
/// For programs that are no plain class path or module path: a fat jar whose launcher has class loaders of its
/// own (as Spring Boot's), an image of `jpackage`, a run-time image without a `java` command. See
/// [Procession.freezeSupport][io.procession.Procession#freezeSupport].
///
/// In such a program it notes how the program was started; processes are started in the same way from then
/// on, with arguments of their own. In such a process it runs the task and ends the process: the program
/// behind it is not run. An executable that is no `java` keeps its own JVM flags for its processes; those of
/// [LaunchOptions] are passed by `JAVA_TOOL_OPTIONS`, which the JVM mentions on its standard error.
public final class FreezeSupport {
  /// What a child's arguments begin with; those of [ChildMain] follow.
  static final String CHILD = "--procession-child";

  /// The variable that has the parent's process id, for executables that keep arguments to themselves.
  static final String PARENT = "PROCESSION_CHILD_OF";

  private static final AtomicBoolean CALLED = new AtomicBoolean();

  private FreezeSupport() {}

  /// Does nothing in a program that is started in the usual way. Otherwise the program's executable
  /// is what processes are started with from now on; and in a process that was, its task is run here,
  /// and the process ends without a return from this method.
  ///
  /// @param args the arguments of `main`
  /// @throws IllegalStateException if it was called before, or the library has been used before
  public static void begin(String[] args) {
    if (!CALLED.compareAndSet(false, true)) {
      throw new IllegalStateException(
          "freezeSupport was called before: it is called once, first in main");
    }
    if (CurrentProcess.isKnown() || Session.isOpen()) {
      throw new IllegalStateException(
          "freezeSupport was called too late: a process or a session has begun; it must be the first"
              + " thing in main");
    }
    boolean isChild = args.length == 1 + ChildMain.ARGUMENTS && args[0].equals(CHILD);
    if (isChild || !LaunchCommand.isPlain()) {
      Executable.use(args);
    }
    if (isChild) {
      Logs.expectPackaged();
      run(Arrays.copyOfRange(args, 1, args.length));
    }
  }

  /// Makes sure that a process which was started with the program's own executable does not run the
  /// program once more: it would start processes that start processes without end.
  ///
  /// @throws IllegalStateException if it would
  static void requireHeard() {
    boolean isChild =
        System.getProperty("sun.java.command", "").contains(" " + CHILD + " ")
            || isChildOf(System.getenv(PARENT));
    if (isChild) {
      throw new IllegalStateException(
          "this process was started to serve as a child, by the program's own executable, and main has"
              + " come this far without a call of Procession.freezeSupport(args): call it first in main,"
              + " with all its arguments");
    }
  }

  private static boolean isChildOf(String parent) {
    return parent != null
        && ProcessHandle.current()
            .parent()
            .map(handle -> parent.equals(Long.toString(handle.pid())))
            .orElse(false);
  }

  /// As the JVM does with a main class: what is thrown is told, other threads that are no daemons are
  /// waited for, then it ends.
  private static void run(String[] words) {
    int status = 0;
    try {
      ChildMain.main(words);
    } catch (Throwable t) {
      status = 1;
      Thread self = Thread.currentThread();
      self.getUncaughtExceptionHandler().uncaughtException(self, t);
    }
    Thread.currentThread().setName(Stopping.JVM_WAITING); // so a stop does not wait for it
    while (joinOther()) {
      // there may be new ones by now
    }
    System.exit(status);
  }

  /// Waits for another thread that keeps the JVM alive; false if there is none.
  @SuppressWarnings("ThreadJoinLoop") // it is one
  private static boolean joinOther() {
    for (Thread other : Threads.all()) {
      if (!other.isDaemon() && !other.equals(Thread.currentThread())) {
        while (other.isAlive()) {
          try {
            other.join();
          } catch (InterruptedException e) {
            // the main thread has nothing else to do
          }
        }
        return true;
      }
    }
    return false;
  }
}
