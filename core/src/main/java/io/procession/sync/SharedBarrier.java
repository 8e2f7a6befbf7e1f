package io.procession.sync;

import io.procession.internal.arena.CellKind;
import io.procession.internal.arena.CellRef;
import io.procession.internal.arena.Session;
import io.procession.internal.arena.Waiting;
import io.procession.internal.check.Require;
import io.procession.internal.posix.Interruption;
import io.procession.internal.posix.Until;
import io.procession.serial.Handle;
import io.procession.serial.SerializableRunnable;
import java.lang.ref.Reference;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/// A place where a number of threads, of all processes of a session, wait for each other, again and
/// again.
///
/// ```java
/// var ready = SharedBarrier.create(2);
/// try (var process = JvmProcess.of(() -> ready.await())) {
///   process.start();
///   ready.await();
/// }
/// ```
///
/// When as many have come as it has parties, all go on. It may have an action, which the last to come
/// runs before; the others wait for its end, up to their time limits, and so does who comes for the next
/// time meanwhile. What a thread did before it came is seen by the action and by all who go on, also in
/// memory that processes share.
///
/// It breaks, and all who wait for it get a `BrokenBarrierException`, when one of them reaches its time
/// limit or is interrupted, when the action throws, by [#abort], and **when a party dies**: a process
/// that has come and died, also in the action, or that came the last time and was killed before it
/// came again. It stays broken until [#reset]. If it breaks while the action runs, that goes on to its
/// end, and who has run it gets the exception then.
///
/// It is sent to other processes like any object, with its action; all copies are one barrier. One that
/// was never sent goes when it is closed or unreachable, one that was sent when it is destroyed or the
/// session ends. All methods but [#toString], [#name()] and [#close] throw `IllegalStateException` once
/// it is closed in this process or destroyed in any.
public final class SharedBarrier extends SyncObject implements Barrier {
  private static final long serialVersionUID = 1L;

  private static final AtomicInteger MADE = new AtomicInteger();

  private final transient BarrierWord word;
  private final transient BarrierAction action;

  private SharedBarrier(Session session, String name, int parties, BarrierAction action) {
    super(session, CellKind.BARRIER, name);
    this.action = action;
    CellRef ref = attachment.ref();
    try {
      int unit = action.store(session, ref.cell());
      this.word = BarrierWord.create(session, ref, parties, unit, action.length());
    } catch (RuntimeException | Error e) {
      attachment.close();
      throw e;
    }
  }

  private SharedBarrier(Session session, CellRef ref) {
    super(session, CellKind.BARRIER, ref);
    this.word = new BarrierWord(session, ref);
    int unit = word.unit();
    int actionBytes = word.actionBytes();
    attachment.checkThere(); // what was read is its own
    this.action = BarrierAction.load(session, unit, actionBytes);
  }

  /// Creates a barrier without an action, named `barrier-N`, with those of this JVM counted from 1.
  ///
  /// @param parties how many wait for each other
  /// @return the barrier, with nobody at it
  public static SharedBarrier create(int parties) {
    return create(nextName(), parties, BarrierAction.NONE);
  }

  /// Creates a barrier, named `barrier-N`, with those of this JVM counted from 1.
  ///
  /// @param parties how many wait for each other
  /// @param action what the last to come runs, in its own process
  /// @return the barrier, with nobody at it
  /// @throws io.procession.serial.NotSendableException if the action cannot be sent
  public static SharedBarrier create(int parties, SerializableRunnable action) {
    return create(nextName(), parties, BarrierAction.of(Require.notNull("action", action)));
  }

  /// Creates a barrier without an action.
  ///
  /// @param name for messages; need not be unique, and is cut to 32 bytes where it was received
  /// @param parties how many wait for each other
  /// @return the barrier, with nobody at it
  public static SharedBarrier create(String name, int parties) {
    return create(name, parties, BarrierAction.NONE);
  }

  /// Creates a barrier.
  ///
  /// @param name for messages; need not be unique, and is cut to 32 bytes where it was received
  /// @param parties how many wait for each other
  /// @param action what the last to come runs, in its own process
  /// @return the barrier, with nobody at it
  /// @throws io.procession.serial.NotSendableException if the action cannot be sent
  public static SharedBarrier create(String name, int parties, SerializableRunnable action) {
    return create(name, parties, BarrierAction.of(Require.notNull("action", action)));
  }

  private static SharedBarrier create(String name, int parties, BarrierAction action) {
    Require.notNull("name", name);
    Require.positive("parties", parties);
    return new SharedBarrier(Session.current(), name, parties, action);
  }

  private static String nextName() {
    return "barrier-" + MADE.incrementAndGet();
  }

  /// What a handle becomes where it arrives.
  static SharedBarrier attach(Handle handle) {
    return attach(Session.current(), SyncHandles.ref(handle));
  }

