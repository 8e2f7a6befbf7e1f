package io.procession.pool;

import io.procession.process.DeathCause;
import io.procession.process.DeathCertificate;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// The death of a worker, as it concerns the task that it ran.
///
/// @param certificate how the worker ended
/// @param doom what the pool killed it for, null if it did not for this task
/// @param part the element for which it did, -1 if that is not known
/// @param task what the task is called
record Death(DeathCertificate certificate, @Nullable Doom doom, int part, String task) {
  Death(DeathCertificate certificate, @Nullable Doom doom) {
    this(certificate, doom, -1, "task");
  }

  /// @param desk the desk of the worker
  /// @param job what it ran
  @SuppressWarnings("ReferenceEquality") // a job is nothing but itself
  static Death of(DeathCertificate certificate, Desk desk, Job job) {
    Doom doom = desk.condemned == job ? desk.doom : null;
    if (doom == null || certificate.cause() != DeathCause.KILLED_BY_PARENT) {
      return new Death(ofExit(certificate), null, -1, job.title());
    }
    return new Death(doom.certify(certificate), doom, desk.condemnedPart, job.title());
  }

  /// A worker does not end of itself while it has a task: what looks so is an exit that somebody called for.
  private static DeathCertificate ofExit(DeathCertificate plain) {
    if (plain.cause() != DeathCause.ENDED) {
      return plain;
    }
    String sentence =
        plain.name()
            + " (pid "
            + plain.pid()
            + ") exited with code 0 in the midst of its task: something there has called"
            + " System.exit";
    return told(plain, DeathCause.EXIT_CODE, sentence);
  }

  /// The same certificate, of whose cause the pool knows more.
  static DeathCertificate told(DeathCertificate plain, DeathCause cause, String sentence) {
    return new DeathCertificate(
        plain.pid(),
        plain.name(),
        plain.exitCode(),
        plain.signal(),
        cause,
        sentence,
        plain.crashReport(),
        plain.lastWords());
  }

  /// Whether the task may do better in another worker.
  boolean mayBeTriedAgain() {
    return doom == null || doom.allowsRetry();
  }

  /// Whether there was not enough memory for the task.
  boolean isOutOfMemory() {
    return switch (certificate.cause()) {
      case OUT_OF_HEAP, OUT_OF_MEMORY, MEMORY_LIMIT -> true;
      default -> false;
    };
  }

  /// What is told of the task.
  TaskException toException() {
    if (doom instanceof Doom.Overrun overrun) {
      Duration soft = overrun.soft();
      String what =
          soft == null
              ? task
                  + " ran too long, and "
                  + certificate.name()
                  + " was killed at its hard deadline of "
                  + overrun.limit()
              : task
                  + " ran too long: it did not heed the interrupt at its deadline of "
                  + soft
                  + ", and "
                  + certificate.name()
                  + " was killed at "
                  + overrun.limit();
      return new TaskException(
          what, new TaskTimeoutException(what, overrun.limit(), overrun.dump(), certificate, null));
    }
    return new TaskException(
        certificate.name() + " died while it ran the " + task + ": " + certificate.sentence(),
        new WorkerDiedException(certificate));
  }
}
