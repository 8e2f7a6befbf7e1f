package io.procession.pool;

import org.jspecify.annotations.Nullable;

/// What the pool has seen of the task that a worker is at. Guarded by the dispatcher's lock.
final class Sight {
  /// Parts that are no element of a chunk: a task that lies before its worker, and one that was taken and
  /// whose code does not run yet.
  static final int UNTOUCHED = -3;

  /// One that lies before a worker that is not ready yet.
  static final int STARTING = -4;

  static final int TAKEN = -2;

  private @Nullable Job job;
  private int part;

  /// When that was seen first, of [System#nanoTime()].
  long since;

  /// It was asked to end.
  boolean isOverdue;

  /// What of a job that it has begun a worker is at.
  static int partOf(Desk desk, Job job) {
    if (job instanceof CallJob) {
      return 0;
    }
    int element = BoardLayout.elementOf(desk.courier.board(), job.id());
    return element < 0 ? TAKEN : element;
  }

  /// Notes what is seen now.
  @SuppressWarnings("ReferenceEquality") // a job is nothing but itself
  void look(@Nullable Job seen, int seenPart, long now) {
    if (seen != job || seenPart != part) {
      job = seen;
      part = seenPart;
      since = now;
      isOverdue = false;
    }
  }

  /// A job has got on: its time begins anew, unless it was asked to end.
  void extend(Job other, long now) {
    if (isOf(other) && !isOverdue) {
      since = now;
    }
  }

  int part() {
    return part;
  }

  /// Whether this is about a job.
  @SuppressWarnings("ReferenceEquality") // a job is nothing but itself
  boolean isOf(Job other) {
    return job == other;
  }
}
