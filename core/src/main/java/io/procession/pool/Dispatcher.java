package io.procession.pool;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Takes tasks on and sees to it that each is answered exactly once for each of its elements,
/// whatever dies.
///
/// There is no thread in it. Who submits a task sends it, if a worker has room for one ([Supply]);
/// who reads a result sends that worker the next ([Inbox]). One lock guards the assignments, the ends
/// of jobs and the state; nothing is sent, received or answered with it held.
final class Dispatcher {
  private enum State {
    OPEN,
    /// No new tasks.
    CLOSED,
    /// All tasks were answered by force.
    ENDED
  }

  private final AtomicLong ids = new AtomicLong();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Assignments assignments = new Assignments();
  private final Supply supply = new Supply(lock, changed, assignments);
  private final Inbox inbox;
  private State state = State.OPEN;
  private String endReason;
  private @Nullable Throwable endCause;

  Dispatcher(String pool, int retries) {
    this.inbox = new Inbox(lock, changed, assignments, supply, retries);
    this.endReason = "the pool is closed: pool=" + pool;
  }

  long nextId() {
    return ids.incrementAndGet();
  }

  /// Where workers' messages go.
  Inbox inbox() {
    return inbox;
  }

  /// Takes a task on.
  ///
  /// @param isReader whether the caller is going to read the worker's results itself, and then calls
  ///     [Courier#attend] on the way that is returned
  /// @return the way on which tasks were sent, this one among them or not; null if none were
  /// @throws IllegalStateException if the pool takes no more tasks
  @Nullable Courier submit(Job job, boolean isReader) {
    Errand errand;
    lock.lock();
    try {
      requireOpen();
      assignments.add(job);
      errand = assignments.nextErrand();
    } finally {
      lock.unlock();
    }
    if (errand == null) {
      return null;
    }
    supply.run(errand, isReader ? errand.desk() : null);
    return errand.desk().courier;
  }

  /// Takes tasks on, all or none.
  ///
  /// @throws IllegalStateException if the pool takes no more tasks
  void submitAll(List<? extends Job> jobs) {
    Errand errand;
    lock.lock();
    try {
      requireOpen();
      for (Job job : jobs) {
        assignments.add(job);
      }
      errand = assignments.nextErrand();
    } finally {
      lock.unlock();
    }
    supply.run(errand, null);
  }

  /// A worker has come.
  void enter(Desk desk) {
    Errand errand;
    lock.lock();
    try {
      assignments.enter(desk);
      errand = assignments.nextErrand();
    } finally {
      lock.unlock();
    }
    supply.run(errand, null);
  }

  /// Takes a task back that no worker has begun: nobody will answer it any more. One that has been
  /// begun runs on, and its answers go nowhere.
  ///
  /// @return whether it was there to be cancelled
  boolean cancel(Job job) {
    Errand recall = null;
    lock.lock();
    try {
      if (job.isEnded()) {
        return false;
      }
      job.end();
      Desk desk = job.desk();
      while (desk != null && desk.isBusy) {
        changed.awaitUninterruptibly();
        desk = job.desk();
      }
      if (desk != null && !desk.isGone) {
        desk.isBusy = true;
        recall = new Errand.Recall(desk);
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    supply.run(recall, null);
    return true;
  }

  /// Takes no new tasks from now on.
  void close() {
    lock.lock();
    try {
      if (state == State.OPEN) {
        state = State.CLOSED;
      }
    } finally {
      lock.unlock();
    }
  }

  /// Waits until every task has been answered, and nobody is at a worker's ring.
  void awaitIdle() throws InterruptedException {
    lock.lock();
    try {
      while (state != State.ENDED && !assignments.isIdle()) {
        changed.await();
      }
    } finally {
      lock.unlock();
    }
  }

  /// Answers every task at once with the reason why it will not be done, and takes no new ones.
  void end(String reason, @Nullable Throwable cause) {
    List<Job> jobs;
    List<Answer> answers = new ArrayList<>();
    lock.lock();
    try {
      if (state == State.ENDED) {
        return;
      }
      state = State.ENDED;
      endReason = reason;
      endCause = cause;
      jobs = assignments.drain();
      for (Job job : jobs) {
        answers.add(job.lost(reason, cause));
        job.end();
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    for (int i = 0; i < jobs.size(); i++) {
      jobs.get(i).answer(answers.get(i));
    }
  }

  /// True if a worker that is missing should be replaced.
  boolean wantsWorkers() {
    lock.lock();
    try {
      return state == State.OPEN || (state == State.CLOSED && !assignments.isIdle());
    } finally {
      lock.unlock();
    }
  }

  private void requireOpen() {
    if (state != State.OPEN) {
      throw new IllegalStateException(endReason, endCause);
    }
  }
}
