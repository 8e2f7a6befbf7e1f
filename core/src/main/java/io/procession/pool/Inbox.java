package io.procession.pool;

import io.procession.process.DeathCertificate;
import io.procession.serial.LargeArrays;
import java.io.StreamCorruptedException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Takes what workers send, and their deaths, and answers those who wait.
final class Inbox {
  /*
   * An answer belongs to the thread that ended the job or that read the message; the latter are one
   * at a time for a worker, so parts stay in order. It is handed over without the lock. A pool that
   * ends waits for those who read, so only what is answered by others is noted in the handover.
   */

  private static final byte[] NOTHING = {};

  private final ReentrantLock lock;
  private final Condition changed;
  private final Assignments assignments;
  private final Supply supply;
  private final Journal journal;
  private final @Nullable Reproducers reproducers;

  /// @param lock guards the assignments
  /// @param changed signalled when a task is done, and when a desk is no longer busy
  /// @param reproducers where tasks that fail are saved, null for nowhere
  Inbox(
      ReentrantLock lock,
      Condition changed,
      Assignments assignments,
      Supply supply,
      Journal journal,
      @Nullable Reproducers reproducers) {
    this.lock = lock;
    this.changed = changed;
    this.assignments = assignments;
    this.supply = supply;
    this.journal = journal;
    this.reproducers = reproducers;
  }

  /// Handles a message of a worker. Called by one thread at a time for each.
  ///
  /// @param arrays long arrays that were taken out of the message, null if none were
  /// @param mine the caller's own task: its answer is only noted, for the caller to deliver
  /// @throws StreamCorruptedException if it is no message that could come now; nothing has happened
  ///     then
  void received(
      Desk desk,
      ResultHeader header,
      byte[] message,
      @Nullable LargeArrays arrays,
      @Nullable CallJob mine)
      throws StreamCorruptedException {
    take(desk, header, message, arrays, null, mine);
  }

  /// As [#received], for a message for which there was no memory, but for its header: what it is about is
  /// answered with that, and the worker is not to blame.
  void refused(Desk desk, ResultHeader header, Throwable problem, @Nullable CallJob mine)
      throws StreamCorruptedException {
    take(desk, header, NOTHING, null, problem, mine);
  }

  private void take(
      Desk desk,
      ResultHeader header,
      byte[] message,
      @Nullable LargeArrays arrays,
      @Nullable Throwable problem,
      @Nullable CallJob mine)
      throws StreamCorruptedException {
    @Nullable Job job = null;
    @Nullable Answer answer = null;
    boolean isKnown = true;
    Errand next = null;
    lock.lock();
    try {
      if (desk.isStuck) {
        desk.isStuck = false; // a store to a volatile field for each message costs more than this
      }
      job = assignments.given(desk, header.task());
      if (job == null || !job.expects(header)) {
        throw new StreamCorruptedException(
            "an answer nobody asked for: worker=" + desk.courier.worker() + ", answer=" + header);
      }
      boolean grows = header.isOutOfMemory() && header.isLast() && !job.isEnded() && job.mayGrow();
      boolean isLive = !job.isEnded() && !grows;
      if (isLive) {
        String worker = desk.courier.worker();
        answer =
            problem == null
                ? new Answer.Sent(header, message, arrays, job, worker)
                : new Answer.Lost(lost(worker, problem), problem, header.from(), header.count());
        job.heard(header);
        String dump = job.overdue(header.from());
        if (header.kind() == ResultHeader.FAILED && problem == null && dump != null) {
          answer = late(answer, job, desk, dump);
        }
      }
      boolean isFailure = header.kind() == ResultHeader.FAILED || problem != null;
      if (isFailure && problem == null && answer != null && reproducers != null) {
        Reproducers.Input input = new Reproducers.Input(job);
        answer = new Answer.Kept(answer, reproducers, input, header.from());
      }
      if (isFailure && isLive && !header.isLast()) {
        journal.partFailed(job, desk);
      }
      if (header.isLast()) {
        if (isLive) {
          journal.finished(job, desk, isFailure);
        }
        if (grows) { // what needs memory comes first
          job.grow(header.from());
          assignments.putBack(job);
          journal.retried(job, desk, null);
        } else {
          job.end();
        }
        assignments.finish(desk, job);
        desk.noteTask(header.from() == 0 ? header.nanos() : Integer.MAX_VALUE);
        changed.signalAll();
        isKnown = false;
        next = assignments.nextErrand();
        isKnown = true;
      }
    } catch (OutOfMemoryError e) {
      if (isKnown) {
        throw e;
      }
    } finally {
      lock.unlock();
    }
    try {
      goOn(next, isKnown, desk);
    } finally {
      if (job != null && answer != null) {
        deliver(job, answer, mine);
      }
    }
  }

