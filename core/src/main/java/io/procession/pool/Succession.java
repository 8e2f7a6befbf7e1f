package io.procession.pool;

import io.procession.process.DeathCertificate;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Who comes next at a seat, and when it is in vain to try again. Called by the threads of the seats.
final class Succession {
  /// What it needs of those whose seats they are.
  interface House {
    /// Starts a worker for a seat.
    ///
    /// @param entry what is done first with it
    Link hire(Seat seat, Consumer<Link> entry);

    /// Adds the next seat, if one is missing.
    void extend();

    /// There can be no workers.
    void fail(String what, Throwable reason);
  }

  /// So many starts of a larger worker in a row are in vain before the tasks that wait for one are told.
  private static final int MOST_OF_LARGER = 3;

  private final House house;
  private final String pool;
  private final Dispatcher dispatcher;
  private final Seats seats;
  private final StartGate gate;
  private final @Nullable Lives lives;
  private final VainStarts vainStarts = new VainStarts();

  /// @param pool its name
  /// @param lives how often a worker may be replaced, null for always
  Succession(
      House house,
      String pool,
      Dispatcher dispatcher,
      Seats seats,
      StartGate gate,
      @Nullable Lives lives) {
    this.house = house;
    this.pool = pool;
    this.dispatcher = dispatcher;
    this.seats = seats;
    this.gate = gate;
    this.lives = lives;
  }

  /// The first worker for a place that came later than the others: not before one of those has shown
  /// that workers can be started. Waits for its turn.
  ///
  /// @return it, or null if none is wanted
  @Nullable Link fill(Seat seat) {
    while (!seats.hasReadyWorker()) {
      if (!gate.pause(StartGate.LOOK_NANOS)) {
        return null;
      }
    }
    Link link = hireInTurn(seat, null, this::enter);
    if (link != null) {
      try {
        house.extend();
      } catch (OutOfMemoryError e) {
        // no more threads: the pool works with those it has
      }
    }
    return link;
  }

  /// The next worker for a place whose former one has died. Waits for its turn.
  ///
  /// @param former that one
  /// @param served whether it had come so far as to take tasks
  /// @return it, or null if none is wanted
  @Nullable Link replace(Seat seat, Link former, boolean served) {
    DeathCertificate certificate = former.certificate();
    Throwable failure = former.startFailure();
    if (lives != null) {
      Throwable reason = failure != null ? failure : new WorkerDiedException(certificate);
      return revive(lives, seat, reason);
    }
    if (seat.isForLarge()) {
      return replaceLarger(seat, certificate, served);
    }
    if (served) {
      vainStarts.reset(); // before the seat is empty: nobody may see neither worker nor hope
      seat.served();
    } else if (failure != null) {
      vainStarts.addFailed();
      seat.startedInVain();
    } else {
      vainStarts.add(certificate);
      seat.startedInVain();
    }
    if (seat.leave()) {
      seats.remove(seat);
      return null;
    }
    return hireInTurn(
        seat, failure != null ? failure : new WorkerDiedException(certificate), this::enter);
  }

  private @Nullable Link revive(Lives left, Seat seat, Throwable reason) {
    seat.leave();
    if (!dispatcher.wantsWorkers()) {
      return null;
    }
    long pause = left.next();
    if (pause == Lives.NONE) {
      house.fail("its object is gone, and is not made again", reason);
      return null;
    }
    return gate.pause(pause) ? hireInTurn(seat, null, this::enter) : null;
  }

  /// The first worker of a place that was added for it: it takes over from another one once it is
  /// ready, so that it does not keep tasks waiting. Waits for its turn.
  ///
  /// @return it, or null if none is wanted
  @Nullable Link takeOver(Seat seat, Link former) {
    Link link = hireInTurn(seat, null, _ -> {});
    if (link == null) {
      return null;
    }
    while (!link.isReady() && link.process().isAlive()) {
      if (!gate.pause(StartGate.LOOK_NANOS)) {
        break;
      }
    }
    dispatcher.relieve(former.desk(), link.desk());
    return link;
  }

  /// A larger worker, for tasks that wait for one. Waits for its turn.
  ///
  /// @return it, or null if none is wanted
  @Nullable Link fillLarger(Seat seat) {
    return hireLarger(seat, null);
  }

  private @Nullable Link replaceLarger(Seat seat, DeathCertificate certificate, boolean served) {
    seat.leave();
    if (served) {
      seat.served();
    } else {
      seat.startedInVain();
    }
    if (!dispatcher.needsLarger()) {
      seats.remove(seat);
      return null;
    }
    return hireLarger(seat, new WorkerDiedException(certificate));
  }

  private @Nullable Link hireLarger(Seat seat, @Nullable Throwable lastProblem) {
    Throwable problem = lastProblem;
    while (dispatcher.wantsWorkers()
        && seat.vainStarts() < MOST_OF_LARGER
        && gate.pause(seat.pause())) {
      try {
        return gate.inTurn(() -> house.hire(seat, this::enter));
      } catch (RuntimeException | Error e) {
        seat.startedInVain();
        problem = e;
      }
    }
    seats.remove(seat);
    dispatcher.giveUpLarger(problem);
    return null;
  }

  /// A worker has come, and takes tasks.
  void enter(Link link) {
    dispatcher.enter(link.desk());
  }

  private @Nullable Link hireInTurn(
      Seat seat, @Nullable Throwable lastProblem, Consumer<Link> entry) {
    Throwable problem = lastProblem;
    while (dispatcher.wantsWorkers()) {
      if (ProcessEnd.hasBegun()) {
        dispatcher.end("this process is ending: pool=" + pool, null);
        return null;
      }
      if (problem != null && failIfHopeless(problem)) {
        return null;
      }
      if (!gate.pause(seat.pause())) {
        return null;
      }
      try {
        return gate.inTurn(() -> house.hire(seat, entry));
      } catch (RuntimeException | Error e) {
        vainStarts.addRefused();
        seat.startedInVain();
        problem = e;
      }
    }
    return null;
  }

  /// As long as any worker is ready there is hope: tasks are done, and the others may be had later.
  private boolean failIfHopeless(Throwable problem) {
    if (seats.hasReadyWorker()) {
      vainStarts.reset();
      return false;
    }
    String verdict = vainStarts.verdict(Math.min(seats.size(), StartGate.AT_ONCE));
    if (verdict != null) {
      house.fail(verdict, problem);
    }
    return verdict != null;
  }
}
