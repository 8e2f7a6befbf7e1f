package io.procession.pool;

import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/// What a pool's workers have done and are about, as its dispatcher knows it.
final class DeskSurvey {
  private final ReentrantLock lock;
  private final Assignments assignments;
  private final Journal journal;

  /// @param lock guards the assignments
  DeskSurvey(ReentrantLock lock, Assignments assignments, Journal journal) {
    this.lock = lock;
    this.assignments = assignments;
    this.journal = journal;
  }

  /// How many tasks a worker has done.
  long finished(Desk desk) {
    lock.lock();
    try {
      return desk.finished;
    } finally {
      lock.unlock();
    }
  }

  /// @param workers the workers that live
  PoolStats stats(List<PoolStats.WorkerStats> workers) {
    lock.lock();
    try {
      long waiting = assignments.pending();
      long running = 0;
      for (Desk desk : assignments.desks()) {
        long live = desk.tasks.stream().filter(job -> !job.isEnded()).count();
        running += Math.min(live, 1);
        waiting += Math.max(live - 1, 0);
      }
      return journal.stats(waiting, running, workers);
    } finally {
      lock.unlock();
    }
  }

  /// What a worker is about, for people.
  String describe(Desk desk) {
    lock.lock();
    try {
      Job job = desk.tasks.peekFirst();
      if (job == null) {
        return "no task";
      }
      String name = job.terms().name();
      StringBuilder text = new StringBuilder("task ").append(job.id());
      if (name != null) {
        text.append(" \"").append(name).append('"');
      }
      if (job.count() > 1) {
        int element = BoardLayout.elementOf(desk.courier.board(), job.id());
        if (element >= 0) { // else its function does not run yet
          text.append(", element ").append(element);
        }
        text.append(element >= 0 ? " of " : ", elements ").append(job.count());
      }
      return text.append(", attempt ").append(job.attempt()).toString();
    } finally {
      lock.unlock();
    }
  }
}
