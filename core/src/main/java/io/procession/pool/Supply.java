package io.procession.pool;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Brings pending tasks to workers that have room for them, and back from one that has more than it
/// can begin.
final class Supply {
  /*
   * Nothing is sent or taken back with the lock held: who does it has made the desk busy first, so
   * the order in a worker's ring is that of its desk. A busy desk is passed over by everybody else.
   *
   * Whoever changes what lies where, or releases a desk, asks for the next errand before it lets go
   * of the lock, and runs it. So whenever nobody is on an errand, no worker has room while a task is
   * pending, and none is idle while another has a task that it has not begun.
   */

  private final ReentrantLock lock;
  private final Condition changed;
  private final Assignments assignments;
  private final Journal journal;
  private final Handover handover;

  /// @param lock guards the assignments
  /// @param changed signalled when a desk is no longer busy
  Supply(
      ReentrantLock lock,
      Condition changed,
      Assignments assignments,
      Journal journal,
      Handover handover) {
    this.lock = lock;
    this.changed = changed;
    this.assignments = assignments;
    this.journal = journal;
    this.handover = handover;
  }

  /// Runs an errand and those that follow from it, until there are none.
  ///
  /// @param first what [Assignments#nextErrand] said
  /// @param own the desk whose answers the caller sees to itself, null for none
  void run(@Nullable Errand first, @Nullable Desk own) {
    Errand errand = first;
    while (errand != null) {
      errand =
          switch (errand) {
            case Errand.Delivery delivery -> deliver(delivery, own);
            case Errand.Recall recall -> takeBack(recall.desk());
            case Errand.Dismissal dismissal -> dismiss(dismissal.desk());
            case Errand.Ending ending -> end(ending);
            case Errand.Relief relief -> hire(relief.desk().courier::relieve);
            case Errand.Enlargement larger -> hire(larger.desk().courier::enlarge);
          };
    }
  }

  @SuppressWarnings("ReferenceEquality") // a desk is nothing but itself
  private @Nullable Errand deliver(Errand.Delivery delivery, @Nullable Desk own) {
    Desk desk = delivery.desk();
    Throwable failure = null;
    try {
      desk.courier.send(delivery.message());
    } catch (RuntimeException | Error e) {
      failure = e;
    }
    Errand next;
    if (failure == null) {
      next = release(desk);
      if (desk != own) {
        desk.courier.attend();
      }
    } else {
      next = refused(desk, delivery.job(), failure);
    }
    return next;
  }

  private @Nullable Errand refused(Desk desk, Job job, Throwable failure) {
    Answer answer = null;
    lock.lock();
    try {
      assignments.unclaim(desk);
      if (!job.isEnded()) {
        answer = job.lost("the task could not be sent to a worker: " + failure, failure);
        journal.failed(job, null);
        job.end();
        handover.begin();
      }
    } finally {
      free(desk);
      lock.unlock();
    }
    if (answer != null) {
      handover.finish(job, answer);
    }
    return nextErrand();
  }

  /// Takes back what the worker has not taken; nothing from one that is stopped while it has its ring's lock.
  private static int recall(Desk desk) {
    long[] ids = desk.recalledIds;
    int count = 0;
    try {
      long id = desk.courier.recall();
      while (id > Courier.NONE) {
        ids[count++] = id;
        id = desk.courier.recall();
      }
      desk.isStuck = id == Courier.STUCK;
    } catch (RuntimeException | Error e) {
      // what could not be taken back stays where it is
    }
    return count;
  }

  private @Nullable Errand end(Errand.Ending ending) {
    Desk desk = ending.desk();
    Job job = ending.job();
    int count = recall(desk);
    boolean kills = false;
    lock.lock();
    try {
      noteRecalled(desk, count);
      desk.courier.hold();
      kills = !desk.isDoomed && !desk.isGone && assignments.isAlone(desk, job);
      if (kills) {
        desk.doom(job, ending.doom());
        desk.condemnedPart = job.isWatched() && !job.isStopping() ? desk.sight.part() : -1;
      } else {
        desk.courier.letGo();
      }
    } finally {
      free(desk);
      lock.unlock();
    }
    if (kills) {
      desk.courier.kill();
    } else if (count > 0) {
      desk.courier.nudge();
    }
    return nextErrand();
  }

  private @Nullable Errand takeBack(Desk desk) {
    int count = recall(desk);
    lock.lock();
    try {
      noteRecalled(desk, count);
    } finally {
      free(desk);
      lock.unlock();
    }
    if (count > 0) {
      desk.courier.nudge();
    }
    return nextErrand();
  }

  /// If that fails, nobody knows what is in the ring: what the worker has is put back when it is dead. With
  /// the lock.
  private void noteRecalled(Desk desk, int count) {
    boolean done = false;
    try {
      assignments.recalled(desk, desk.recalledIds, count);
      done = true;
    } finally {
      if (!done) {
        desk.courier.kill();
      }
    }
  }

  private @Nullable Errand dismiss(Desk desk) {
    try {
      desk.courier.dismiss();
    } catch (RuntimeException | Error e) {
      desk.courier.kill(); // it cannot be told: it has nothing to do
    }
    return release(desk);
  }

  private @Nullable Errand hire(Runnable start) {
    start.run();
    return nextErrand();
  }

  private @Nullable Errand release(Desk desk) {
    lock.lock();
    try {
      free(desk);
      return assignments.nextErrand();
    } finally {
      lock.unlock();
    }
  }

  /// Whatever has become of the errand: others wait for that. With the lock.
  private void free(Desk desk) {
    desk.isBusy = false;
    changed.signalAll();
  }

  private @Nullable Errand nextErrand() {
    lock.lock();
    try {
      return assignments.nextErrand();
    } finally {
      lock.unlock();
    }
  }

  /// Goes on where an errand failed, for want of memory perhaps.
  void resume() {
    run(nextErrand(), null);
  }
}
