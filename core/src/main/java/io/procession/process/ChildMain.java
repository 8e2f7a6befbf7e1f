package io.procession.process;

import io.procession.internal.arena.Membership;
import io.procession.internal.arena.ParticipantLayout;
import io.procession.internal.arena.Session;
import io.procession.serial.Task;
import java.io.IOException;
import java.io.InputStream;

/// The main class of every child. Public because `java` asks for it; it is no API.
///
/// What runs here before the task is paid for at every start. So it maps no arena and links no
/// native call, and has no lambda, no stream and no string template: each would load hundreds of
/// classes into a JVM that has none yet.
public final class ChildMain {
  /// The words on the command line: arena, session, participant, offset and length of the launch
  /// record, pid and start time of the parent.
  static final int ARGUMENTS = 7;

  static final int USAGE = 2;

  private ChildMain() {}

  /// Runs the task of a child.
  ///
  /// @param args what the parent's launcher wrote
  /// @throws Throwable what the task threw
  public static void main(String[] args) throws Throwable {
    if (args.length != ARGUMENTS) {
      System.err.println(
          "io.procession.process.ChildMain is what Procession starts its processes with; it cannot"
              + " be run by hand");
      System.exit(USAGE);
    }
    ParentWatch watch = new ParentWatch(Long.parseLong(args[5]), Long.parseLong(args[6]));
    watch.start();
    System.setIn(InputStream.nullInputStream());
    Membership self = new Membership(args[0], Long.parseLong(args[1]), Integer.parseInt(args[2]));
    String name = "process";
    try {
      watch.awaitNoted(self);
      byte[] bytes = self.read(Long.parseLong(args[3]), Integer.parseInt(args[4]));
      LaunchRecord record = LaunchRecord.read(bytes, self.participant());
      Session.enlist(self);
      Runtime.getRuntime().addShutdownHook(new Exiting(self, watch));
      self.notePhase(ParticipantLayout.PHASE_RUNNING);
      name = record.name();
      CurrentProcess current = CurrentProcess.enter(record);
      Task task = record.task();
      current.begin();
      task.run();
    } catch (Throwable t) {
      Thread.currentThread().setUncaughtExceptionHandler(new Report(name, watch));
      throw t;
    }
  }

  /// Notes in this process's row that it ends by itself, and whether a signal asked it to.
  private static final class Exiting extends Thread {
    private final Membership self;
    private final ParentWatch watch;

    Exiting(Membership self, ParentWatch watch) {
      super(null, null, "procession-exiting", 0, false);
      this.self = self;
      this.watch = watch;
    }

    @Override
    public void run() {
      if (watch.isOrphaned()) {
        return; // the row may have another tenant by now
      }
      try {
        self.notePhase(
            isAskedBySignal()
                ? ParticipantLayout.PHASE_EXITING_BY_SIGNAL
                : ParticipantLayout.PHASE_EXITING);
      } catch (IOException e) {
        // the session is over: nobody reads the row any more
      }
      watch.leavePipe();
    }

    /// HotSpot runs its own handler of SIGTERM, SIGHUP and SIGINT on a thread of the signal's name.
    private static boolean isAskedBySignal() {
      ThreadGroup group = Thread.currentThread().getThreadGroup();
      while (group.getParent() != null) {
        group = group.getParent();
      }
      Thread[] threads = new Thread[group.activeCount() + 8];
      int count = group.enumerate(threads, true);
      for (int i = 0; i < count; i++) {
        String name = threads[i].getName();
        if (name.startsWith("SIG") && name.endsWith(" handler")) {
          return true;
        }
      }
      return false;
    }
  }

  /// Prints what a task threw, with its process's name.
  private static final class Report implements Thread.UncaughtExceptionHandler {
    private final String name;
    private final ParentWatch watch;

    Report(String name, ParentWatch watch) {
      this.name = name;
      this.watch = watch;
    }

    @Override
    public void uncaughtException(Thread thread, Throwable failure) {
      if (!watch.isParentAlive()) {
        return; // what is missing is missing because the session ends
      }
      synchronized (System.err) {
        System.err.println(
            "Exception in process " + name + " (pid " + ProcessHandle.current().pid() + ")");
        failure.printStackTrace();
      }
    }
  }
}
