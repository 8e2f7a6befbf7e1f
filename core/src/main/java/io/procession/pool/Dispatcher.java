package io.procession.pool;

import io.procession.process.DeathCertificate;
import io.procession.serial.ByteSink;
import java.io.StreamCorruptedException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Brings tasks to workers and answers to those who wait.
///
/// There is no thread in it. Who submits a task sends it, if a worker has room for one; who reads a
/// result sends that worker the next. Every task is answered exactly once for each of its elements,
/// whatever dies.
final class Dispatcher {
  /*
   * One lock guards the assignments, the ends of jobs and the state. Nothing is sent, received or
   * answered with the lock held: who sends to a desk has made it busy first, and so the order in a
   * worker's ring is that of its desk. An answer belongs to the thread that ended the job or that
   * read the message; the latter are one at a time for a worker, so parts stay in order.
   */

  private enum State {
    OPEN,
    /// No new tasks.
    CLOSED,
    /// All tasks were answered by force.
    ENDED
  }

  private final int retries;
  private final AtomicLong ids = new AtomicLong();

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Assignments assignments = new Assignments();
  private State state = State.OPEN;
  private String endReason;
  private @Nullable Throwable endCause;

  Dispatcher(String pool, int retries) {
    this.retries = retries;
    this.endReason = "the pool is closed: pool=" + pool;
  }

  long nextId() {
    return ids.incrementAndGet();
  }

  /// Takes a task on.
  ///
  /// @param isReader whether the caller is going to read the worker's results itself, and then calls
  ///     [Courier#attend] on the way that is returned
  /// @return the way on which tasks were sent, this one among them or not; null if none were
  /// @throws IllegalStateException if the pool takes no more tasks
  @Nullable Courier submit(Job job, boolean isReader) {
    Desk desk;
    Job claimed = null;
    ByteSink message = null;
    lock.lock();
    try {
      requireOpen();
      assignments.add(job);
      desk = assignments.pick();
      if (desk != null) {
        claimed = assignments.claim(desk);
        message = claimed == null ? null : claimed.message();
      }
    } finally {
      lock.unlock();
    }
    if (desk == null || claimed == null || message == null) {
      return null;
    }
    send(desk, claimed, message);
    level();
    if (!isReader) {
      desk.courier.attend();
    }
    return desk.courier;
  }

  /// Takes tasks on, all or none.
  ///
  /// @throws IllegalStateException if the pool takes no more tasks
  void submitAll(List<? extends Job> jobs) {
    lock.lock();
    try {
      requireOpen();
      for (Job job : jobs) {
        assignments.add(job);
      }
    } finally {
      lock.unlock();
    }
    feedAll();
    level();
  }

  /// A worker has come.
  void enter(Desk desk) {
    lock.lock();
    try {
      assignments.enter(desk);
    } finally {
      lock.unlock();
    }
    feed(desk);
    level();
  }

