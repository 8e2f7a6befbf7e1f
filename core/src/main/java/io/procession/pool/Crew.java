package io.procession.pool;

import io.procession.internal.posix.Uninterrupted;
import io.procession.process.DeathCertificate;
import io.procession.process.JvmProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The workers of a pool: starts them, replaces those that die, and ends them.
final class Crew {
  private static final Duration TERMINATION_GRACE = Duration.ofSeconds(1);
  private static final Duration DISMISSAL_GRACE = Duration.ofSeconds(10);
  private static final long SLICE_MILLIS = 100;

  /// So many starts of a larger worker in a row are in vain before the tasks that wait for one are told.
  private static final int MOST_OF_LARGER = 3;

  private final String pool;
  private final PoolOptions options;
  private final Dispatcher dispatcher;
  private final List<Seat> seats = new CopyOnWriteArrayList<>();
  private final AtomicInteger added = new AtomicInteger();
  private int places; // guarded by this, once it is open
  private final AtomicInteger hired = new AtomicInteger();
  private final VainStarts vainStarts = new VainStarts();

  /// How often the worker of an actor may be replaced; null for a pool, which always does that.
  private final @Nullable Lives lives;

  private final StartGate gate;
  private final CompletableFuture<Void> broken = new CompletableFuture<>();

  /// What is to be done with a worker that is started too late; null as long as none is.
  private volatile @Nullable Consumer<Link> lateOrder;

  private Crew(String pool, PoolOptions options, Dispatcher dispatcher, @Nullable Lives lives) {
    this.pool = pool;
    this.lives = lives;
    this.options = options;
    this.dispatcher = dispatcher;
    this.gate = new StartGate(dispatcher::wantsWorkers);
  }

  /// Starts the first workers, all or none; the others follow one by one.
  ///
  /// @throws IllegalArgumentException if there cannot be so many
  static Crew open(String pool, PoolOptions options, Dispatcher dispatcher) {
    return open(pool, options, dispatcher, null);
  }

  /// As [#open(String, PoolOptions, Dispatcher)], for a worker with an object in it that is lost when
  /// it ends.
  static Crew open(String pool, PoolOptions options, Dispatcher dispatcher, @Nullable Lives lives) {
    Crew crew = new Crew(pool, options, dispatcher, lives);
    if (ProcessEnd.hasBegun()) {
      throw new IllegalStateException("this process is ending: pool=" + pool);
    }
    PoolLimits.check(options.processes());
    boolean done = false;
    try {
      while (crew.places < Math.min(options.processes(), StartGate.AT_ONCE)) {
        crew.openSeat();
      }
      crew.extend();
      crew.watchMemory();
      done = true;
    } finally {
      if (!done) {
        dispatcher.end("the pool could not be started: pool=" + pool, null);
        crew.terminate();
      }
    }
    return crew;
  }

  private void watchMemory() {
    if (options.softMemory() > 0 || options.hardMemory() > 0) {
      new MemoryWatch(
              this::links,
              dispatcher::wantsWorkers,
              dispatcher.overseer(),
              options.softMemory(),
              options.hardMemory())
          .begin();
    }
  }

  private void openSeat() {
    Seat seat = addSeat(new Seat.Origin.Given());
    places++;
    boolean done = false;
    try {
      done = gate.inTurn(() -> hire(seat, this::enter)) != null;
    } finally {
      if (!done) {
        seat.abandon();
      }
    }
  }

  private Seat addSeat(Seat.Origin origin) {
    String name = "procession-" + pool + "-worker-" + added.incrementAndGet();
    Seat seat = new Seat(this, name, origin);
    seats.add(seat); // first: a thread that nobody knows could not be waited for
    boolean done = false;
    try {
      seat.thread().start();
      done = true;
      return seat;
    } finally {
      if (!done) {
        seats.remove(seat);
      }
    }
  }

