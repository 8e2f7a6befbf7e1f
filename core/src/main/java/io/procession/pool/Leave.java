package io.procession.pool;

import io.procession.internal.posix.Uninterrupted;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// How the workers of a pool are made to go, those too that are just being started.
final class Leave {
  private static final Duration TERMINATION_GRACE = Duration.ofSeconds(1);
  private static final Duration DISMISSAL_GRACE = Duration.ofSeconds(10);
  private static final long SLICE_MILLIS = 100;

  private final Seats seats;
  private final StartGate gate;
  private final Dispatcher dispatcher;

  /// What is to be done with a worker that is started too late; null as long as none is.
  private volatile @Nullable Consumer<Link> lateOrder;

  Leave(Seats seats, StartGate gate, Dispatcher dispatcher) {
    this.seats = seats;
    this.gate = gate;
    this.dispatcher = dispatcher;
  }

  /// Lets the workers leave when they have done what they were given, and waits for that. One that
  /// does not end although it has left is killed.
  void dismiss() throws InterruptedException {
    begin();
    giveOrder(Link::dismiss);
    awaitSeats(System.nanoTime() + DISMISSAL_GRACE.toNanos());
  }

  /// Ends the workers at once, by force if they take long, and waits for that. An interrupt is kept
  /// for later.
  void terminate() {
    begin();
    lateOrder = Link::kill;
    for (Link link : seats.links()) {
      link.process().terminate();
    }
    long deadline = System.nanoTime() + TERMINATION_GRACE.toNanos();
    Uninterrupted.await(() -> awaitSeats(deadline));
  }

  /// Kills the workers. Does not wait.
  void kill() {
    begin();
    giveOrder(Link::kill);
  }

  /// Has a worker that has just been started do what the others were told.
  void heed(Link late) {
    Consumer<Link> order = lateOrder;
    if (order != null) {
      order.accept(late);
    }
  }

  private void begin() {
    gate.shut();
    dispatcher.noteEndOfWorkers();
  }

  /// First it is noted: who comes to a seat later than this looks there sees it.
  private void giveOrder(Consumer<Link> order) {
    lateOrder = order;
    for (Link link : seats.links()) {
      order.accept(link);
    }
  }

  /// Waits for the threads of all seats; one that is added late is there when the one that added it ends.
  private void awaitSeats(long deadline) throws InterruptedException {
    Seat seat = seats.living();
    while (seat != null) {
      awaitEnd(seat, deadline);
      seat.thread().join(SLICE_MILLIS); // no longer: its worker may just be coming
      seat = seats.living();
    }
  }

  private static void awaitEnd(Seat seat, long deadline) throws InterruptedException {
    Link link = seat.link();
    if (link != null && !link.process().join(Duration.ofNanos(deadline - System.nanoTime()))) {
      link.kill();
    }
  }
}
