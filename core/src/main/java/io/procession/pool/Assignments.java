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

  List<Desk> desks() {
    return desks;
  }

  /// The desk that should be given a task now, or null if every one has enough. Among idle workers
  /// the one that worked last: it is warm, and may still be looking for work.
  @Nullable Desk pick() {
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

  /// Moves the next pending task to a desk that has room. The caller sends it and then calls
  /// [#release]; until then nobody else claims or recalls there.
  @Nullable Job claim(Desk desk) {
    if (desk.isBusy || desk.isGone || desk.tasks.size() >= AHEAD) {
      return null;
    }
    Job job = nextPending();
    if (job != null) {
      desk.isBusy = true;
      desk.used = ++given;
      desk.tasks.addLast(job);
      desk.noteLoad();
      job.moveTo(desk);
    }
    return job;
  }

  /// Ends a claim or a recall.
  void release(Desk desk) {
    desk.isBusy = false;
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

  /// A desk with a task that its worker has not begun, while another has none; null while others wait
  /// in the queue or there is no such pair. The caller recalls, then calls [#release].
  @Nullable Desk claimOverloaded() {
    if (hasPending()) {
      return null;
    }
    Desk overloaded = null;
    boolean anyIdle = false;
    for (Desk desk : desks) {
      if (!desk.isBusy) {
        anyIdle |= desk.tasks.isEmpty();
        overloaded = desk.tasks.size() >= AHEAD ? desk : overloaded;
      }
    }
    if (!anyIdle || overloaded == null) {
      return null;
    }
    overloaded.isBusy = true;
    return overloaded;
  }

  /// Tasks of a desk were taken back, which need not be its last: the worker may have taken one from
  /// among them. They are the next pending ones.
  ///
  /// @param ids their numbers, oldest first
  void recalled(Desk desk, List<Long> ids) {
    for (int i = ids.size() - 1; i >= 0; i--) {
      Job job = given(desk, ids.get(i));
      if (job != null) {
        desk.tasks.remove(job);
        job.moveTo(null);
        pending.addFirst(job);
      }
    }
    desk.recalled += ids.size();
    desk.noteLoad();
  }

  /// A worker has died: what it had not begun is pending again, in front.
  ///
  /// @param taken as [Courier#taken] tells it
  /// @return the task that it ran, which is on no desk and not pending; or null
  @Nullable Job leave(Desk desk, long taken) {
    desk.isGone = true;
    desks.remove(desk);
    boolean wasRunning = taken - desk.recalled > desk.finished;
    Job running = wasRunning ? desk.tasks.pollFirst() : null;
    if (running != null) {
      running.moveTo(null);
    }
    while (!desk.tasks.isEmpty()) {
      Job job = desk.tasks.removeLast();
      job.moveTo(null);
      pending.addFirst(job);
    }
    desk.noteLoad();
    return running;
  }

  /// A task is to be the next.
  void putBack(Job job) {
    pending.addFirst(job);
  }

  boolean hasPending() {
    dropEnded();
    return !pending.isEmpty();
  }

  /// True if nothing is pending and no worker has anything to do.
  boolean isIdle() {
    if (hasPending()) {
      return false;
    }
    for (Desk desk : desks) {
      if (!desk.tasks.isEmpty()) {
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

  private @Nullable Job nextPending() {
    dropEnded();
    return pending.pollFirst();
  }

  private void dropEnded() {
    Job first = pending.peekFirst();
    while (first != null && first.isEnded()) {
      pending.removeFirst();
      first = pending.peekFirst();
    }
  }
}
