package io.procession.pool;

import io.procession.process.DeathCertificate;
import io.procession.process.JvmProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The workers of a pool: starts them, replaces those that die, and ends them.
final class Crew {
  private static final Duration TERMINATION_GRACE = Duration.ofSeconds(1);
  private static final Duration DISMISSAL_GRACE = Duration.ofSeconds(10);

  private final String pool;
  private final PoolOptions options;
  private final Dispatcher dispatcher;
  private final List<Seat> seats = new CopyOnWriteArrayList<>(); // grows at its end only
  private final AtomicInteger hired = new AtomicInteger();
  private final VainStarts vainStarts = new VainStarts();
  private final StartGate gate;

  /// What is to be done with a worker that is started too late; null as long as none is.
  private volatile @Nullable Consumer<Link> lateOrder;

  private Crew(String pool, PoolOptions options, Dispatcher dispatcher) {
    this.pool = pool;
    this.options = options;
    this.dispatcher = dispatcher;
    this.gate = new StartGate(dispatcher::wantsWorkers);
  }

  /// Starts the first workers, all or none; the others follow one by one.
  ///
  /// @throws IllegalArgumentException if there cannot be so many
  static Crew open(String pool, PoolOptions options, Dispatcher dispatcher) {
    Crew crew = new Crew(pool, options, dispatcher);
    if (ProcessEnd.hasBegun()) {
      throw new IllegalStateException("this process is ending: pool=" + pool);
    }
    PoolLimits.check(options.processes());
    boolean done = false;
    try {
      while (crew.seats.size() < Math.min(options.processes(), StartGate.AT_ONCE)) {
        crew.openSeat();
      }
      crew.extend();
      done = true;
    } finally {
      if (!done) {
        dispatcher.end("the pool could not be started: pool=" + pool, null);
        crew.terminate();
      }
    }
    return crew;
  }

  private void openSeat() {
    Seat seat = addSeat(true);
    boolean done = false;
    try {
      gate.inTurn(() -> hire(seat));
      done = true;
    } finally {
      if (!done) {
        seat.abandon();
      }
    }
  }

  private Seat addSeat(boolean isGiven) {
    Seat seat = new Seat(this, "procession-" + pool + "-worker-" + (seats.size() + 1), isGiven);
    seat.thread().start();
    seats.add(seat);
    return seat;
  }

  /// Adds the next seat, if one is missing: its own thread fills it, and adds the one after it.
  private synchronized void extend() {
    if (seats.size() < options.processes()) {
      addSeat(false);
    }
  }

  /// The workers that live.
  List<JvmProcess> workers() {
    List<JvmProcess> alive = new ArrayList<>();
    for (Link link : links()) {
      if (link.process().isAlive()) {
        alive.add(link.process());
      }
    }
    return List.copyOf(alive);
  }

  /// The first worker for a place that came later than the others: not before one of those has shown
  /// that workers can be started. Waits for its turn.
  ///
  /// @return it, or null if none is wanted
  @Nullable Link fill(Seat seat) {
    while (!hasReadyWorker()) {
      if (!gate.pause(StartGate.LOOK_NANOS)) {
        return null;
      }
    }
    Link link = hireInTurn(seat, null);
    if (link != null) {
      try {
        extend();
      } catch (OutOfMemoryError e) {
        // no more threads: the pool works with those it has
      }
    }
    return link;
  }

  /// The next worker for a place whose former one has died. Waits for its turn.
  ///
  /// @param served whether that one had come so far as to take tasks
  /// @return it, or null if none is wanted
  @Nullable Link replace(Seat seat, DeathCertificate certificate, boolean served) {
    if (served) {
      vainStarts.reset(); // before the seat is empty: nobody may see neither worker nor hope
      seat.served();
    } else {
      vainStarts.add(certificate);
      seat.startedInVain();
    }
    seat.leave();
    return hireInTurn(seat, new WorkerDiedException(certificate));
  }

  private @Nullable Link hireInTurn(Seat seat, @Nullable Throwable lastProblem) {
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
        return gate.inTurn(() -> hire(seat));
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
    if (hasReadyWorker()) {
      vainStarts.reset();
      return false;
    }
    String verdict = vainStarts.verdict(Math.min(seats.size(), StartGate.AT_ONCE));
    if (verdict != null) {
      fail(verdict, problem);
    }
    return verdict != null;
  }

  private boolean hasReadyWorker() {
    for (Link link : links()) {
      if (link.isReady()) {
        return true;
      }
    }
    return false;
  }

  /// Ends the pool because it cannot go on. Does not wait.
  void fail(String what, Throwable reason) {
    dispatcher.end(pool + " is broken, " + what + ": " + reason, reason);
    gate.shut();
    giveOrder(Crew::kill);
  }

  /// Lets the workers leave when they have done what they were given, and waits for that. One that
  /// does not end although it has left is killed.
  void dismiss() throws InterruptedException {
    gate.shut();
    giveOrder(Link::dismiss);
    long deadline = System.nanoTime() + DISMISSAL_GRACE.toNanos();
    for (int i = 0; i < seats.size(); i++) { // one that is added late is there when the former ends
      Seat seat = seats.get(i);
      awaitEnd(seat, deadline);
      seat.thread().join();
    }
  }

  /// Ends the workers at once, by force if they take long, and waits for that. An interrupt is kept
  /// for later.
  void terminate() {
    gate.shut();
    lateOrder = Crew::kill;
    for (Link link : links()) {
      link.process().terminate();
    }
    long deadline = System.nanoTime() + TERMINATION_GRACE.toNanos();
    boolean interrupted = false;
    for (int i = 0; i < seats.size(); i++) {
      Seat seat = seats.get(i);
      while (seat.thread().isAlive()) {
        try {
          awaitEnd(seat, deadline);
          seat.thread().join();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static void awaitEnd(Seat seat, long deadline) throws InterruptedException {
    Link link = seat.link();
    if (link != null && !link.process().join(Duration.ofNanos(deadline - System.nanoTime()))) {
      kill(link);
    }
  }

  private Link hire(Seat seat) {
    String name = pool + "-worker-" + hired.incrementAndGet();
    Link link = Link.open(dispatcher.inbox(), seat, name, options.launch());
    seat.take(link);
    dispatcher.enter(link.desk());
    Consumer<Link> order = lateOrder;
    if (order != null) {
      order.accept(link);
    }
    return link;
  }

  private void giveOrder(Consumer<Link> order) {
    lateOrder = order;
    for (Link link : links()) {
      order.accept(link);
    }
  }

  private List<Link> links() {
    List<Link> links = new ArrayList<>();
    for (Seat seat : seats) {
      Link link = seat.link();
      if (link != null) {
        links.add(link);
      }
    }
    return links;
  }

  private static void kill(Link link) {
    link.process().kill();
  }
}
