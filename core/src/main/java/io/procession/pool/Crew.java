package io.procession.pool;

import io.procession.process.JvmProcess;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The workers of a pool: opens places for them, starts them, and says when there can be none.
final class Crew implements Succession.House {
  private final String pool;
  private final PoolOptions options;
  private final Dispatcher dispatcher;
  private final Seats seats = new Seats();
  private final AtomicInteger added = new AtomicInteger();
  private int places; // guarded by this, once it is open
  private final AtomicInteger hired = new AtomicInteger();

  /// How often the worker of an actor may be replaced; null for a pool, which always does that.
  private final @Nullable Lives lives;

  private final StartGate gate;
  private final Leave leave;
  private final Succession succession;
  private final CompletableFuture<Void> broken = new CompletableFuture<>();

  private Crew(String pool, PoolOptions options, Dispatcher dispatcher, @Nullable Lives lives) {
    this.pool = pool;
    this.lives = lives;
    this.options = options;
    this.dispatcher = dispatcher;
    this.gate = new StartGate(dispatcher::wantsWorkers);
    this.leave = new Leave(seats, gate, dispatcher);
    this.succession = new Succession(this, pool, dispatcher, seats, gate, lives);
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
        crew.leave.terminate();
      }
    }
    return crew;
  }

  private void watchMemory() {
    if (options.softMemory() > 0 || options.hardMemory() > 0) {
      new MemoryWatch(
              seats::links,
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
      done = gate.inTurn(() -> hire(seat, succession::enter)) != null;
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
  @Override
  public synchronized void extend() {
    if (places < options.processes()) {
      addSeat(new Seat.Origin.Added());
      places++;
    }
  }

  /// The workers that live.
  List<JvmProcess> workers() {
    List<JvmProcess> alive = new ArrayList<>();
    for (Link link : seats.links()) {
      if (link.process().isAlive()) {
        alive.add(link.process());
      }
    }
    return List.copyOf(alive);
  }

  /// What the pool is about.
  CrewReport report() {
    return new CrewReport(pool, dispatcher.survey(), seats.links());
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

  /// Has a larger worker be started. Does not wait.
  void enlarge() {
    try {
      addSeat(new Seat.Origin.Larger());
    } catch (OutOfMemoryError e) {
      dispatcher.giveUpLarger(e); // no more threads
    }
  }

  /// Ends the pool because it cannot go on. Does not wait.
  @Override
  public void fail(String what, Throwable reason) {
    dispatcher.end(pool + " is broken, " + what + ": " + reason, reason);
    leave.kill();
    broken.complete(null);
  }

  /// Has something be done when the pool cannot go on, now if that is so. It must not wait: a thread of ours
  /// does it.
  void whenBroken(Runnable action) {
    var _ = broken.thenRun(action);
  }

  /// As [Leave#dismiss].
  void dismiss() throws InterruptedException {
    leave.dismiss();
  }

  /// As [Leave#terminate].
  void terminate() {
    leave.terminate();
  }

  /// Who comes next at a seat.
  Succession succession() {
    return succession;
  }

  @Override
  public Link hire(Seat seat, Consumer<Link> entry) {
    String name = pool + "-worker-" + hired.incrementAndGet();
    Link link = Link.open(dispatcher.inbox(), seat, name, options);
    seat.take(link);
    try {
      dispatcher.noteStart(link.process());
      entry.accept(link);
      leave.heed(link);
    } catch (RuntimeException | Error e) {
      link.kill(); // the seat has it: it is buried and replaced as any other that has died
    }
    return link;
  }
}
