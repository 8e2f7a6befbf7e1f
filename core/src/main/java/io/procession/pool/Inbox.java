package io.procession.pool;

import io.procession.process.DeathCertificate;
import java.io.StreamCorruptedException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Takes what workers send, and their deaths, and answers those who wait.
final class Inbox {
  /*
   * An answer belongs to the thread that ended the job or that read the message; the latter are one
   * at a time for a worker, so parts stay in order. It is handed over without the lock.
   */

  private final ReentrantLock lock;
  private final Condition changed;
  private final Assignments assignments;
  private final Supply supply;
  private final int retries;

  /// @param lock guards the assignments
  /// @param changed signalled when a task is done, and when a desk is no longer busy
  /// @param retries how often a task may run again whose worker died
  Inbox(
      ReentrantLock lock, Condition changed, Assignments assignments, Supply supply, int retries) {
    this.lock = lock;
    this.changed = changed;
    this.assignments = assignments;
    this.supply = supply;
    this.retries = retries;
  }

  /// Handles a message of a worker. Called by one thread at a time for each.
  ///
  /// @param mine the caller's own task: its answer is only noted, for the caller to deliver
  /// @throws StreamCorruptedException if it is no message that could come now; nothing has happened
  ///     then
  void received(Desk desk, byte[] message, @Nullable CallJob mine) throws StreamCorruptedException {
    ResultHeader header = ResultHeader.read(message);
    Answer answer = new Answer.Sent(header, message, desk.courier.worker());
    Job job;
    boolean isLive;
    Errand next = null;
    lock.lock();
    try {
      job = assignments.given(desk, header.task());
      if (job == null || !job.expects(header)) {
        throw new StreamCorruptedException(
            "an answer nobody asked for: worker=" + desk.courier.worker() + ", answer=" + header);
      }
      isLive = !job.isEnded();
      if (isLive) {
        job.heard(header);
      }
      if (header.isLast()) {
        job.end();
        assignments.finish(desk, job);
        next = assignments.nextErrand();
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
    try {
      supply.run(next, desk);
    } finally {
      if (isLive) {
        deliver(job, answer, mine);
      }
    }
  }

  @SuppressWarnings("ReferenceEquality") // a job is nothing but itself
  private static void deliver(Job job, Answer answer, @Nullable CallJob mine) {
    if (mine != null && job == mine) {
      mine.noteAnswer(answer);
    } else {
      job.answer(answer);
    }
  }

  /// What a worker sent last could not be received: the task it belongs to is answered with that.
  void giveUp(Desk desk, Throwable problem) {
    Job job;
    Answer answer;
    lock.lock();
    try {
      while (desk.isBusy) { // the first may have been taken back, and that not be noted yet
        changed.awaitUninterruptibly();
      }
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

  /// A worker has died, and all that it had sent has been received, or never will be.
  ///
  /// @param board what its board said last
  /// @return whether it ran a task or had done one
  boolean left(Desk desk, DeathCertificate certificate, long board) {
    List<Job> begun;
    List<@Nullable Answer> answers = new ArrayList<>();
    Errand next;
    lock.lock();
    try {
      while (desk.isBusy) {
        changed.awaitUninterruptibly();
      }
      begun = assignments.leave(desk);
      for (Job job : begun) {
        int element = BoardLayout.elementOf(board, job.id());
        answers.add(job.isEnded() ? null : job.died(certificate, element, retries));
      }
      for (Job job : begun.reversed()) {
        if (!job.isEnded()) {
          assignments.putBack(job);
        }
      }
      next = assignments.nextErrand();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    for (int i = 0; i < begun.size(); i++) {
      Answer answer = answers.get(i);
      if (answer != null) {
        begun.get(i).answer(answer);
      }
    }
    supply.run(next, null);
    return !begun.isEmpty() || desk.finished > 0;
  }
}
