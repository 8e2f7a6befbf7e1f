package io.procession.pool;

import io.procession.process.DeathCause;
import io.procession.process.DeathCertificate;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/// The tasks that one worker has been given and has not done, oldest first: it works on the first,
/// and the others lie in its ring. Guarded by the dispatcher's lock, but for [#load].
final class Desk {
  /// The next worker is started when one in so many of its tasks are left.
  private static final int AHEAD_OF_RELIEF = 8;

  /// A worker has at least one task more than it runs, so that it is never idle for want of a message,
  /// and of short ones more, so that it need not be woken for each.
  static final int LEAST_AHEAD = 2;

  static final int MOST_AHEAD = 64;
  private static final long AHEAD_NANOS = 200_000;

  final Courier courier;
  final Sight sight = new Sight();

  /// With room for all, before there is no memory for it.
  final ArrayDeque<Job> tasks = new ArrayDeque<>(MOST_AHEAD + 1);

  /// What is being taken back; of who has made the desk busy. Made before there is no memory for it.
  final long[] recalledIds = new long[MOST_AHEAD];

  /// Somebody puts into its ring, or takes back from it: nobody else may.
  boolean isBusy;

  /// The worker is at its ring, and did not let others there: nothing is taken back before it speaks again.
  volatile boolean isStuck;

  /// The worker has died.
  boolean isGone;

  /// It shall get no more tasks, and leave when it has done what it has.
  boolean isRetiring;

  /// It was told to leave.
  boolean isDismissed;

  /// It was killed because of a task, or is about to be.
  boolean isDoomed;

  @Nullable Job condemned;
  @Nullable Doom doom;

  /// The element because of which it is killed, if it was held before; -1 if nobody knows exactly.
  int condemnedPart = -1;

  /// Another worker was asked for that will take its place.
  boolean isRelieved;

  /// It is for tasks that have run out of memory, and leaves when there are none.
  final boolean isLarge;

  /// After how many tasks it shall make room for another, 0 for never.
  final int mostTasks;

  /// Tasks that it was given, and that were not taken back.
  long given;

  /// Tasks that the worker has done.
  long finished;

  /// Tasks that were taken back.
  long recalled;

  /// When it was last given something to do, counted in tasks of the pool.
  long used;

  /// How long a task keeps the worker busy, 0 if that is not known.
  private long taskNanos;

  private int ahead = LEAST_AHEAD;
  private volatile int load;

  Desk(Courier courier) {
    this(courier, 0, false);
  }

  Desk(Courier courier, int mostTasks, boolean isLarge) {
    this.courier = courier;
    this.mostTasks = mostTasks;
    this.isLarge = isLarge;
    this.isRelieved = isLarge; // a larger one needs no successor
  }

  /// How many tasks it may have.
  int ahead() {
    return ahead;
  }

  /// A task has taken so long, as far as is known. A long one is believed at once, short ones by and
  /// by.
  ///
  /// @param nanos 0 if that is not known
  void noteTask(long nanos) {
    if (nanos > 0) {
      taskNanos = nanos > taskNanos ? nanos : taskNanos - (taskNanos - nanos) / 4;
      ahead = Math.clamp(AHEAD_NANOS / taskNanos, LEAST_AHEAD, MOST_AHEAD);
    }
  }

  /// It is killed because of a task, or of what those before it have left; then there is none.
  void doom(@Nullable Job job, Doom why) {
    isDoomed = true;
    condemned = job;
    doom = why;
  }

  /// How its worker ended, and why if the pool has killed it.
  DeathCertificate certified(DeathCertificate plain) {
    return doom == null || plain.cause() != DeathCause.KILLED_BY_PARENT
        ? plain
        : doom.certify(plain);
  }

  /// Whether it may get another task.
  boolean isOpen() {
    return !isRetiring && !isDoomed && (mostTasks == 0 || given < mostTasks);
  }

  /// Whether it is time to start the worker that will take its place: that takes as long as some tasks.
  boolean needsRelief() {
    return !isRelieved
        && !isDoomed
        && (isRetiring || (mostTasks > 0 && given >= mostTasks - mostTasks / AHEAD_OF_RELIEF));
  }

  /// How many tasks it has; may be read without the lock.
  int load() {
    return load;
  }

  void noteLoad() {
    load = tasks.size();
  }
}
