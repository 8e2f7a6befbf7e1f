package io.procession.pool;

import io.procession.internal.posix.Until;
import io.procession.process.JvmProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
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
  private final Journal journal;
  private final Assignments assignments;
  private final Supply supply;
  private final Inbox inbox;
  private final Overseer overseer;
  private final Terms terms;
  private State state = State.OPEN;
  private final Handover handover = new Handover(lock, changed);
  private int feeds;

  private String endReason;
  private @Nullable Throwable endCause;

  Dispatcher(String pool, int retries) {
    this(pool, Terms.of(retries), PoolOptions.GRACE, List.of(), null);
  }

  Dispatcher(String pool, PoolOptions options) {
    this(
        pool,
        Terms.of(options, TaskOptions.defaults()),
        options.grace(),
        options.listeners(),
        options.reproducers() == null ? null : new Reproducers(pool, options.reproducers()));
  }

  /// @param terms how tasks are treated that say nothing else
  /// @param grace how long a cancelled task has to end by itself
  /// @param listeners hear what happens
  /// @param reproducers where tasks that fail are saved, null for nowhere
  private Dispatcher(
      String pool,
      Terms terms,
      Duration grace,
      List<PoolListener> listeners,
      @Nullable Reproducers reproducers) {
    this.terms = terms;
    this.journal = new Journal(pool, listeners);
    this.assignments = new Assignments(journal);
    this.supply = new Supply(lock, changed, assignments, journal, handover);
    this.inbox = new Inbox(lock, changed, assignments, supply, journal, reproducers);
    this.overseer = new Overseer(lock, assignments, supply, Until.nanos(grace));
    this.endReason = "closed in this process: pool=" + pool;
  }

  long nextId() {
    return ids.incrementAndGet();
  }

  /// Who looks after running tasks.
  Overseer overseer() {
    return overseer;
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
      errand = add(job);
    } finally {
      lock.unlock();
    }
    Desk desk = errand == null ? null : errand.desk();
    supply(job, errand, isReader ? desk : null);
    return desk == null ? null : desk.courier;
  }

  /// With the lock.
  private @Nullable Errand add(Job job) {
    job.settle(terms);
    journal.submitted(job);
    assignments.add(job);
    return assignments.nextErrand();
  }

  /// Brings a task that was added on its way. If that fails nobody has it: it is taken back.
  private void supply(Job job, @Nullable Errand errand, @Nullable Desk own) {
    boolean done = false;
    try {
      if (job.terms().isTimed()) {
        overseer.begin();
      }
      supply.run(errand, own);
      done = true;
    } finally {
      if (!done) {
        cancel(job);
      }
    }
  }

  /// Lets a caller submit the tasks of one piece of work, one after the other, also if the pool is
  /// closed meanwhile: it is not idle before [#endFeed].
  ///
  /// @throws IllegalStateException if the pool takes no more tasks
  void beginFeed() {
    lock.lock();
    try {
      requireOpen();
      feeds++;
    } finally {
      lock.unlock();
    }
  }

  void endFeed() {
    lock.lock();
    try {
      feeds--;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// Takes a task of a feed on. If the pool has ended it is answered with that.
  void feed(Job job) {
    Errand errand = null;
    Answer answer = null;
    lock.lock();
    try {
      if (state == State.ENDED) {
        answer = job.lost(endReason, endCause);
        job.end();
        handover.begin();
      } else {
        errand = add(job);
      }
    } finally {
      lock.unlock();
    }
    if (answer != null) {
      handover.finish(job, answer);
    } else {
      supply(job, errand, null);
    }
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

  /// A worker has come that takes the place of another, which leaves when it has done what it has.
  void relieve(Desk former, Desk desk) {
    lock.lock();
    try {
      assignments.retire(former);
    } finally {
      lock.unlock();
    }
    enter(desk);
  }

  /// Whether another larger worker is needed, after one has left.
  boolean needsLarger() {
    lock.lock();
    try {
      return assignments.needsLarger();
    } finally {
      lock.unlock();
    }
  }

  /// There can be no larger worker: the tasks that wait for one are answered with the reason.
  void giveUpLarger(@Nullable Throwable reason) {
    List<Job> jobs;
    List<Answer> answers = new ArrayList<>();
    lock.lock();
    try {
      jobs = assignments.drainLarge();
      for (Job job : jobs) {
        answers.add(job.lost("out of memory, and no larger worker can be had: " + reason, reason));
        journal.failed(job, null);
        job.end();
      }
      handover.begin();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    handover.finish(jobs, answers);
  }

  /// Waits until nobody is at answering tasks that have ended by force.
  void awaitAnswered() throws InterruptedException {
    lock.lock();
    try {
      while (!handover.isIdle()) {
        changed.await();
      }
    } finally {
      lock.unlock();
    }
  }

  /// Takes a task back that no worker has begun: nobody will answer it any more. One that has been
  /// begun runs on, and its answers go nowhere.
  boolean cancel(Job job) {
    return cancel(job, false);
  }

  /// As [#cancel(Job)]; one that has been begun is interrupted, if that is asked for, and its worker killed
  /// if it does not end.
  ///
  /// @return whether it was there to be cancelled
  boolean cancel(Job job, boolean stopsRunning) {
    return cancel(List.of(job), stopsRunning);
  }

  /// As [#cancel(Job, boolean)], for several at once: each worker is asked once for what it has not begun.
  ///
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
  private void recall(Desk desk) {
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

  /// A worker was started.
  void noteStart(JvmProcess worker) {
    lock.lock();
    try {
      journal.workerStarted(worker);
    } finally {
      lock.unlock();
    }
  }

  /// The workers are told to leave, or ended: that is no death.
  void noteEndOfWorkers() {
    lock.lock();
    try {
      journal.workersAreEnded();
    } finally {
      lock.unlock();
    }
  }

  /// Waits until listeners have been told of everything.
  ///
  /// @param limit how many nanoseconds at most
  void awaitTold(long limit) throws InterruptedException {
    journal.awaitTold(System.nanoTime() + limit);
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
      while (!handover.isIdle() || (state != State.ENDED && !isIdle())) {
        changed.await();
      }
    } finally {
      lock.unlock();
    }
  }

  /// Takes no new tasks from now on, takes back what no worker has begun, and answers it with a reason.
  /// What has been begun goes on; nothing is given to a worker any more.
  ///
  /// @return what has been taken back, oldest first
  List<Job> withdraw(String reason) {
    List<Desk> desks;
    lock.lock();
    try {
      if (state == State.ENDED) {
        return List.of();
      }
      state = State.CLOSED;
      desks = assignments.halt();
    } finally {
      lock.unlock();
    }
    desks.forEach(this::recall);
    List<Job> jobs;
    List<Answer> answers = new ArrayList<>();
    lock.lock();
    try {
      jobs = assignments.drainPending();
      for (Job job : jobs) {
        answers.add(job.lost(reason, null));
        journal.cancelled(job, null);
        job.end();
      }
      handover.begin();
    } finally {
      lock.unlock();
    }
    handover.finish(jobs, answers);
    return jobs;
  }

  boolean isOpen() {
    lock.lock();
    try {
      return state == State.OPEN;
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
        if (cause == null) {
          journal.cancelled(job, job.desk());
        } else {
          journal.failed(job, job.desk());
        }
        job.end();
      }
      handover.begin();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    handover.finish(jobs, answers);
  }

  /// True if a worker that is missing should be replaced.
  boolean wantsWorkers() {
    lock.lock();
    try {
      return state == State.OPEN || (state == State.CLOSED && !isIdle());
    } finally {
      lock.unlock();
    }
  }

  private boolean isIdle() {
    return feeds == 0 && assignments.isIdle();
  }

  private void requireOpen() {
    if (state != State.OPEN) {
      throw new IllegalStateException(endReason, endCause);
    }
  }
}