  /// Adds the next seat, if one is missing: its own thread fills it, and adds the one after it.
  private synchronized void extend() {
    if (places < options.processes()) {
      addSeat(new Seat.Origin.Added());
      places++;
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

  /// What the pool is about.
  CrewReport report() {
    return new CrewReport(pool, dispatcher.survey(), links());
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
    Link link = hireInTurn(seat, null, this::enter);
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
      fail("its object is gone, and is not made again", reason);
      return null;
    }
    return gate.pause(pause) ? hireInTurn(seat, null, this::enter) : null;
  }

  /// Has a worker be started that will take over from another. Does not wait.
  ///
  /// @return false if there can be none
  boolean relieve(Link former) {
    if (lives != null) {
      return false; // its object is in that worker
    }
    try {
      addSeat(new Seat.Origin.Relief(former));
      return true;
    } catch (OutOfMemoryError e) {
      return false; // no more threads: the place stays empty for a while
    }
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

  /// Has a larger worker be started. Does not wait.
  void enlarge() {
    try {
      addSeat(new Seat.Origin.Larger());
    } catch (OutOfMemoryError e) {
      dispatcher.giveUpLarger(e); // no more threads
    }
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
        return gate.inTurn(() -> hire(seat, this::enter));
      } catch (RuntimeException | Error e) {
        seat.startedInVain();
        problem = e;
      }
    }
    seats.remove(seat);
    dispatcher.giveUpLarger(problem);
    return null;
  }

  private void enter(Link link) {
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
        return gate.inTurn(() -> hire(seat, entry));
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
    dispatcher.noteEndOfWorkers();
    giveOrder(Crew::kill);
    broken.complete(null);
  }

  /// Has something be done when the pool cannot go on, now if that is so. It must not wait: a thread of ours
  /// does it.
  void whenBroken(Runnable action) {
    var _ = broken.thenRun(action);
  }

  /// Lets the workers leave when they have done what they were given, and waits for that. One that
  /// does not end although it has left is killed.
  void dismiss() throws InterruptedException {
    gate.shut();
    dispatcher.noteEndOfWorkers();
    giveOrder(Link::dismiss);
    awaitSeats(System.nanoTime() + DISMISSAL_GRACE.toNanos());
  }

  /// Ends the workers at once, by force if they take long, and waits for that. An interrupt is kept
  /// for later.
  void terminate() {
    gate.shut();
    dispatcher.noteEndOfWorkers();
    lateOrder = Crew::kill;
    for (Link link : links()) {
      link.process().terminate();
    }
    long deadline = System.nanoTime() + TERMINATION_GRACE.toNanos();
    Uninterrupted.await(() -> awaitSeats(deadline));
  }

  /// Waits for the threads of all seats; one that is added late is there when the one that added it ends.
  private void awaitSeats(long deadline) throws InterruptedException {
    Seat seat = livingSeat();
    while (seat != null) {
      awaitEnd(seat, deadline);
      seat.thread().join(SLICE_MILLIS); // no longer: its worker may just be coming
      seat = livingSeat();
    }
  }

  private @Nullable Seat livingSeat() {
    for (Seat seat : seats) {
      if (seat.thread().isAlive()) {
        return seat;
      }
    }
    return null;
  }

  private static void awaitEnd(Seat seat, long deadline) throws InterruptedException {
    Link link = seat.link();
    if (link != null && !link.process().join(Duration.ofNanos(deadline - System.nanoTime()))) {
      kill(link);
    }
  }

  private Link hire(Seat seat, Consumer<Link> entry) {
    String name = pool + "-worker-" + hired.incrementAndGet();
    Link link = Link.open(dispatcher.inbox(), seat, name, options);
    seat.take(link);
    try {
      dispatcher.noteStart(link.process());
      entry.accept(link);
      Consumer<Link> order = lateOrder;
      if (order != null) {
        order.accept(link);
      }
    } catch (RuntimeException | Error e) {
      kill(link); // the seat has it: it is buried and replaced as any other that has died
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
    link.kill();
  }
}