  static SharedBarrier attach(Session session, CellRef ref) {
    return new SharedBarrier(session, ref);
  }

  /// Comes to the barrier and waits until all have come.
  ///
  /// @return the arrival index: how many were still to come; 0 for the last, who ran the action
  /// @throws BrokenBarrierException if the barrier is broken, or breaks
  /// @throws InterruptedException if the thread is interrupted before or while it waits; the barrier is
  ///     broken then
  /// @throws CompletionException if this thread ran the action and that threw a
  ///     checked exception; an unchecked one is thrown itself
  @Override
  public int await() throws InterruptedException, BrokenBarrierException {
    try {
      return await(Waiting.forever());
    } catch (TimeoutException e) {
      throw new AssertionError(e);
    }
  }

  /// Comes to the barrier and waits until all have come, up to a limit.
  ///
  /// @param time how long
  /// @param unit the unit of the time
  /// @return the arrival index: how many were still to come; 0 for the last, who ran the action
  /// @throws BrokenBarrierException if the barrier is broken, or breaks
  /// @throws TimeoutException if the limit was reached; the barrier is broken then
  /// @throws InterruptedException if the thread is interrupted before or while it waits; the barrier is
  ///     broken then
  /// @throws CompletionException if this thread ran the action and that threw a
  ///     checked exception; an unchecked one is thrown itself
  @Override
  public int await(long time, TimeUnit unit)
      throws InterruptedException, BrokenBarrierException, TimeoutException {
    return await(Until.after(unit.toNanos(time)));
  }

  /// Breaks the barrier for all, until [#reset].
  @Override
  public void abort() {
    attachment.check();
    try {
      word.abort(Breach.ABORTED, attachment);
    } finally {
      Reference.reachabilityFence(this); // or the cleaner might free the cell in the midst
    }
  }

  /// Makes the barrier whole again, with nobody at it. It breaks for those who wait.
  @Override
  public void reset() {
    attachment.check();
    try {
      word.reset(attachment);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  /// True if the barrier is broken. Asks the system whether the parties that have come are alive.
  ///
  /// @return whether it is, at some moment of this call
  @Override
  public boolean isBroken() {
    attachment.check();
    try {
      return word.isBroken(attachment);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  /// How many wait for each other.
  ///
  /// @return the number of parties
  @Override
  public int parties() {
    attachment.check();
    return word.parties();
  }

  /// How many are at the barrier.
  ///
  /// @return the number at some moment of this call
  @Override
  public int waiting() {
    attachment.check();
    return word.arrived();
  }

  /// Name and state: `SharedBarrier[barrier-1, 1 of 2 are there]`.
  @Override
  public String toString() {
    if (!attachment.isUsable()) {
      return described(end());
    }
    try {
      return described(
          word.isBroken(attachment)
              ? "broken"
              : word.arrived() + " of " + word.parties() + " are there");
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  private int await(long deadline)
      throws InterruptedException, BrokenBarrierException, TimeoutException {
    attachment.check();
    try {
      if (Thread.interrupted()) {
        word.abort(Breach.INTERRUPTED, attachment);
        throw Interruption.thrown();
      }
      BarrierWord.Arrival arrival = word.arrive(deadline, attachment);
      if (arrival.index() == BarrierWord.Arrival.NONE) {
        throw broken(arrival.generation());
      }
      if (arrival.index() == BarrierWord.Arrival.TOO_LATE) {
        throw tooLate();
      }
      if (arrival.index() == 0) {
        runAction(arrival.generation());
        if (!word.trip(arrival.generation(), attachment)) {
          throw broken(arrival.generation());
        }
        return 0;
      }
      return switch (word.await(arrival.generation(), deadline, attachment)) {
        case BarrierWord.TRIPPED -> arrival.index();
        case BarrierWord.TIMED_OUT -> throw tooLate();
        case BarrierWord.INTERRUPTED -> throw Interruption.thrown();
        default -> throw broken(arrival.generation());
      };
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  private void runAction(int generation) {
    boolean done = false;
    try {
      action.run();
      done = true;
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new CompletionException("the action of a barrier failed: barrier=" + name, e);
    } finally {
      if (!done) {
        boolean _ = word.breakGeneration(generation, Breach.ACTION_FAILED, attachment);
      }
    }
  }

  private TimeoutException tooLate() {
    return new TimeoutException("a barrier did not let all go on in time: " + this);
  }

  private BrokenBarrierException broken(int generation) {
    return new BrokenBarrierException(
        "the barrier is broken: barrier="
            + name
            + "; "
            + word.breach(generation)
            + (word.isBroken(attachment) ? "; reset() makes it whole" : ""));
  }

  @Override
  void wakeAll() {
    word.wakeAll();
  }

  private Object writeReplace() {
    return SyncHandles.of(this);
  }
}
