package io.procession.pool;

import io.procession.internal.order.Orders;
import io.procession.internal.posix.Interruption;
import io.procession.internal.posix.Until;
import io.procession.internal.ring.MessageRing;
import io.procession.process.JvmProcess;
import io.procession.process.ProcessExit;
import io.procession.serial.ByteSource;
import io.procession.serial.Codec;
import io.procession.serial.LargeArrays;
import io.procession.serial.StandInException;
import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Who reads what a worker sends, and until when: one thread at a time, to the last message of a dead one.
final class ResultReader {
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

  /// A nudge saves a slice of waiting at most.
  private static final long LONGEST_NUDGE_NANOS = 2_000_000;

  private final Inbox inbox;
  private final Seat seat;
  private final Desk desk;
  private final MessageRing results;
  private final Board board;
  private final JvmProcess process;
  private final Orders.Addressee worker;
  private final Questions questions = new Questions();
  private final ReentrantLock reading = new ReentrantLock();

  private volatile boolean hasEnded;
  private volatile boolean isDrained;
  private byte @Nullable [] startFailure; // guarded by reading
  private LargeArrays arrays = new LargeArrays(); // of the message taken last; guarded by reading

  /// @param seat whose thread reads if nobody else does
  /// @param worker where it hears orders
  ResultReader(
      Inbox inbox,
      Seat seat,
      Desk desk,
      Wires wires,
      Board board,
      JvmProcess process,
      Orders.Addressee worker) {
    this.inbox = inbox;
    this.seat = seat;
    this.desk = desk;
    this.results = wires.results();
    this.board = board;
    this.process = process;
    this.worker = worker;
  }

  /// As [Courier#tell].
  CompletableFuture<String> tell() {
    CompletableFuture<String> answer = questions.ask(worker);
    if (isDrained) {
      questions.drop();
    } else {
      LockSupport.unpark(seat.thread());
    }
    return answer;
  }

  /// As [Courier#nudge].
  void nudge() {
    if (reading.isLocked()) {
      try {
        var _ = results.putBy(NUDGE, System.nanoTime() + LONGEST_NUDGE_NANOS);
      } catch (IllegalStateException e) {
        // no memory for it, or the worker is dead: whoever reads looks after a slice of waiting
      }
    }
  }

  /// As [Courier#attend].
  void attend() {
    if ((needsReader() || isDrained) && !reading.isLocked()) {
      LockSupport.unpark(seat.thread());
    }
  }

  /// As [Courier#help].
  void help(CallJob job, long deadline) throws InterruptedException {
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
  private boolean needsReader() {
    return desk.load() > 0 || (hasEnded && !isDrained) || questions.isAny();
  }

  /// The process has ended. Called by the thread that reaped it.
  void noteEnd() {
    hasEnded = true;
    try {
      results.append(END_NOTICE);
    } catch (RuntimeException | Error e) {
      // no memory, or drained and freed by now; readers find out by themselves
    }
    LockSupport.unpark(seat.thread());
  }

  /// Lets nobody read, after the process has ended and all that it sent has been received, or never will be; until
  /// [#release].
  void seize() {
    questions.drop();
    reading.lock();
  }

  void release() {
    reading.unlock();
  }

  /// What the initializer threw in it, null if it did not. Only after [#seize].
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

  private void receive(@Nullable CallJob mine, long deadline) throws InterruptedException {
    try {
      byte[] message;
      Throwable problem = null;
      try {
        message = next(deadline, mine == null);
      } catch (OutOfMemoryError e) { // it is still in the ring: too large for this JVM, perhaps
        arrays.clear();
        message = results.takeHead(ResultHeader.PAYLOAD_AT);
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
      worker.kill(); // what it sends cannot be understood, or there is no room here even to say so
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
      inbox.received(desk, header, message, ownArrays(), mine);
    }
  }

  /// The long arrays of the message, null if it has none.
  private @Nullable LargeArrays ownArrays() {
    LargeArrays own = arrays;
    if (own.isEmpty()) {
      return null;
    }
    arrays = new LargeArrays();
    return own;
  }

  private void progressed(long task, byte[] message) throws IOException, ClassNotFoundException {
    int length = message.length - ResultHeader.PAYLOAD_AT;
    ByteSource in = new ByteSource(message, ResultHeader.PAYLOAD_AT, length);
    double fraction = in.getDouble();
    inbox.progressed(desk, task, fraction, (String) Codec.standard().decode(in));
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
  private byte @Nullable [] afterNap() throws InterruptedException {
    byte[] message = results.take(System.nanoTime(), arrays);
    if (message == null && desk.load() > Desk.LEAST_AHEAD) {
      LockSupport.parkNanos(this, NAP_NANOS);
      message = results.take(System.nanoTime(), arrays);
    }
    return message;
  }

  private byte @Nullable [] next(long deadline, boolean isNapping) throws InterruptedException {
    long slice = System.nanoTime() + SLICE_NANOS;
    long until = deadline - slice < 0 ? deadline : slice;
    if (board.isGrown()) {
      byte[] message = isNapping ? afterNap() : null;
      message = message == null ? results.take(until, arrays) : message;
      return message == null && !process.isAlive() ? lastOf() : message;
    }
    byte[] message = results.take(System.nanoTime(), arrays);
    while (message == null && until - System.nanoTime() > 0 && !board.isGrown()) {
      LockSupport.parkNanos(this, POLL_NANOS);
      Interruption.checkInterrupt();
      message = results.take(System.nanoTime(), arrays);
    }
    return message == null && !process.isAlive() ? lastOf() : message;
  }

  /// What is still in the ring of a dead worker, or the notice of its end.
  private byte[] lastOf() throws InterruptedException {
    byte[] message = results.take(System.nanoTime(), arrays);
    return message == null ? END_NOTICE : message;
  }

  @SuppressWarnings("ReferenceEquality") // a desk is nothing but itself
  private boolean isHere(CallJob job) {
    return job.desk() == desk;
  }
}
