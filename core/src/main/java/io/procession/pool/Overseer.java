package io.procession.pool;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Looks after tasks that may run for a limited time only, and those that were cancelled: asks them to
/// end, and kills their workers if they do not.
final class Overseer {
  /*
   * Rounds of the JVM's one timer, as long as any task is to be looked after. A round looks at the
   * boards of the workers, notes what it sees for the first time, and does what is due. Under the
   * dispatcher's lock it only decides. What may wait (to take tasks back from a ring whose lock a
   * stopped worker has, to write to a pipe that nobody reads) is done by a thread of its own; if that
   * takes too long, the worker is killed, which frees the ring.
   */

  private static final long UNSEEN_INTERVAL = 50_000_000;
  private static final long SOON = 2_000_000;
  private static final long MOST_DITHERING = 1_000_000_000;

  /// A worker that is not ready for so long will never be: it is stopped, say.
  private static final long LONGEST_START = 60_000_000_000L;

  /// A ready worker that leaves a task untouched for so long is stopped; a shorter time is what a busy
  /// machine takes to let it run, which is no fault of the worker.
  private static final long LONGEST_PAUSE = 5_000_000_000L;

  private final ReentrantLock lock;
  private final Assignments assignments;
  private final Supply supply;
  private final long grace;
  private final Rounds rounds;

  private volatile boolean isOn; // written with the lock

  /// @param lock guards the assignments
  /// @param grace how many nanoseconds a cancelled task has to end by itself
  Overseer(ReentrantLock lock, Assignments assignments, Supply supply, long grace, Rounds rounds) {
    this.lock = lock;
    this.assignments = assignments;
    this.supply = supply;
    this.grace = grace;
    this.rounds = rounds;
  }

  /// Something is to be looked after from now on, which others could see before this is called: so a
  /// round that is on sees it, too. Without the lock.
  void begin() {
    if (!isOn && turnOn()) {
      again(SOON);
    }
  }

  private boolean turnOn() {
    lock.lock();
    try {
      boolean wasOff = !isOn;
      isOn = true;
      return wasOff;
    } finally {
      lock.unlock();
    }
  }

  private void again(long nanos) {
    boolean done = false;
    try {
      rounds.in(nanos, this::round);
      done = true;
    } finally {
      if (!done) {
        turnOff(); // no thread for it now: the next task tries again
      }
    }
  }

  private void turnOff() {
    lock.lock();
    try {
      isOn = false;
    } finally {
      lock.unlock();
    }
  }

  /// A task that has ended for its owner is to end in its worker, too, if it is there.
  void stop(Job job) {
    Desk desk;
    lock.lock();
    try {
      desk = job.desk();
      if (desk == null || desk.isGone) {
        return;
      }
      job.stopAt(rounds.now() + grace);
    } finally {
      lock.unlock();
    }
    desk.courier.end(job.id(), Turn.WHOLE);
    begin();
  }

  /// A worker makes room for another when it has done what it has; it is killed first if it shall not even
  /// do that. One without a task is killed at once: an actor's object is not to be made again as long as it
  /// is there.
  ///
  /// @param doom why it is killed, null if it is not
  void relieve(Desk desk, @Nullable Doom doom) {
    Errand.Ending ending = null;
    Errand errand = null;
    boolean isIdle = false;
    lock.lock();
    try {
      if (desk.isDoomed || desk.isGone) {
        return;
      }
      Job job = desk.tasks.peekFirst();
      if (doom != null && (desk.isBusy || (job != null && Assignments.begun(desk) != 1))) {
        return; // it is asked again
      }
      if (doom != null && job == null) {
        desk.doom(null, doom);
        isIdle = true;
      } else if (doom != null) {
        desk.sight.look(job, Sight.partOf(desk, job), rounds.now());
        ending = new Errand.Ending(desk, job, doom);
        desk.isBusy = true;
      } else {
        assignments.retire(desk);
        errand = assignments.nextErrand();
      }
    } finally {
      lock.unlock();
    }
    if (isIdle) {
      desk.courier.kill();
    }
    Errand first = ending != null ? ending : errand;
    if (first != null) {
      runAside(() -> supply.run(first, null));
    }
  }

  private void round() {
    List<Runnable> actions = new ArrayList<>();
    long next = UNSEEN_INTERVAL;
    try {
      next = lookAtAll(actions);
    } catch (RuntimeException | Error e) {
      // no memory for it: the next round sees what is left to do
    }
    for (Runnable action : actions) {
      run(action);
    }
    if (next != Long.MAX_VALUE) {
      again(next);
    }
  }

