package io.procession.pool;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
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
/// Tasks that have run out of memory are pending in a queue of their own, for larger workers.
///
/// A task that was cancelled while pending stays in the queue as an empty shell until its turn.
final class Assignments {
  private final Journal journal;
  private final ArrayDeque<Job> pending = new ArrayDeque<>();
  private final ArrayDeque<Job> pendingLarge = new ArrayDeque<>();

  /// A larger worker is there, or on its way.
  private boolean isLargerOn;

  private final List<Desk> desks = new ArrayList<>();
  private boolean isHalted;
  private long given;

  /// Whether any worker ever makes room for another.
  private boolean anyLeaves;

  Assignments(Journal journal) {
    this.journal = journal;
  }

  void add(Job job) {
    queueOf(job).addLast(job);
  }

  /// One whose worker was buried while it was hired stays outside: it would be idle for good, and so be the
  /// first to be given whatever comes, in vain.
  void enter(Desk desk) {
    if (desk.isGone) {
      return;
    }
    desks.add(desk);
    anyLeaves |= desk.mostTasks > 0;
  }

  /// The workers that are here.
  List<Desk> desks() {
    return desks;
  }

  /// Whether a worker that is killed now costs one task at most: it has begun that one and nothing else, and
  /// nothing lies before it; or it has left everything untouched for as long as that task may take.
  @SuppressWarnings("ReferenceEquality") // a job is nothing but itself
  boolean isAlone(Desk desk, Job job) {
    if (desk.tasks.isEmpty()) {
      return desk.sight.isOf(job) && desk.sight.part() <= Sight.UNTOUCHED;
    }
    boolean isOne = desk.tasks.size() == 1 && desk.tasks.peekFirst() == job && begun(desk) == 1;
    return isOne && (job.isStopping() || desk.sight.part() == Sight.partOf(desk, job));
  }

  /// A worker shall get no more tasks.
  void retire(Desk desk) {
    desk.isRetiring = true;
    anyLeaves = true;
  }

  /// What should be done now, for the caller to do: its desk is busy until the caller says that it is
  /// not. Null if there is nothing to do but by those who have made a desk busy.
  @Nullable Errand nextErrand() {
    if (isHalted) {
      return null;
    }
    Errand change = anyLeaves ? nextChange() : null;
    if (change != null) {
      return change;
    }
    boolean isPending = hasAny(pending);
    Desk desk = isPending ? pick(false) : null;
    if (desk != null) {
      return claim(desk, pending);
    }
    desk = hasAny(pendingLarge) ? pick(true) : null;
    if (desk != null) {
      return claim(desk, pendingLarge);
    }
    desk = isPending ? null : overloaded();
    if (desk == null) {
      return null;
    }
    Errand recall = new Errand.Recall(desk);
    desk.isBusy = true;
    return recall;
  }

  /// A worker is to be relieved, or to leave.
  private @Nullable Errand nextChange() {
    boolean isLargePending = hasAny(pendingLarge);
    if (isLargePending && !isLargerOn && !desks.isEmpty()) {
      Errand larger = new Errand.Enlargement(desks.getFirst());
      isLargerOn = true;
      return larger;
    }
    for (Desk desk : desks) {
      desk.isRetiring |= desk.isLarge && !isLargePending && desk.tasks.isEmpty();
      if (desk.needsRelief()) {
        Errand relief = new Errand.Relief(desk);
        desk.isRelieved = true;
        return relief;
      }
      if (!desk.isOpen()
          && !desk.isDoomed
          && !desk.isDismissed
          && !desk.isBusy
          && desk.tasks.isEmpty()) {
        Errand dismissal = new Errand.Dismissal(desk);
        desk.isDismissed = true;
        desk.isBusy = true;
        return dismissal;
      }
    }
    return null;
  }

