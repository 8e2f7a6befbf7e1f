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
  private final List<Seat> seats = new CopyOnWriteArrayList<>();
  private final AtomicInteger hired = new AtomicInteger();
  private final VainStarts vainStarts = new VainStarts();

  /// What is to be done with a worker that is started too late; null as long as none is.
  private volatile @Nullable Consumer<Link> lateOrder;

  private Crew(String pool, PoolOptions options, Dispatcher dispatcher) {
    this.pool = pool;
    this.options = options;
    this.dispatcher = dispatcher;
  }

  /// Starts all workers, or none.
  static Crew open(String pool, PoolOptions options, Dispatcher dispatcher) {
    Crew crew = new Crew(pool, options, dispatcher);
    if (ProcessEnd.hasBegun()) {
      throw new IllegalStateException("this process is ending: pool=" + pool);
    }
    boolean done = false;
    try {
      for (int i = 1; i <= options.processes(); i++) {
        Seat seat = new Seat(crew, "procession-" + pool + "-worker-" + i);
        crew.hire(seat);
        crew.seats.add(seat);
        seat.thread().start();
      }
      done = true;
    } finally {
      if (!done) {
        dispatcher.end("the pool could not be started: pool=" + pool, null);
        crew.terminate();
      }
    }
    return crew;
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

  /// The next worker for a place whose former one has died.
  ///
  /// @param served whether that one had come so far as to take tasks
  /// @return it, or null if none is wanted
  @Nullable Link replace(Seat seat, DeathCertificate certificate, boolean served) {
    if (served) {
      vainStarts.reset();
    } else {
      vainStarts.add(certificate);
    }
    Throwable reason = new WorkerDiedException(certificate);
    while (dispatcher.wantsWorkers()) {
      if (ProcessEnd.hasBegun()) {
        dispatcher.end("this process is ending: pool=" + pool, null);
        return null;
      }
      if (vainStarts.isHopeless()) {
        fail("its workers die before they take a task", reason);
        return null;
      }
      try {
        return hire(seat);
      } catch (RuntimeException | Error e) {
        vainStarts.add();
        reason = e;
      }
    }
    return null;
  }

  /// Ends the pool because it cannot go on. Does not wait.
  void fail(String what, Throwable reason) {
    dispatcher.end(pool + " is broken, " + what + ": " + reason, reason);
    giveOrder(Crew::kill);
  }

  /// Lets the workers leave when they have done what they were given, and waits for that. One that
  /// does not end although it has left is killed.
  void dismiss() throws InterruptedException {
    giveOrder(Link::dismiss);
    long deadline = System.nanoTime() + DISMISSAL_GRACE.toNanos();
    for (Seat seat : seats) {
      awaitEnd(seat, deadline);
      seat.thread().join();
    }
  }

  /// Ends the workers at once, by force if they take long, and waits for that. An interrupt is kept
  /// for later.
  void terminate() {
    lateOrder = Crew::kill;
    for (Link link : links()) {
      link.process().terminate();
    }
    long deadline = System.nanoTime() + TERMINATION_GRACE.toNanos();
    boolean interrupted = false;
    for (Seat seat : seats) {
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