  /// @return as [#look]
  private long lookAtAll(List<Runnable> actions) {
    long next = Long.MAX_VALUE;
    lock.lock();
    try {
      long now = rounds.now();
      for (Desk desk : assignments.desks()) {
        next = Math.min(next, look(desk, now, actions));
      }
      if (next == Long.MAX_VALUE && assignments.hasPending()) {
        next = UNSEEN_INTERVAL;
      }
      isOn = next != Long.MAX_VALUE;
    } finally {
      lock.unlock();
    }
    return next;
  }

  private static void run(Runnable action) {
    try {
      action.run();
    } catch (RuntimeException | Error e) {
      // no memory for it, or the worker has just gone: the next round sees what is left to do
    }
  }

  /// @return when to look again, in nanoseconds; [Long#MAX_VALUE] if there is nothing to look after
  private long look(Desk desk, long now, List<Runnable> actions) {
    Job job = desk.tasks.peekFirst();
    if (desk.isDoomed) {
      return UNSEEN_INTERVAL; // what was seen last is told of the task; its rest may be run again
    }
    if (job == null || !isLimited(job)) {
      desk.sight.look(null, 0, now);
      return desk.tasks.stream().anyMatch(Overseer::isLimited) ? UNSEEN_INTERVAL : Long.MAX_VALUE;
    }
    Terms terms = job.terms();
    Sight sight = desk.sight;
    if (desk.isBusy) {
      return hurry(desk, job, now, actions);
    }
    int begun = Assignments.begun(desk);
    if (begun > 1) {
      return UNSEEN_INTERVAL; // its answer is on the way
    }
    sight.look(job, begun == 0 ? untouched(desk) : Sight.partOf(desk, job), now);
    long age = now - sight.since;
    long hard = hard(sight, terms);
    if (job.isStopping() ? now - job.stopTime() >= 0 : age >= hard) {
      Errand ending = new Errand.Ending(desk, job, doom(desk, job));
      actions.add(() -> runAside(() -> supply.run(ending, null)));
      desk.isBusy = true; // last: who fails before has left nothing behind
      return SOON;
    }
    if (job.isStopping()) {
      return Math.min(job.stopTime() - now, UNSEEN_INTERVAL);
    }
    if (age >= terms.soft() && !sight.isOverdue && begun > 0) {
      sight.isOverdue = true;
      int part = sight.part();
      job.noteOverdue(part, "");
      actions.add(() -> runAside(() -> interrupt(desk, job, part)));
    }
    long left = (sight.isOverdue || begun == 0 ? hard : Math.min(terms.soft(), hard)) - age;
    return Math.clamp(left, SOON / 2, terms.interval());
  }

  /// How long what is seen may last.
  private static long hard(Sight sight, Terms terms) {
    return switch (sight.part()) {
      case Sight.STARTING -> Math.max(terms.hard(), LONGEST_START);
      case Sight.UNTOUCHED -> Math.max(terms.hard(), LONGEST_PAUSE);
      default -> terms.hard();
    };
  }

  private static Doom doom(Desk desk, Job job) {
    if (job.isStopping()) {
      return new Doom.Cancelled();
    }
    String dump = job.overdue(desk.sight.part());
    Terms terms = job.terms();
    Duration soft = terms.soft() < terms.hard() ? Duration.ofNanos(terms.soft()) : null;
    return new Doom.Overrun(soft, Duration.ofNanos(terms.hard()), dump == null ? "" : dump);
  }

  private static boolean isLimited(Job job) {
    return job.terms().isTimed() || job.isStopping();
  }

  private static int untouched(Desk desk) {
    return desk.courier.isReady() ? Sight.UNTOUCHED : Sight.STARTING;
  }

  /// Somebody is at the ring of a worker: if that takes a second longer than its task may, the worker has
  /// the ring's lock and is stopped.
  private static long hurry(Desk desk, Job job, long now, List<Runnable> actions) {
    Sight sight = desk.sight;
    if (!sight.isOf(job)) {
      sight.look(job, untouched(desk), now);
    }
    long over =
        job.isStopping() ? now - job.stopTime() : now - sight.since - hard(sight, job.terms());
    if (over >= MOST_DITHERING) {
      Doom doom = doom(desk, job);
      actions.add(desk.courier::kill);
      desk.doom(job, doom);
    }
    return SOON;
  }

  private void interrupt(Desk desk, Job job, int part) {
    var _ = desk.courier.tell().thenAccept(text -> noteDump(job, part, text));
    if (part >= 0) { // else it has not come to the user's code
      desk.courier.end(job.id(), part);
    }
  }

  private void noteDump(Job job, int part, String text) {
    lock.lock();
    try {
      job.noteOverdue(part, text);
    } finally {
      lock.unlock();
    }
  }

  private void runAside(Runnable action) {
    try {
      rounds.aside(() -> run(action));
    } catch (OutOfMemoryError e) {
      run(action); // no thread: this one must do
    }
  }
}