  /// Handles a message of a worker. Called by one thread at a time for each.
  ///
  /// @param mine the caller's own task, answered in this thread
  /// @throws StreamCorruptedException if it is no message that could come now
  void received(Desk desk, byte[] message, @Nullable CallJob mine) throws StreamCorruptedException {
    ResultHeader header = ResultHeader.read(message);
    Job job;
    boolean isLive;
    Job claimed = null;
    ByteSink next = null;
    lock.lock();
    try {
      job = assignments.given(desk, header.task());
      if (job == null) {
        throw new StreamCorruptedException(
            "an answer nobody asked for: worker="
                + desk.courier.worker()
                + ", task="
                + header.task());
      }
      isLive = !job.isEnded();
      if (isLive) {
        job.heard(header);
      }
      if (header.isLast()) {
        job.end();
        assignments.finish(desk, job);
        claimed = assignments.claim(desk);
        next = claimed == null ? null : claimed.message();
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
    try {
      if (claimed != null && next != null) {
        send(desk, claimed, next);
      } else if (header.isLast()) {
        level();
      }
    } finally {
      if (isLive) {
        Answer answer = new Answer.Sent(header, message, desk.courier.worker());
        if (job == mine) {
          mine.answerHere(answer);
        } else {
          job.answer(answer);
        }
      }
    }
  }

  /// What a worker sent last could not be received: the task it belongs to is answered with that.
  void giveUp(Desk desk, Throwable problem) {
    Job job;
    Answer answer;
    lock.lock();
    try {
      job = desk.tasks.peekFirst();
      if (job == null || job.isEnded()) {
        return;
      }
      String worker = desk.courier.worker();
      answer = job.lost("the answer of " + worker + " could not be received: " + problem, problem);
      job.end();
    } finally {
      lock.unlock();
    }
    job.answer(answer);
  }

  /// A worker has died, and all that it had sent has been received.
  ///
  /// @param board what its board said last
  /// @return whether it ran a task or had done one
  boolean left(Desk desk, DeathCertificate certificate, long board) {
    Job running;
    Answer answer = null;
    boolean served;
    lock.lock();
    try {
      while (desk.isBusy) {
        changed.awaitUninterruptibly();
      }
      running = assignments.leave(desk, desk.courier.taken());
      served = running != null || desk.finished > 0;
      if (running != null && !running.isEnded()) {
        int element = BoardLayout.elementOf(board, running.id());
        answer = running.died(certificate, element, retries);
        if (!running.isEnded()) {
          assignments.putBack(running);
        }
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    if (running != null && answer != null) {
      running.answer(answer);
    }
    feedAll();
    return served;
  }

  /// Takes a task back that no worker has begun: nobody will answer it any more. One that has been
  /// begun runs on, and its answers go nowhere.
  ///
  /// @return whether it was there to be cancelled
  boolean cancel(Job job) {
    Desk recalling = null;
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
        recalling = desk;
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    if (recalling != null) {
      takeBack(recalling);
      feedAll();
    }
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

  /// Waits until every task has been answered and no worker is at one.
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

  /// Gives every worker as much as it may have.
  private void feedAll() {
    while (true) {
      Desk desk;
      Job job;
      ByteSink message;
      lock.lock();
      try {
        desk = assignments.pick();
        job = desk == null ? null : assignments.claim(desk);
        message = job == null ? null : job.message();
      } finally {
        lock.unlock();
      }
      if (desk == null || job == null || message == null) {
        return;
      }
      send(desk, job, message);
      desk.courier.attend();
    }
  }

  private void feed(Desk desk) {
    Job job;
    ByteSink message;
    lock.lock();
    try {
      job = assignments.claim(desk);
      message = job == null ? null : job.message();
    } finally {
      lock.unlock();
    }
    if (job != null && message != null) {
      send(desk, job, message);
      desk.courier.attend();
    }
  }

  /// Sends a claimed task, and what else the desk has room for by then.
  private void send(Desk desk, Job first, ByteSink firstMessage) {
    Job job = first;
    ByteSink message = firstMessage;
    while (job != null && message != null) {
      Throwable failure = null;
      try {
        desk.courier.send(message);
      } catch (RuntimeException | Error e) {
        failure = e;
      }
      Job unsent = job;
      Answer answer = null;
      lock.lock();
      try {
        if (failure != null) {
          assignments.unclaim(desk);
          if (!job.isEnded()) {
            answer = job.lost("the task could not be sent to a worker: " + failure, failure);
            job.end();
          }
        }
        assignments.release(desk);
        changed.signalAll();
        job = assignments.claim(desk);
        message = job == null ? null : job.message();
      } finally {
        lock.unlock();
      }
      if (answer != null) {
        unsent.answer(answer);
      }
    }
  }

  /// Lets a worker without work take over a task that another has been given and not begun. Called
  /// when a worker has nothing more to do, and after a task was sent to one that has another: a
  /// worker may have run out of work while that one was busy. Sending does not call this again.
  private void level() {
    Desk overloaded;
    lock.lock();
    try {
      overloaded = assignments.claimOverloaded();
    } finally {
      lock.unlock();
    }
    if (overloaded != null) {
      takeBack(overloaded);
      feedAll();
    }
  }

  /// Makes pending what a worker has not begun. The desk was made busy for this.
  private void takeBack(Desk desk) {
    List<Long> ids = new ArrayList<>();
    try {
      long id = desk.courier.recall();
      while (id != Courier.NONE) {
        ids.add(id);
        id = desk.courier.recall();
      }
    } finally {
      lock.lock();
      try {
        assignments.recalled(desk, ids);
      } finally {
        lock.unlock();
      }
      if (!ids.isEmpty()) {
        desk.courier.nudge();
      }
      release(desk);
    }
  }

  private void release(Desk desk) {
    lock.lock();
    try {
      assignments.release(desk);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
