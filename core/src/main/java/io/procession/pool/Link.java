package io.procession.pool;

import io.procession.internal.arena.Session;
import io.procession.internal.arena.Words;
import io.procession.internal.posix.Interruption;
import io.procession.internal.posix.Until;
import io.procession.internal.ring.MessageRing;
import io.procession.process.DeathCertificate;
import io.procession.process.JvmProcess;
import io.procession.process.LaunchOptions;
import io.procession.serial.ByteSink;
import java.io.StreamCorruptedException;
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
   * A young worker is polled until it has sent its first message: it has no native calls linked yet,
   * and need not link one only to wake us.
   */

  private static final byte[] END_NOTICE = new byte[ResultHeader.END_NOTICE];
  private static final byte[] NUDGE = new byte[ResultHeader.NUDGE];
  private static final long SLICE_NANOS = 100_000_000;
  private static final long POLL_NANOS = 100_000;

  private final Session session;
  private final Inbox inbox;
  private final Seat seat;
  private final Wires wires;
  private final JvmProcess process;
  private final Desk desk = new Desk(this);
  private final ReentrantLock reading = new ReentrantLock();
  private final CompletableFuture<DeathCertificate> end;

  private volatile boolean hasEnded;
  private volatile boolean isDrained;
  private boolean hasSpoken; // guarded by reading
  private boolean isFreed; // guarded by this
  private volatile boolean wasReady;

  private Link(Session session, Inbox inbox, Seat seat, Wires wires, JvmProcess process) {
    this.session = session;
    this.inbox = inbox;
    this.seat = seat;
    this.wires = wires;
    this.process = process;
    this.end =
        process
            .exit()
            .thenApply(certificate -> {
              noteEnd();
              return certificate;
            });
  }

  /// Starts a worker.
  static Link open(Inbox inbox, Seat seat, String name, LaunchOptions options) {
    Session session = Session.current();
    Wires wires = Wires.open(session, name);
    Link link = null;
    JvmProcess started = null;
    try {
      JvmProcess process = JvmProcess.of(name, options, WorkerTask.of(wires));
      process.setDaemon(true);
      process.start();
      started = process;
      link = new Link(session, inbox, seat, wires, process);
    } finally {
      if (link == null) {
        if (started != null) {
          started.kill();
          started.close(); // it writes to its wires until it has ended
        }
        wires.free(session);
      }
    }
    return link;
  }

  JvmProcess process() {
    return process;
  }

  /// How it ended. Only after [#bury].
  DeathCertificate certificate() {
    return process.certificate().orElseThrow();
  }

  Desk desk() {
    return desk;
  }

  /// True if it has come so far as to take tasks, whether or not it has died since.
  boolean isReady() {
    return wasReady || readBoard();
  }

  private synchronized boolean readBoard() {
    if (!isFreed && !wasReady) {
      long readyAt = BoardLayout.readyAt(wires.board().cell());
      wasReady = Words.getLongOpaque(session.memory(), readyAt) != 0;
    }
    return wasReady;
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
  public long recall() {
    try {
      byte[] message = wires.tasks().take(System.nanoTime());
      if (message == null) {
        return NONE;
      }
      MessageRing.decoded(message); // its job still has what it would bring
      return TaskLayout.task(message);
    } catch (InterruptedException e) {
      throw new AssertionError(e); // with a deadline of the past nothing waits
    }
  }

  @Override
  public long taken() {
    return wires.tasks().gone();
  }

  /// Tells the worker to leave when it has done what it has been given.
  synchronized void dismiss() {
    if (isFreed) {
      return;
    }
    try {
      send(TaskLayout.end());
    } catch (IllegalStateException e) {
      process.kill(); // no memory for a message
    }
  }

  @Override
  public void nudge() {
    if (reading.isLocked()) {
      try {
        put(wires.results(), NUDGE, NUDGE.length);
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
    return desk.load() > 0 || (hasEnded && !isDrained);
  }

  /// After the last message: waits for the worker's end, gives back what it had, and frees the wires.
  ///
  /// @return whether it had come so far as to take tasks
  boolean bury() {
    DeathCertificate certificate = end.join();
    reading.lock();
    try {
      int board = wires.board().cell();
      boolean hasCome = isReady();
      long element = Words.getLongOpaque(session.memory(), BoardLayout.elementAt(board));
      boolean served = inbox.left(desk, certificate, element);
      return hasCome || served;
    } finally {
      free();
      reading.unlock();
    }
  }

  private synchronized void free() {
    isFreed = true;
    wires.free(session);
  }

  private void receive(@Nullable CallJob mine, long deadline) throws InterruptedException {
    try {
      byte[] message = next(deadline);
      if (message == null || message.length == ResultHeader.NUDGE) {
        return;
      }
      if (message.length == ResultHeader.END_NOTICE) {
        isDrained = true;
        return;
      }
      hasSpoken = true;
      inbox.received(desk, message, mine);
    } catch (StreamCorruptedException | RuntimeException | Error e) {
      process.kill(); // what it sends cannot be understood, or this JVM has no room for it
      isDrained = true;
      inbox.giveUp(desk, e);
    }
  }

  private byte @Nullable [] next(long deadline) throws InterruptedException {
    MessageRing results = wires.results();
    long slice = System.nanoTime() + SLICE_NANOS;
    long until = deadline - slice < 0 ? deadline : slice;
    if (hasSpoken) {
      byte[] message = results.take(until);
      return message == null && !process.isAlive() ? lastOf(results) : message;
    }
    byte[] message = results.take(System.nanoTime());
    while (message == null && until - System.nanoTime() > 0) {
      LockSupport.parkNanos(this, POLL_NANOS);
      if (Thread.interrupted()) {
        throw Interruption.thrown();
      }
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
