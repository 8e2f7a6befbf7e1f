package io.procession.pool;

import io.procession.process.DeathCertificate;
import java.util.concurrent.atomic.AtomicBoolean;
import jdk.jfr.Category;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import org.jspecify.annotations.Nullable;

/// Events of pools for the flight recorder of the JDK, once there is one: where its module is
/// missing, or nobody records, nothing of it is loaded but a listener. That is a class of its own: to
/// verify this one, where it makes the listener, the JVM would have to load the recorder's types.
final class Flights {
  private static final AtomicBoolean IS_WATCHED = new AtomicBoolean();
  private static volatile boolean isOn;

  private Flights() {}

  /// Lets this JVM notice when a recorder is started.
  static void watch() {
    if (ModuleLayer.boot().findModule("jdk.jfr").isPresent()
        && Flights.class.getModule().canRead(ModuleLayer.boot().findModule("jdk.jfr").get())
        && IS_WATCHED.compareAndSet(false, true)) {
      FlightStart.listen();
    }
  }

  /// There is a recorder from now on.
  static void turnOn() {
    isOn = true;
  }

  /// Whether there is a recorder.
  static boolean isOn() {
    return isOn;
  }

  /// Something begins now.
  interface Flight {}

  /// A task has begun.
  static Flight task() {
    TaskFlight flight = new TaskFlight();
    flight.begin();
    return flight;
  }

  /// A task has ended, or this attempt of it.
  ///
  /// @param worker the name of the worker that has had it
  static void end(
      @Nullable Flight begun,
      String pool,
      Job job,
      int attempt,
      @Nullable String worker,
      String outcome) {
    if (begun instanceof TaskFlight flight && flight.shouldCommit()) {
      flight.pool = pool;
      flight.task = job.id();
      flight.taskName = job.terms().name();
      flight.count = job.count();
      flight.attempt = attempt;
      flight.worker = worker;
      flight.outcome = outcome;
      flight.commit();
    }
  }

  /// A worker has ended.
  static void end(String pool, DeathCertificate certificate, boolean wasDismissed) {
    WorkerFlight flight = new WorkerFlight();
    flight.pool = pool;
    flight.worker = certificate.name();
    flight.workerPid = certificate.pid();
    flight.cause = certificate.cause().name();
    flight.sentence = certificate.sentence();
    flight.wasDismissed = wasDismissed;
    flight.commit();
  }

  /// From the moment at which a task is the next of its worker.
  @Name("io.procession.Task")
  @Label("Task")
  @Category({"Procession", "Pool"})
  @StackTrace(false)
  static final class TaskFlight extends Event implements Flight {
    @Label("Pool")
    @Nullable String pool;

    @Label("Task Number")
    long task;

    @Label("Task Name")
    @Nullable String taskName;

    @Label("Elements")
    int count;

    @Label("Attempt")
    int attempt;

    @Label("Worker")
    @Nullable String worker;

    @Label("Outcome")
    @Nullable String outcome;
  }

  /// The end of a worker.
  @Name("io.procession.WorkerEnd")
  @Label("Worker End")
  @Category({"Procession", "Pool"})
  @StackTrace(false)
  static final class WorkerFlight extends Event {
    @Label("Pool")
    @Nullable String pool;

    @Label("Worker")
    @Nullable String worker;

    @Label("Worker Process Id")
    long workerPid;

    @Label("Cause")
    @Nullable String cause;

    @Label("Sentence")
    @Nullable String sentence;

    @Label("Was Dismissed")
    boolean wasDismissed;
  }
}