  /// What is left to do by others, of what a message has made room for. If there is no memory for that, its
  /// worker is not to blame, and nothing of the message is lost.
  private void goOn(@Nullable Errand first, boolean isKnown, Desk own) {
    try {
      if (isKnown) {
        supply.run(first, own);
        return;
      }
    } catch (RuntimeException | Error e) {
      // likewise
    }
    resume();
  }

  private void resume() {
    for (int tries = 1; true; tries++) {
      try {
        supply.resume();
        return;
      } catch (RuntimeException | Error e) {
        Handover.awaitMemory(tries, e);
      }
    }
  }

  private static Answer late(Answer failure, Job job, Desk desk, String dump) {
    Duration limit = Duration.ofNanos(job.terms().soft());
    return new Answer.Late(failure, limit, dump, job, desk.courier.worker());
  }

  @SuppressWarnings("ReferenceEquality") // a job is nothing but itself
  private static void deliver(Job job, Answer answer, @Nullable CallJob mine) {
    if (mine != null && job == mine) {
      mine.noteAnswer(answer);
    } else {
      Handover.deliver(job, answer);
    }
  }

  /// A task has told how far it is.
  void progressed(Desk desk, long task, double fraction, @Nullable String note) {
    lock.lock();
    try {
      Job job = assignments.given(desk, task);
      if (job == null || job.isEnded()) {
        return;
      }
      if (job.terms().isExtended()) {
        desk.sight.extend(job, System.nanoTime());
      }
      journal.progressed(job, desk, fraction, note);
    } finally {
      lock.unlock();
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
      journal.failed(job, desk);
      answer = job.lost(lost(desk.courier.worker(), problem), problem);
      job.end();
    } finally {
      lock.unlock();
    }
    Handover.deliver(job, answer);
  }

  private static String lost(String worker, Throwable problem) {
    return "the answer of " + worker + " could not be received: " + problem;
  }

  private @Nullable Answer died(Job job, Death death, int element) {
    if (reproducers == null) {
      return job.died(death, element);
    }
    Reproducers.Input input = new Reproducers.Input(job); // if it ends, it drops its message
    Answer answer = job.died(death, element);
    return answer == null
        ? null
        : new Answer.Kept(answer, reproducers, input, answer.from() + answer.count() - 1);
  }

  /// A worker has died, and all that it had sent has been received, or never will be.
  ///
  /// @param board what its board said last
  /// @return whether it ran a task or had done one
  boolean left(Desk desk, DeathCertificate certificate, long board) {
    List<Job> begun = List.of();
    List<@Nullable Answer> answers = new ArrayList<>(Desk.MOST_AHEAD + 1);
    ArrayDeque<Job> homeless = new ArrayDeque<>(Desk.MOST_AHEAD + 1);
    Errand next;
    lock.lock();
    try {
      while (desk.isBusy) {
        changed.awaitUninterruptibly();
      }
      begun = assignments.leave(desk);
      homeless.addAll(begun);
      for (Job job : begun) {
        int element = BoardLayout.elementOf(board, job.id());
        Death death = Death.of(certificate, desk, job);
        boolean isLive = !job.isEnded();
        Answer answer = isLive ? died(job, death, element) : null;
        answers.add(answer);
        if (answer != null) {
          journal.died(job, desk, death.certificate());
        } else if (isLive) {
          journal.retried(job, desk, death.certificate());
        }
      }
      putBack(homeless);
      journal.workerEnded(desk.certified(certificate), desk.isDismissed && certificate.isSuccess());
      next = assignments.nextErrand();
      changed.signalAll();
    } finally {
      try {
        putBack(homeless); // some are if there was no memory: the pool ends then, and answers them
      } finally {
        lock.unlock();
        deliver(begun, answers);
      }
    }
    supply.run(next, null);
    return !begun.isEmpty() || desk.finished > 0;
  }

  private void putBack(ArrayDeque<Job> homeless) {
    while (!homeless.isEmpty()) {
      Job job = homeless.getLast();
      if (!job.isEnded()) {
        assignments.putBack(job);
      }
      homeless.removeLast();
    }
  }

  /// @param answers of the first of them
  private static void deliver(List<Job> begun, List<@Nullable Answer> answers) {
    for (int i = 0; i < answers.size(); i++) {
      Answer answer = answers.get(i);
      if (answer != null) {
        Handover.deliver(begun.get(i), answer);
      }
    }
  }
}
