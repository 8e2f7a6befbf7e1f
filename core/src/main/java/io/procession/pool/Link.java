package io.procession.pool;

import io.procession.internal.arena.Session;
import io.procession.internal.order.Orders;
import io.procession.internal.posix.Interruption;
import io.procession.internal.posix.Until;
import io.procession.internal.ring.MessageRing;
import io.procession.internal.watch.Sources;
import io.procession.process.DeathCertificate;
import io.procession.process.JvmProcess;
import io.procession.process.ProcessExit;
import io.procession.serial.ByteSink;
import io.procession.serial.ByteSource;
import io.procession.serial.Codec;
import io.procession.serial.StandInException;
import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// One worker as its pool sees it: the process, the wires to it, and who reads its results.
final class Link implements Courier {
  /*
   * Results are read by whoever holds `reading`: the seat's thread, or the caller of a task that was
   * sent to this worker, who would else wait for the seat's thread to be woken and then to wake it.
   * Who stops looks, after it has unlocked, whether more is to come, and reads on (the seat's thread)
   * or wakes the seat's thread (a caller). Who sends a task looks, after it has raised the load,
   * whether somebody reads, and wakes the seat's thread otherwise. So one of them sees the other.
   *
   * The end of the process is told by an empty message, which the thread that reaped it appends. It
   * comes behind all the worker has sent, so whoever reads it knows that the ring is drained. Should
   * it be missing (no memory for it), the process is looked at after each slice of waiting.
   *
   * A young worker is polled: it has no native calls linked yet, and need not link one only to wake
   * us. Its board says when that is over.
   */

  private static final byte[] END_NOTICE = new byte[ResultHeader.END_NOTICE];
  private static final byte[] NUDGE = new byte[ResultHeader.NUDGE];
  private static final long SLICE_NANOS = 100_000_000;
  private static final long POLL_NANOS = 100_000;
  private static final long NO_MEMORY_NANOS = 10_000_000;

  /// As short as it can be: the kernel makes some 60 us of it.
  private static final long NAP_NANOS = 1_000;

  /// A worker is at its ring for a microsecond: one that is for so long is stopped.
  private static final long LONGEST_AT_RING_NANOS = 1_000_000_000L;

  /// A nudge saves a slice of waiting at most.
  private static final long LONGEST_NUDGE_NANOS = 2_000_000;

  private final Session session;
  private final Inbox inbox;
  private final Seat seat;
  private final Wires wires;
  private final Board board;
  private final JvmProcess process;
  private final Desk desk;
  private final Questions questions = new Questions();
  private final Orders.Addressee orders;
  private final ReentrantLock reading = new ReentrantLock();
  private final CompletableFuture<DeathCertificate> end;

