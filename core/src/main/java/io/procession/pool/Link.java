package io.procession.pool;

import io.procession.internal.arena.Session;
import io.procession.internal.order.Orders;
import io.procession.internal.ring.MessageRing;
import io.procession.internal.watch.Sources;
import io.procession.process.DeathCertificate;
import io.procession.process.JvmProcess;
import io.procession.serial.ByteSink;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// One worker as its pool sees it: the process, the wires to it, and how it is buried.
final class Link implements Courier {
  /// A worker is at its ring for a microsecond: one that is for so long is stopped.
  private static final long LONGEST_AT_RING_NANOS = 1_000_000_000L;

  private final Session session;
  private final Inbox inbox;
  private final Seat seat;
  private final Wires wires;
  private final Board board;
  private final JvmProcess process;
  private final Desk desk;
  private final Orders.Addressee orders;
  private final ResultReader reader;
  private final CompletableFuture<DeathCertificate> end;

  private Link(
      Session session,
      Inbox inbox,
      Seat seat,
      Wires wires,
      JvmProcess process,
      int mostTasks,
      boolean isLarge) {
    this.session = session;
    this.inbox = inbox;
    this.seat = seat;
    this.wires = wires;
    this.board = new Board(session, wires.board());
    this.process = process;
    this.orders = addressee(process);
    this.desk = new Desk(this, mostTasks, isLarge);
    this.reader = new ResultReader(inbox, seat, desk, wires, board, process, orders);
    this.end =
        process
            .exit()
            .thenApply(certificate -> {
              reader.noteEnd();
              return certificate;
            });
  }

  /// Starts a worker.
  static Link open(Inbox inbox, Seat seat, String name, PoolOptions given) {
    boolean isLarge = seat.isForLarge();
    PoolOptions options = isLarge ? given.withMaxHeap(given.largerHeap()) : given;
    Session session = Session.current();
    Wires wires = Wires.open(session, name);
    Link link = null;
    JvmProcess started = null;
    try {
      JvmProcess process = JvmProcess.of(name, options.launch(), WorkerTask.of(wires, options));
      process.setDaemon(true);
      process.start();
      started = process;
      link = new Link(session, inbox, seat, wires, process, options.tasksOfWorker(), isLarge);
    } finally {
      if (link == null) {
        if (started != null) {
          addressee(started).kill();
          started.close(); // it writes to its wires until it has ended
        }
        wires.free(session);
      }
    }
    return link;
  }

  private static Orders.Addressee addressee(JvmProcess process) {
    return (Orders.Addressee) Objects.requireNonNull(Sources.of(process));
  }

  JvmProcess process() {
    return process;
  }

  /// How it ended, and why if the pool has killed it. Only after [#bury].
  DeathCertificate certificate() {
    return desk.certified(process.certificate().orElseThrow());
  }

  Desk desk() {
    return desk;
  }

  @Override
  public boolean isReady() {
    return board.isReady();
  }

  @Override
  public String worker() {
    return process.name();
  }

  @Override
  public void send(ByteSink message) {
    wires.tasks().append(message);
  }

  @Override
  @SuppressWarnings("ReferenceEquality") // an array that is a signal, not a message
  public long recall() {
    byte[] message = wires.tasks().takeBy(System.nanoTime() + LONGEST_AT_RING_NANOS);
    if (message == null) {
      return NONE;
    }
    if (message == MessageRing.LOCKED) {
      return STUCK;
    }
    MessageRing.decoded(message); // its job still has what it would bring
    return TaskLayout.task(message);
  }

  @Override
  public long taken() {
    return wires.tasks().gone();
  }

  @Override
  public long board() {
    return board.element();
  }

  @Override
  public void hold() {
    board.hold();
  }

  @Override
  public void letGo() {
    board.letGo();
  }

  @Override
  public void end(long task, int part) {
    orders.order(OrderLayout.end(task, part));
  }

  @Override
  public CompletableFuture<String> tell() {
    return reader.tell();
  }

  @Override
  public void kill() {
    orders.kill();
  }

  @Override
  public void relieve() {
    seat.relieve(this);
  }

  @Override
  public void enlarge() {
    seat.enlarge();
  }

  @Override
  public synchronized void dismiss() {
    if (board.isClosed()) {
      return; // the ring is freed
    }
    try {
      send(TaskLayout.end());
    } catch (IllegalStateException e) {
      kill(); // no memory for a message
    }
  }

  @Override
  public void nudge() {
    reader.nudge();
  }

  @Override
  public void attend() {
    reader.attend();
  }

  @Override
  public void help(CallJob job, long deadline) throws InterruptedException {
    reader.help(job, deadline);
  }

  /// As [ResultReader#read].
  boolean read() {
    return reader.read();
  }

  /// After the last message: waits for the worker's end, gives back what it had, and frees the wires.
  ///
  /// @return whether it had come so far as to take tasks
  boolean bury() {
    DeathCertificate certificate = end.join();
    reader.seize();
    try {
      boolean hasCome = isReady();
      boolean served = inbox.left(desk, certificate, board.element());
      return hasCome || served;
    } finally {
      free();
      reader.release();
    }
  }

  /// What the initializer threw in it, null if it did not. Only after [#bury].
  @Nullable Throwable startFailure() {
    return reader.startFailure();
  }

  private synchronized void free() {
    board.close();
    wires.free(session);
  }
}
