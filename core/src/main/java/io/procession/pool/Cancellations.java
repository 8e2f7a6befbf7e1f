package io.procession.pool;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// How tasks are taken back that nobody wants done any more, wherever they lie.
final class Cancellations {
  private final ReentrantLock lock;
  private final Condition changed;
  private final Supply supply;
  private final Journal journal;
  private final Overseer overseer;

  /// @param lock guards the assignments
  /// @param changed signalled when a desk is no longer busy
  /// @param overseer sees to the end of those that run
  Cancellations(
      ReentrantLock lock, Condition changed, Supply supply, Journal journal, Overseer overseer) {
    this.lock = lock;
    this.changed = changed;
    this.supply = supply;
    this.journal = journal;
    this.overseer = overseer;
  }

  /// Takes tasks back that no worker has begun: nobody will answer them any more. Those that have been begun run
  /// on, and their answers go nowhere; or they are interrupted, and their workers killed if they do not end. Each
  /// worker is asked once for what it has not begun.
  ///
  /// @param stopsRunning whether they are interrupted
  /// @return whether any was there to be cancelled
  boolean cancel(Collection<? extends Job> jobs, boolean stopsRunning) {
    List<Job> live = new ArrayList<>();
    Set<Desk> desks = new LinkedHashSet<>();
    lock.lock();
    try {
      for (Job job : jobs) {
        if (!job.isEnded()) {
          job.end();
          live.add(job);
          journal.cancelled(job, job.desk());
        }
      }
      for (Job job : live) {
        Desk desk = awaitFree(job);
        if (desk != null) {
          desks.add(desk);
        }
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    desks.forEach(this::recall);
    if (stopsRunning) {
      live.forEach(overseer::stop);
    }
    return !live.isEmpty();
  }

  /// Where a task lies when nobody is at that worker's ring; null for nowhere.
  private @Nullable Desk awaitFree(Job job) {
    Desk desk = job.desk();
    while (desk != null && desk.isBusy) {
      changed.awaitUninterruptibly();
      desk = job.desk();
    }
    return desk;
  }

  /// Takes back what a worker has not begun. Not from one that is stopped at its ring: that takes a second, and
  /// gets nothing.
  void recall(Desk desk) {
    Errand recall = new Errand.Recall(desk);
    boolean isHere;
    lock.lock();
    try {
      while (desk.isBusy) {
        changed.awaitUninterruptibly();
      }
      isHere = !desk.isGone && !desk.isStuck;
      desk.isBusy |= isHere;
    } finally {
      lock.unlock();
    }
    if (isHere) {
      supply.run(recall, null);
    }
  }
}