  private volatile boolean hasEnded;
  private volatile boolean isDrained;
  private byte @Nullable [] startFailure; // guarded by reading

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
    this.end =
        process
            .exit()
            .thenApply(certificate -> {
              noteEnd();
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
    try {
      wires.tasks().put(message, Until.FOREVER);
    } catch (InterruptedException e) {
      throw new AssertionError(e); // a ring without bound does not wait for room
    }
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
    CompletableFuture<String> answer = questions.ask(orders);
    if (isDrained) {
      questions.drop();
    } else {
      LockSupport.unpark(seat.thread());
    }
    return answer;
  }

  private void progressed(long task, byte[] message) throws IOException, ClassNotFoundException {
    int length = message.length - ResultHeader.PAYLOAD_AT;
    ByteSource in = new ByteSource(message, ResultHeader.PAYLOAD_AT, length);
    double fraction = in.getDouble();
    inbox.progressed(desk, task, fraction, (String) Codec.standard().decode(in));
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
    if (reading.isLocked()) {
      try {
        var _ = wires.results().putBy(NUDGE, System.nanoTime() + LONGEST_NUDGE_NANOS);
      } catch (IllegalStateException e) {
        // no memory for it, or the worker is dead: whoever reads looks after a slice of waiting
      }
    }
  }

  @Override
  public void attend() {
    if ((needsReader() || isDrained) && !reading.isLocked()) {
      LockSupport.unpark(seat.thread());
    }
  }

  @Override
  public void help(CallJob job, long deadline) throws InterruptedException {
    if (!reading.tryLock()) {
      return;
    }
    try {
      while (!job.isAnswered() && !isDrained && isHere(job) && deadline - System.nanoTime() > 0) {
        receive(job, deadline);
      }
    } finally {
      reading.unlock();
      attend();
    }
  }

  /// Reads results as long as any are to come, unless somebody else does.
  ///
  /// @return whether all that the worker will ever send has been received
  boolean read() {
    while (!isDrained && needsReader() && reading.tryLock()) {
      try {
        while (!isDrained && needsReader()) {
          receive(null, Until.FOREVER);
        }
      } catch (InterruptedException e) {
        // nobody interrupts a seat's thread: it looks again
      } finally {
        reading.unlock();
      }
    }
    return isDrained;
  }

  /// True if somebody must read now, or as soon as those leave who do.
  boolean needsReader() {
    return desk.load() > 0 || (hasEnded && !isDrained) || questions.isAny();
  }

  /// After the last message: waits for the worker's end, gives back what it had, and frees the wires.
  ///
  /// @return whether it had come so far as to take tasks
  boolean bury() {
    DeathCertificate certificate = end.join();
    questions.drop();
    reading.lock();
    try {
      boolean hasCome = isReady();
      boolean served = inbox.left(desk, certificate, board.element());
      return hasCome || served;
    } finally {
      free();
      reading.unlock();
    }
  }

  /// What the initializer threw in it, null if it did not. Only after [#bury].
  @Nullable Throwable startFailure() {
    byte[] message;
    reading.lock();
    try {
      message = startFailure;
    } finally {
      reading.unlock();
    }
    if (message == null) {
      return null;
    }
    int length = message.length - ResultHeader.PAYLOAD_AT;
    try {
      return StandInException.decode(
          Codec.standard(), new ByteSource(message, ResultHeader.PAYLOAD_AT, length));
    } catch (IOException e) {
      return e;
    }
  }

  private synchronized void free() {
    board.close();
    wires.free(session);
  }

  private void receive(@Nullable CallJob mine, long deadline) throws InterruptedException {
    try {
      byte[] message;
      Throwable problem = null;
      try {
        message = next(deadline, mine == null);
      } catch (OutOfMemoryError e) { // it is still in the ring: too large for this JVM, perhaps
        message = wires.results().takeHead(ResultHeader.PAYLOAD_AT);
        problem = e;
      }
      if (message != null && message.length == ResultHeader.PAYLOAD_AT) { // a message has more
        refuse(message, Objects.requireNonNull(problem), mine);
      } else if (message != null) {
        take(message, mine);
      } else if (problem != null) {
        LockSupport.parkNanos(this, NO_MEMORY_NANOS);
      }
    } catch (ProcessExit e) {
      throw e; // the caller's own process shall stop: nothing was taken
    } catch (Handover.LostAnswerError e) {
      seat.fail(e); // and all others are told
    } catch (IOException | ClassNotFoundException | RuntimeException | Error e) {
      kill(); // what it sends cannot be understood, or there is no room here even to say so
      isDrained = true;
      inbox.giveUp(desk, e);
    }
  }

  private void take(byte[] message, @Nullable CallJob mine)
      throws IOException, ClassNotFoundException {
    if (message.length == ResultHeader.NUDGE) {
      return;
    }
    if (message.length == ResultHeader.END_NOTICE) {
      isDrained = true;
      return;
    }
    ResultHeader header = ResultHeader.read(message);
    if (header.kind() == ResultHeader.TOLD) {
      questions.told(header.task(), message);
    } else if (header.kind() == ResultHeader.PROGRESS) {
      progressed(header.task(), message);
    } else if (header.task() == ResultHeader.OF_INITIALIZER) {
      startFailure = message;
    } else {
      inbox.received(desk, header, message, mine);
    }
  }

  /// There was no memory for a message, but for its header: its task alone is to suffer from that.
  private void refuse(byte[] head, Throwable problem, @Nullable CallJob mine) throws IOException {
    MessageRing.decoded(head);
    ResultHeader header = ResultHeader.read(head);
    if (header.kind() == ResultHeader.TOLD) {
      questions.drop();
    } else if (header.kind() != ResultHeader.PROGRESS
        && header.task() != ResultHeader.OF_INITIALIZER) {
      inbox.refused(desk, header, problem, mine);
    }
  }

  /// Results of short tasks that lie deep are let come together: to be woken for each takes longer than the task.
  private byte @Nullable [] afterNap(MessageRing results) throws InterruptedException {
    byte[] message = results.take(System.nanoTime());
    if (message == null && desk.load() > Desk.LEAST_AHEAD) {
      LockSupport.parkNanos(this, NAP_NANOS);
      message = results.take(System.nanoTime());
    }
    return message;
  }

  private byte @Nullable [] next(long deadline, boolean isNapping) throws InterruptedException {
    MessageRing results = wires.results();
    long slice = System.nanoTime() + SLICE_NANOS;
    long until = deadline - slice < 0 ? deadline : slice;
    if (board.isGrown()) {
      byte[] message = isNapping ? afterNap(results) : null;
      message = message == null ? results.take(until) : message;
      return message == null && !process.isAlive() ? lastOf(results) : message;
    }
    byte[] message = results.take(System.nanoTime());
    while (message == null && until - System.nanoTime() > 0 && !board.isGrown()) {
      LockSupport.parkNanos(this, POLL_NANOS);
      Interruption.checkInterrupt();
      message = results.take(System.nanoTime());
    }
    return message == null && !process.isAlive() ? lastOf(results) : message;
  }

  /// What is still in the ring of a dead worker, or the notice of its end.
  private static byte[] lastOf(MessageRing results) throws InterruptedException {
    byte[] message = results.take(System.nanoTime());
    return message == null ? END_NOTICE : message;
  }

  @SuppressWarnings("ReferenceEquality") // a desk is nothing but itself
  private boolean isHere(CallJob job) {
    return job.desk() == desk;
  }

  private void noteEnd() {
    hasEnded = true;
    try {
      put(wires.results(), END_NOTICE, 0);
    } catch (RuntimeException | Error e) {
      // no memory, or drained and freed by now; readers find out by themselves
    }
    LockSupport.unpark(seat.thread());
  }

  private static void put(MessageRing ring, byte[] bytes, int length) {
    try {
      ring.put(bytes, 0, length, Until.FOREVER);
    } catch (InterruptedException e) {
      throw new AssertionError(e); // a ring without bound does not wait for room
    }
  }
}
