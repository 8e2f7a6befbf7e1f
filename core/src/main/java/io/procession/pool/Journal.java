package io.procession.pool;

import io.procession.process.DeathCertificate;
import io.procession.process.JvmProcess;
import java.time.Duration;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// What happens in a pool, counted and told to its listeners. Guarded by the dispatcher's lock.
final class Journal {
  private final String pool;
  private final @Nullable Events events;
  private final long opened = System.nanoTime();
  private final Latencies latencies = new Latencies();
  private long submitted;
  private long finished;
  private long failed;
  private long cancelled;
  private long retried;
  private long started;
  private long died;
  private long recycled;
  private boolean isOver;

  /// @param events tells listeners; null if there are none
  Journal(String pool, @Nullable Events events) {
    this.pool = pool;
    this.events = events;
  }

  void submitted(Job job) {
    submitted++;
    if (job.id() % Latencies.EVERY == 0) {
      job.submittedAt(System.nanoTime());
    }
    tell(PoolListener::taskSubmitted, job, job.attempt(), null, null);
  }

  void started(Job job, Desk desk) {
    if (Flights.isOn()) {
      job.noteFlight(Flights.task());
    }
    tell(PoolListener::taskStarted, job, job.attempt(), desk, null);
  }

  void progressed(Job job, Desk desk, double fraction, @Nullable String note) {
    if (events != null) {
      TaskEvent event = event(job, job.attempt(), desk, null).withProgress(fraction, note);
      events.add(listener -> listener.taskProgressed(event));
    }
  }

  /// A worker has answered a task to the end.
  ///
  /// @param isFailure whether its last part failed
  void finished(Job job, Desk desk, boolean isFailure) {
    boolean isAllOfIt = isFailure && isWhole(job);
    if (isAllOfIt) {
      failed++;
    } else {
      finished++;
    }
    endFlight(job, job.attempt(), desk, isAllOfIt ? "FAILED" : "FINISHED");
    if (job.id() % Latencies.EVERY == 0) {
      latencies.add(System.nanoTime() - job.submittedAt());
    }
    if (isFailure) {
      partFailed(job, desk);
    }
    if (!isAllOfIt) {
      tell(PoolListener::taskFinished, job, job.attempt(), desk, null);
    }
  }

  /// Whether a part that fails is all of a task, or ends it.
  private static boolean isWhole(Job job) {
    return job.count() == 1 || !(job instanceof ChunkJob chunk && chunk.isEach());
  }

  /// An element of a chunk has failed, and the others go on.
  void partFailed(Job job, Desk desk) {
    tell(PoolListener::taskFailed, job, job.attempt(), desk, null);
  }

  /// A task has failed, all that is left of it.
  ///
  /// @param desk of the worker that had it, null if none had
  void failed(Job job, @Nullable Desk desk) {
    failed++;
    endFlight(job, job.attempt(), desk, "FAILED");
    tell(PoolListener::taskFailed, job, job.attempt(), desk, null);
  }

  /// Its owner has cancelled a task, or the pool ends first.
  ///
  /// @param desk of the worker that had it, null if none had
  void cancelled(Job job, @Nullable Desk desk) {
    cancelled++;
    endFlight(job, job.attempt(), desk, "CANCELLED");
    tell(PoolListener::taskFailed, job, job.attempt(), desk, null);
  }

  /// A task, or an element of a chunk that may go on, has failed because its worker died.
  void died(Job job, Desk desk, DeathCertificate certificate) {
    boolean isWhole = isWhole(job);
    endFlight(job, job.lastAttempt(), desk, "DIED");
    tell(PoolListener::taskFailed, job, job.lastAttempt(), desk, certificate);
    if (isWhole) {
      failed++;
    } else if (job.isEnded()) {
      finished++;
      tell(PoolListener::taskFinished, job, job.lastAttempt(), desk, null);
    }
  }

  /// @param certificate of its worker, null if that lives
  void retried(Job job, Desk desk, @Nullable DeathCertificate certificate) {
    retried++;
    endFlight(job, job.attempt() - 1, desk, "RETRIED");
    tell(PoolListener::taskRetried, job, job.attempt(), desk, certificate);
  }

  private void endFlight(Job job, int attempt, @Nullable Desk desk, String outcome) {
    if (Flights.isOn()) {
      String worker = desk == null ? null : desk.courier.worker();
      Flights.end(job.takeFlight(), pool, job, attempt, worker, outcome);
    }
  }

  private void tell(
      BiConsumer<PoolListener, TaskEvent> what,
      Job job,
      int attempt,
      @Nullable Desk desk,
      @Nullable DeathCertificate certificate) {
    if (events != null) {
      TaskEvent event = event(job, attempt, desk, certificate);
      events.add(listener -> what.accept(listener, event));
    }
  }

  private TaskEvent event(
      Job job, int attempt, @Nullable Desk desk, @Nullable DeathCertificate certificate) {
    return new TaskEvent(
        pool,
        job.id(),
        job.terms().name(),
        job.count(),
        attempt,
        desk == null ? null : desk.courier.worker(),
        0,
        null,
        certificate);
  }

  void workerStarted(JvmProcess worker) {
    started++;
    tell(PoolListener::workerStarted, new WorkerEvent(pool, worker.name(), worker.pid(), null));
  }

  /// The workers are told to leave, or ended: the pool needs them no longer.
  void workersAreEnded() {
    isOver = true;
  }

  /// @param wasDismissed whether it was told to leave between two tasks, and did
  void workerEnded(DeathCertificate certificate, boolean wasDismissed) {
    if (Flights.isOn()) {
      Flights.end(pool, certificate, wasDismissed);
    }
    WorkerEvent event = new WorkerEvent(pool, certificate.name(), certificate.pid(), certificate);
    if (wasDismissed) {
      recycled++;
      tell(PoolListener::workerRecycled, event);
    } else if (isOver && isByUs(certificate)) {
      tell(PoolListener::workerLeft, event);
    } else {
      died++;
      tell(PoolListener::workerDied, event);
    }
  }

  private static boolean isByUs(DeathCertificate certificate) {
    return switch (certificate.cause()) {
      case ENDED, STOPPED, KILLED_BY_PARENT -> true;
      default -> false;
    };
  }

  private void tell(BiConsumer<PoolListener, WorkerEvent> what, WorkerEvent event) {
    if (events != null) {
      events.add(listener -> what.accept(listener, event));
    }
  }

  /// Waits until listeners have been told of everything, without the lock.
  ///
  /// @param deadline of [System#nanoTime()]
  void awaitTold(long deadline) throws InterruptedException {
    if (events != null) {
      events.awaitTold(deadline);
    }
  }

  PoolStats stats(long pending, long running, List<PoolStats.WorkerStats> workers) {
    return new PoolStats(
        Duration.ofNanos(System.nanoTime() - opened),
        submitted,
        finished,
        failed,
        cancelled,
        pending,
        running,
        retried,
        started,
        died,
        recycled,
        Duration.ofNanos(latencies.percentile(0.5)),
        Duration.ofNanos(latencies.percentile(0.99)),
        workers);
  }
}
