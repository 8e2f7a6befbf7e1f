package io.procession.process;

import io.procession.internal.arena.Membership;
import io.procession.internal.arena.ParticipantLayout;
import io.procession.internal.arena.Session;
import io.procession.serial.SerializableRunnable;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/// The main class of every child.
///
/// What runs here before the task is paid for at every start. So it maps no arena and links no
/// native call, and has no lambda, no stream and no string template: each would load hundreds of
/// classes into a JVM that has none yet.
final class ChildMain {
  /// The words on the command line: arena, session, participant, offset and length of the launch
  /// record, pid and start time of the parent, descriptor of the pipe to it.
  static final int ARGUMENTS = 8;

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
    Requests requests = new Requests(Thread.currentThread());
    int pipe = Integer.parseInt(args[7]);
    ParentWatch watch =
        new ParentWatch(Long.parseLong(args[5]), Long.parseLong(args[6]), pipe, requests);
    watch.start();
    System.setIn(InputStream.nullInputStream());
    Membership self = new Membership(args[0], Long.parseLong(args[1]), Integer.parseInt(args[2]));
    ErrorTee errors = ErrorTee.install(self);
    FailureReport report = new FailureReport(self, watch, requests);
    try {
      if (pipe == Shell.PIPE_WITHOUT) {
        Shell.standIn();
      }
      watch.awaitNoted(self);
      byte[] bytes = self.read(Long.parseLong(args[3]), Integer.parseInt(args[4]));
      Session.enlist(self);
      if (SpareRecord.is(bytes)) {
        Logs.enterSpare(errors);
        bytes = WarmUp.awaitRecord(self, SpareRecord.read(bytes));
      }
      LaunchRecord record = LaunchRecord.read(bytes, self.participant());
      Runtime.getRuntime().addShutdownHook(new Exiting(self, watch, requests));
      self.notePhase(ParticipantLayout.PHASE_ARRIVED);
      report.name(record.name());
      Logs.enter(record, errors);
      if (watch.isDeaf()) {
        Logs.deaf(pipe);
      }
      CurrentProcess current = CurrentProcess.enter(record, watch.parent());
      SerializableRunnable task = record.task();
      current.begin();
      self.notePhase(ParticipantLayout.PHASE_RUNNING);
      report.begin();
      if (requests.begin()) {
        Logs.taskBegins();
        task.run();
      }
    } catch (Throwable t) {
      Thread.currentThread().setUncaughtExceptionHandler(report);
      throw t;
    }
  }

  /// From here on no thread that ends because this process was asked to stop is reported.
  static void keepQuietAboutExits() {
    Thread.setDefaultUncaughtExceptionHandler(
        new Quiet(Thread.getDefaultUncaughtExceptionHandler()));
  }

  /// Notes in this process's row that it ends by itself, and who asked it to.
  private static final class Exiting extends Thread {
    private final Membership self;
    private final ParentWatch watch;
    private final Requests requests;

    Exiting(Membership self, ParentWatch watch, Requests requests) {
      super(null, null, "procession-exiting", 0, false);
      this.self = self;
      this.watch = watch;
      this.requests = requests;
    }

    @Override
    public void run() {
      if (watch.isOrphaned()) {
        return; // the row may have another tenant by now
      }
      try {
        self.notePhase(phase());
      } catch (IOException e) {
        // the session is over: nobody reads the row any more
      }
      watch.leavePipe();
    }

    private int phase() {
      if (requests.isStopping()) {
        return ParticipantLayout.PHASE_STOPPED;
      }
      return isAskedBySignal()
          ? ParticipantLayout.PHASE_EXITING_BY_SIGNAL
          : ParticipantLayout.PHASE_EXITING;
    }

    /// HotSpot runs its own handler of SIGTERM, SIGHUP and SIGINT on a thread of the signal's name.
    private static boolean isAskedBySignal() {
      for (Thread thread : Threads.all()) {
        String name = thread.getName();
        if (name.startsWith("SIG") && name.endsWith(" handler")) {
          return true;
        }
      }
      return false;
    }
  }

  /// Says nothing of threads that were asked to end, and of others what the JVM says.
  private static final class Quiet implements Thread.UncaughtExceptionHandler {
    private final Thread.@Nullable UncaughtExceptionHandler before;

    Quiet(Thread.@Nullable UncaughtExceptionHandler before) {
      this.before = before;
    }

    @Override
    public void uncaughtException(Thread thread, Throwable failure) {
      if (isOfStop(failure)) {
        return;
      }
      if (before != null) {
        before.uncaughtException(thread, failure);
        return;
      }
      synchronized (System.err) {
        System.err.print("Exception in thread \"" + thread.getName() + "\" ");
        failure.printStackTrace();
      }
    }
  }

  static boolean isOfStop(Throwable failure) {
    return failure instanceof ProcessExit || failure instanceof InterruptedException;
  }
}
