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

  /// The task that a worker is at, if it is the one with this number.
  @Nullable Job current(Desk desk, long id) {
    Job first = desk.tasks.peekFirst();
    return first != null && first.id() == id ? first : null;
  }

  /// The worker has done the task that it was at.
  void finish(Desk desk) {
    desk.tasks.removeFirst().moveTo(null);
    desk.finished++;
    desk.noteLoad();
  }

  /// A desk with a task that its worker has not begun, for an idle one to take over; null while
  /// others wait in the queue or there is none. The caller recalls, then calls [#release].
  @Nullable Desk claimOverloaded() {
    if (hasPending()) {
      return null;
    }
    for (Desk desk : desks) {
      if (!desk.isBusy && desk.tasks.size() >= AHEAD) {
        desk.isBusy = true;
        return desk;
      }
    }
    return null;
  }

  /// A desk without work, if this one has a task that its worker may not have begun; or null.
  @Nullable Desk idleBeside(Desk overloaded) {
    if (overloaded.tasks.size() >= AHEAD) {
      for (Desk desk : desks) {
        if (desk.tasks.isEmpty() && !desk.isBusy) {
          return desk;
        }
      }
    }
    return null;
  }

  /// The last `count` tasks of a desk were taken back: they are the next pending ones.
  void recalled(Desk desk, int count) {
    for (int i = 0; i < count; i++) {
      Job job = desk.tasks.removeLast();
      job.moveTo(null);
      pending.addFirst(job);
    }
    desk.recalled += count;
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