  /// The desk that should be given a task now, or null if every one has enough. Among idle workers
  /// the one that worked last: it is warm, and may still be looking for work.
  ///
  /// @param isLarge whether it is to be one for tasks that have run out of memory
  private @Nullable Desk pick(boolean isLarge) {
    Desk best = null;
    for (Desk desk : desks) {
      int load = desk.tasks.size();
      if (desk.isLarge != isLarge || desk.isBusy || load >= desk.ahead() || !desk.isOpen()) {
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

  /// What needs memory comes first: who has none leaves everything as it was.
  private Errand claim(Desk desk, ArrayDeque<Job> queue) {
    Job job = queue.getFirst();
    Errand delivery = new Errand.Delivery(desk, job, job.message());
    if (desk.tasks.isEmpty()) {
      journal.started(job, desk);
    }
    desk.isBusy = true;
    queue.removeFirst();
    desk.used = ++given;
    desk.given++;
    desk.tasks.addLast(job);
    desk.noteLoad();
    job.moveTo(desk);
    return delivery;
  }

  /// The task that was claimed last could not be sent: it is on no desk any more.
  void unclaim(Desk desk) {
    desk.tasks.removeLast().moveTo(null);
    desk.given--;
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
    Job next = desk.tasks.peekFirst();
    if (next != null) {
      journal.started(next, desk);
    }
  }

  /// A desk with a task that its worker has not begun behind another, while another worker has none.
  private @Nullable Desk overloaded() {
    Desk overloaded = null;
    boolean anyIdle = false;
    for (Desk desk : desks) {
      if (!desk.isBusy && !desk.isLarge && !desk.isStuck) {
        anyIdle |= desk.tasks.isEmpty() && desk.isOpen();
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
        putBack(job); // needs memory: who has none leaves it where it is
        desk.tasks.remove(job);
        desk.given--;
        job.moveTo(null);
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
    int count = begun(desk);
    List<Job> begun = new ArrayList<>(count); // first: who has no memory leaves all where it is
    while (desk.tasks.size() > count) {
      Job job = desk.tasks.getLast();
      putBack(job);
      desk.tasks.removeLast();
      job.moveTo(null);
    }
    desk.isGone = true;
    desks.remove(desk);
    while (begun.size() < count) {
      Job job = desk.tasks.removeFirst();
      job.moveTo(null);
      begun.add(job);
    }
    desk.noteLoad();
    return begun;
  }

  /// How many tasks of a desk its worker has begun: the first of them. If the desk is busy, they may
  /// be fewer.
  static int begun(Desk desk) {
    long begun = desk.courier.taken() - desk.recalled - desk.finished;
    return (int) Math.min(Math.max(begun, 0), desk.tasks.size());
  }

  /// How many tasks no worker has.
  long pending() {
    return Stream.concat(pending.stream(), pendingLarge.stream())
        .filter(job -> !job.isEnded())
        .count();
  }

  /// A task is to be the next.
  void putBack(Job job) {
    queueOf(job).addFirst(job);
  }

  private ArrayDeque<Job> queueOf(Job job) {
    anyLeaves |= job.isLarge();
    return job.isLarge() ? pendingLarge : pending;
  }

  /// A larger worker has left, or there can be none.
  ///
  /// @return whether another is needed
  boolean needsLarger() {
    isLargerOn = hasAny(pendingLarge);
    return isLargerOn;
  }

  /// The tasks that wait for a larger worker.
  List<Job> waitingForLarger() {
    List<Job> all = new ArrayList<>();
    addLive(all, pendingLarge);
    return all;
  }

  /// There can be no larger worker, and those that waited for one have ended.
  void forgetLarger() {
    pendingLarge.clear();
    isLargerOn = false;
  }

  boolean hasPending() {
    return hasAny(pending) || hasAny(pendingLarge);
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

  /// From now on there are no errands.
  ///
  /// @return the desks of all workers
  List<Desk> halt() {
    isHalted = true;
    return List.copyOf(desks);
  }

  /// Those that have not ended and lie with the pool.
  List<Job> waiting() {
    List<Job> all = new ArrayList<>();
    addLive(all, pending);
    addLive(all, pendingLarge);
    return all;
  }

  /// Those that lay with the pool have ended.
  void forgetWaiting() {
    pending.clear();
    forgetLarger();
  }

  /// All that have not ended, wherever they lie.
  List<Job> all() {
    List<Job> all = new ArrayList<>();
    for (Desk desk : desks) {
      addLive(all, desk.tasks);
    }
    addLive(all, pending);
    addLive(all, pendingLarge);
    return all;
  }

  private static void addLive(List<Job> all, Iterable<Job> jobs) {
    for (Job job : jobs) {
      if (!job.isEnded()) {
        all.add(job);
      }
    }
  }

  /// Drops those in front that have ended.
  private static boolean hasAny(ArrayDeque<Job> queue) {
    Job first = queue.peekFirst();
    while (first != null && first.isEnded()) {
      queue.removeFirst();
      first = queue.peekFirst();
    }
    return first != null;
  }
}
