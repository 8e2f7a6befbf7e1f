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

  /// @param lock guards the assignments
  /// @param changed signalled when a desk is no longer busy
  Supply(ReentrantLock lock, Condition changed, Assignments assignments) {
    this.lock = lock;
    this.changed = changed;
    this.assignments = assignments;
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
    Errand next;
    lock.lock();
    try {
      assignments.unclaim(desk);
      if (!job.isEnded()) {
        answer = job.lost("the task could not be sent to a worker: " + failure, failure);
        job.end();
      }
      next = release(desk);
    } finally {
      lock.unlock();
    }
    if (answer != null) {
      job.answer(answer);
    }
    return next;
  }

  private @Nullable Errand takeBack(Desk desk) {
    long[] ids = new long[Assignments.AHEAD];
    int count = 0;
    try {
      long id = desk.courier.recall();
      while (id != Courier.NONE) {
        ids[count++] = id;
        id = desk.courier.recall();
      }
    } catch (RuntimeException | Error e) {
      // what could not be taken back stays where it is
    }
    Errand next;
    lock.lock();
    try {
      assignments.recalled(desk, ids, count);
      next = release(desk);
    } finally {
      lock.unlock();
    }
    if (count > 0) {
      desk.courier.nudge();
    }
    return next;
  }

  private @Nullable Errand release(Desk desk) {
    lock.lock();
    try {
      desk.isBusy = false;
      changed.signalAll();
      return assignments.nextErrand();
    } finally {
      lock.unlock();
    }
  }
}
