package io.procession.pool;

import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/// Hands answers over to those who wait. Their tasks have ended before, under the dispatcher's lock;
/// so nobody else will answer them, and a pool has not ended before that is done.
final class Handover {
  /// Who has no memory for an answer may have some when others are done.
  private static final int MOST_TRIES = 20;

  private static final long PAUSE_NANOS = 10_000_000;

  private final ReentrantLock lock;
  private final Condition changed;
  private int underway; // guarded by lock

  /// @param lock guards the assignments
  /// @param changed signalled when all is handed over
  Handover(ReentrantLock lock, Condition changed) {
    this.lock = lock;
    this.changed = changed;
  }

  /// Tasks have ended, and the caller will call [#finish] for them. With the lock.
  void begin() {
    underway++;
  }

  /// Whether nothing is to be handed over. With the lock.
  boolean isIdle() {
    return underway == 0;
  }

  /// Hands over what was begun. Without the lock.
  void finish(Job job, Answer answer) {
    try {
      deliver(job, answer);
    } finally {
      end();
    }
  }

  /// Hands over what was begun, whatever becomes of one of them. Without the lock.
  void finish(List<Job> jobs, List<Answer> answers) {
    try {
      for (int i = 0; i < jobs.size(); i++) {
        deliver(jobs.get(i), answers.get(i));
      }
    } finally {
      end();
    }
  }

  private void end() {
    lock.lock();
    try {
      underway--;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// Answers a task that has ended or been heard. Without the lock.
  ///
  /// @throws LostAnswerError if there is no memory for it, now and in a while
  static void deliver(Job job, Answer answer) {
    for (int tries = 1; true; tries++) {
      try {
        job.answer(answer);
        return;
      } catch (RuntimeException | Error e) {
        awaitMemory(tries, e);
      }
    }
  }

  /// Waits before something is tried again that has failed.
  ///
  /// @param tries how often it was tried
  /// @throws LostAnswerError if that was often enough
  static void awaitMemory(int tries, Throwable problem) {
    if (tries == MOST_TRIES) {
      throw new LostAnswerError(problem);
    }
    LockSupport.parkNanos(PAUSE_NANOS);
  }

  /// An answer has come, and could not be handed over.
  static final class LostAnswerError extends Error {
    private static final long serialVersionUID = 1L;

    LostAnswerError(Throwable cause) {
      super(null, cause);
    }
  }
}
