package io.procession.process;

import io.procession.internal.arena.ParticipantLayout;
import io.procession.internal.posix.ProcessIdentity;
import io.procession.serial.SerializableRunnable;

/// Runs the task of a process that is a thread, as [ChildMain] does in a JVM.
final class ThreadRun implements Runnable {
  private static final int UNCAUGHT = 1; // with which `java` exits if main throws

  private final ThreadProcess process;
  private final byte[] record;
  private volatile int code = UNCAUGHT;

  ThreadRun(ThreadProcess process, byte[] record) {
    this.process = process;
    this.record = record;
  }

  /// The exit code, once it has run.
  int code() {
    return code;
  }

  @Override
  public void run() {
    try {
      runTask();
      code = 0;
    } catch (Throwable t) {
      report(t);
    }
  }

  private void runTask() throws Exception {
    int self = process.session().self();
    LaunchRecord launch = LaunchRecord.read(record, self);
    process.session().participants().notePhase(self, ParticipantLayout.PHASE_ARRIVED);
    CurrentProcess current = CurrentProcess.enter(launch, ProcessIdentity.self());
    SerializableRunnable task = launch.task();
    current.begin();
    process.session().participants().notePhase(self, ParticipantLayout.PHASE_RUNNING);
    if (process.requests().begin()) {
      Logs.taskBegins();
      task.run();
    }
  }

  private void report(Throwable failure) {
    int self = process.session().self();
    int phase = process.session().participants().phase(self);
    int kind = FailureReport.kind(failure, phase == ParticipantLayout.PHASE_RUNNING);
    process.session().participants().noteFailure(self, kind);
    if (!(process.stop().isAsked() && ChildMain.isOfStop(failure))) {
      FailureReport.print(process.here().name(), failure);
    }
  }
}
