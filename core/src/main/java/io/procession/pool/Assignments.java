package io.procession.pool;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Which task lies where: with the pool, or on which worker's desk. Logic only; guarded by the
/// dispatcher's lock.
///
/// ```
/// add --> pending --claim--> desk, running or next --finish--> done
///            ^                |           |
///            |   leave (died) |           | recall: not begun yet
///            +-- (front) -----+-----------+
/// ```
///
/// A task that was cancelled while pending stays in the queue as an empty shell until its turn.
final class Assignments {
  /// A worker has one task more than it runs, so that it is never idle for want of a message.
  static final int AHEAD = 2;

  private final ArrayDeque<Job> pending = new ArrayDeque<>();
  private final List<Desk> desks = new ArrayList<>();
  private long given;

  void add(Job job) {
    pending.addLast(job);
  }

  void enter(Desk desk) {
    desks.add(desk);
  }

  /// What should be done now, for the caller to do: its desk is busy until the caller says that it is
  /// not. Null if there is nothing to do but by those who have made a desk busy.
  @Nullable Errand nextErrand() {
    boolean isPending = hasPending();
    Desk desk = isPending ? pick() : overloaded();
    if (desk == null) {
      return null;
    }
    desk.isBusy = true;
    return isPending ? claim(desk) : new Errand.Recall(desk);
  }

  /// The desk that should be given a task now, or null if every one has enough. Among idle workers
  /// the one that worked last: it is warm, and may still be looking for work.
  private @Nullable Desk pick() {
    Desk best = null;
    for (Desk desk : desks) {
      int load = desk.tasks.size();
      if (desk.isBusy || load >= AHEAD) {
        continue;
      }
      if (best == null
          || load < best.tasks.size()
          || (load == best.tasks.size() && desk.used > best.used)) {
        best = desk;
      }
    }
    return best;
  }

  private Errand claim(Desk desk) {
    Job job = pending.removeFirst();
    desk.used = ++given;
    desk.tasks.addLast(job);
    desk.noteLoad();
    job.moveTo(desk);
    return new Errand.Delivery(desk, job, job.message());
  }

  /// The task that was claimed last could not be sent: it is on no desk any more.
  void unclaim(Desk desk) {
    desk.tasks.removeLast().moveTo(null);
    desk.noteLoad();
  }

  /// The task with this number, if the worker has been given it. It need not be the first: those before
  /// it may have been taken back by a recall that is not noted yet.
  @Nullable Job given(Desk desk, long id) {
    for (Job job : desk.tasks) {
      if (job.id() == id) {
        return job;
      }
    }
    return null;
  }

  /// The worker has done a task.
  void finish(Desk desk, Job job) {
    desk.tasks.remove(job);
    job.moveTo(null);
    desk.finished++;
    desk.noteLoad();
  }

  /// A desk with a task that its worker has not begun behind another, while another worker has none.
  private @Nullable Desk overloaded() {
    Desk overloaded = null;
    boolean anyIdle = false;
    for (Desk desk : desks) {
      if (!desk.isBusy) {
        anyIdle |= desk.tasks.isEmpty();
        overloaded = hasOneBehind(desk) ? desk : overloaded;
      }
    }
    return anyIdle ? overloaded : null;
  }

  /// The size comes first: to ask what has been begun reads a word that the worker writes.
  private static boolean hasOneBehind(Desk desk) {
    int load = desk.tasks.size();
    return load > 1 && load > begun(desk);
  }

  /// Tasks of a desk were taken back, which need not be its last: the worker may have taken one from
  /// among them. They are the next pending ones.
  ///
  /// @param ids their numbers, oldest first
  /// @param count how many there are
  void recalled(Desk desk, long[] ids, int count) {
    for (int i = count - 1; i >= 0; i--) {
      Job job = given(desk, ids[i]);
      if (job != null) {
        desk.tasks.remove(job);
        job.moveTo(null);
        pending.addFirst(job);
      }
    }
    desk.recalled += count;
    desk.noteLoad();
  }

  /// A worker has died: what it had not begun is pending again, in front. The desk is not busy.
  ///
  /// @return the tasks that it had begun, which are on no desk and not pending: none or the one that
  ///     it ran; more only if it had sent answers that were not received
  List<Job> leave(Desk desk) {
    long count = begun(desk);
    desk.isGone = true;
    desks.remove(desk);
    List<Job> begun = new ArrayList<>();
    while (begun.size() < count) {
      Job job = desk.tasks.removeFirst();
      job.moveTo(null);
      begun.add(job);
    }
    while (!desk.tasks.isEmpty()) {
      Job job = desk.tasks.removeLast();
      job.moveTo(null);
      pending.addFirst(job);
    }
    desk.noteLoad();
    return begun;
  }

  /// How many tasks of a desk its worker has begun: the first of them. If the desk is busy, they may
  /// be fewer.
  private static int begun(Desk desk) {
    long begun = desk.courier.taken() - desk.recalled - desk.finished;
    return (int) Math.min(Math.max(begun, 0), desk.tasks.size());
  }

  /// A task is to be the next.
  void putBack(Job job) {
    pending.addFirst(job);
  }

  private boolean hasPending() {
    dropEnded();
    return !pending.isEmpty();
  }

  /// True if nothing is pending, no worker has anything to do, and nobody is at its ring: who is
  /// taking tasks back would take what is sent there next.
  boolean isIdle() {
    if (hasPending()) {
      return false;
    }
    for (Desk desk : desks) {
      if (desk.isBusy || !desk.tasks.isEmpty()) {
        return false;
      }
    }
    return true;
  }

  /// All that have not ended, wherever they lie; those that were pending are so no longer.
  List<Job> drain() {
    List<Job> all = new ArrayList<>();
    for (Desk desk : desks) {
      addLive(all, desk.tasks);
    }
    addLive(all, pending);
    pending.clear();
    return all;
  }

  private static void addLive(List<Job> all, Iterable<Job> jobs) {
    for (Job job : jobs) {
      if (!job.isEnded()) {
        all.add(job);
      }
    }
  }

  private void dropEnded() {
    Job first = pending.peekFirst();
    while (first != null && first.isEnded()) {
      pending.removeFirst();
      first = pending.peekFirst();
    }
  }
}
