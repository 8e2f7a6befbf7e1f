package io.procession.pool;

import io.procession.internal.posix.Until;
import io.procession.process.JvmProcess;
import java.util.Collection;
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
  private final Journal journal;
  private final Assignments assignments;
  private final Supply supply;
  private final Inbox inbox;
  private final Overseer overseer;
  private final Cancellations cancellations;
  private final Forfeits forfeits;
  private final Terms terms; // of tasks that say nothing else
  private State state = State.OPEN;
  private final Handover handover = new Handover(lock, changed);
  private int feeds;

  private String endReason;
  private @Nullable Throwable endCause;

  /// For tests.
  Dispatcher(String pool, int retries) {
    this(pool, PoolOptions.defaults().withRetries(retries));
  }

  Dispatcher(String pool, PoolOptions options) {
    this(pool, options, Rounds.OF_JVM, Events.of(pool, options.listeners()));
  }

  /// @param rounds when it is looked after running tasks
  /// @param events tells listeners, of others than this, too; null if there are none
  Dispatcher(String pool, PoolOptions options, Rounds rounds, @Nullable Events events) {
    Reproducers reproducers =
        options.reproducers() == null ? null : new Reproducers(pool, options.reproducers());
    this.terms = Terms.of(options, TaskOptions.defaults());
    this.journal = new Journal(pool, events);
    this.assignments = new Assignments(journal);
    this.supply = new Supply(lock, changed, assignments, journal, handover);
    this.inbox = new Inbox(lock, changed, assignments, supply, journal, reproducers);
    long grace = Until.nanos(options.grace());
    this.overseer = new Overseer(lock, assignments, supply, grace, rounds);
    this.cancellations = new Cancellations(lock, changed, supply, journal, overseer);
    this.forfeits = new Forfeits(journal, handover);
    this.endReason = "closed: pool=" + pool + "; open another";
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
        // an older task may have been sent, and the caller does not come to read
        if (own != null) {
          own.courier.attend();
        }
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
    Forfeits.Lot lot;
    lock.lock();
    try {
      String why = "out of memory, and no larger worker can be had: " + reason;
      lot = forfeits.take(assignments.waitingForLarger(), why, reason, true);
      assignments.forgetLarger();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    lot.deliver();
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

  /// As [Cancellations#cancel].
  boolean cancel(Collection<? extends Job> jobs, boolean stopsRunning) {
    return cancellations.cancel(jobs, stopsRunning);
  }

  /// What workers are about.
  DeskSurvey survey() {
    return new DeskSurvey(lock, assignments, journal);
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
    desks.forEach(cancellations::recall);
    Forfeits.Lot lot;
    lock.lock();
    try {
      lot = forfeits.take(assignments.waiting(), reason, null, false);
      assignments.forgetWaiting();
    } finally {
      lock.unlock();
    }
    lot.deliver();
    return lot.jobs();
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
    Forfeits.Lot lot;
    lock.lock();
    try {
      if (state == State.ENDED) {
        return;
      }
      lot = forfeits.take(assignments.all(), reason, cause, cause != null); // needs memory: first
      assignments.forgetWaiting();
      state = State.ENDED;
      endReason = reason;
      endCause = cause;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    lot.deliver();
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
