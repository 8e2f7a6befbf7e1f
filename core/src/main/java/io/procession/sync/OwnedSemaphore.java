package io.procession.sync;

import io.procession.internal.arena.CellKind;
import io.procession.internal.arena.CellRef;
import io.procession.internal.arena.Session;
import io.procession.internal.arena.Waiting;
import io.procession.internal.check.Require;
import io.procession.internal.posix.Interruption;
import io.procession.internal.posix.Until;
import io.procession.serial.Handle;
import java.lang.ref.Reference;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// Permits that belong to processes: those of a process that dies come back.
///
/// ```java
/// var slots = OwnedSemaphore.create(3);
/// try (var process = JvmProcess.of(() -> {
///   slots.acquire();
///   System.exit(1); // takes no slot along
/// })) {
///   process.start();
/// }
/// ```
///
/// A process has the permits that its threads acquired; any of its threads may release them, and no
/// other process. There are never more than at first. It is not fair. What a thread did before it
/// released is seen by who acquires later, also in memory that processes share.
///
/// **When a process ends, in whatever way,** others get the permits it had; those who wait, at once.
///
/// It is sent to other processes like any object; all copies are one semaphore. One that was never sent
/// goes when it is closed or unreachable, one that was sent when it is destroyed or the session ends.
/// All methods but [#toString], [#name()] and [#close] throw `IllegalStateException` once it is closed
/// in this process or destroyed in any; `IllegalArgumentException` where a number of permits is
/// negative.
public final class OwnedSemaphore extends SyncObject implements CountingSemaphore {
  private static final long serialVersionUID = 1L;

  private static final AtomicInteger MADE = new AtomicInteger();

  private final transient OwnedSemaphoreWord word;

  private OwnedSemaphore(Session session, String name, int permits) {
    super(session, CellKind.OWNED_SEMAPHORE, name);
    try {
      this.word = OwnedSemaphoreWord.create(session, attachment.ref(), permits);
    } catch (RuntimeException | Error e) {
      attachment.close();
      throw e;
    }
  }

  private OwnedSemaphore(Session session, CellRef ref) {
    super(session, CellKind.OWNED_SEMAPHORE, ref);
    this.word = new OwnedSemaphoreWord(session, ref);
    attachment.checkThere(); // what was read is its own
  }

  /// Creates a semaphore named `owned-semaphore-N`, with those of this JVM counted from 1.
  ///
  /// @param permits how many there are
  /// @return the semaphore
  public static OwnedSemaphore create(int permits) {
    return create("owned-semaphore-" + MADE.incrementAndGet(), permits);
  }

  /// Creates a semaphore.
  ///
  /// @param name for messages; need not be unique
  /// @param permits how many there are
  /// @return the semaphore
  public static OwnedSemaphore create(String name, int permits) {
    Require.notNull("name", name);
    Require.notNegative("permits", permits);
    return new OwnedSemaphore(Session.current(), name, permits);
  }

  /// What a handle becomes where it arrives.
  static OwnedSemaphore attach(Handle handle) {
    return attach(Session.current(), SyncHandles.ref(handle));
  }

  static OwnedSemaphore attach(Session session, CellRef ref) {
    return new OwnedSemaphore(session, ref);
  }

  /// Takes one permit, waiting as long as it takes.
  ///
  /// @throws InterruptedException if the thread is interrupted before or while it waits; it has taken
  ///     nothing then
  @Override
  public void acquire() throws InterruptedException {
    acquire(1);
  }

  /// Takes permits, all at once, waiting as long as it takes.
  ///
  /// @param permits how many
  /// @throws InterruptedException if the thread is interrupted before or while it waits; it has taken
  ///     nothing then
  @Override
  public void acquire(int permits) throws InterruptedException {
    boolean _ = acquire(permits, Waiting.forever());
  }

  /// Takes one permit, waiting as long as it takes. An interrupt does not end the wait.
  public void acquireUninterruptibly() {
    acquireUninterruptibly(1);
  }

  /// Takes permits, all at once, waiting as long as it takes. An interrupt does not end the wait.
  ///
  /// @param permits how many
  public void acquireUninterruptibly(int permits) {
    Require.notNegative("permits", permits);
    attachment.check();
    try {
      if (!word.tryAcquire(permits, attachment)) {
        word.acquireUninterruptibly(permits, attachment);
      }
    } finally {
      Reference.reachabilityFence(this); // or the cleaner might free the cell in the midst
    }
  }

  /// Takes one permit if there is one at this moment.
  ///
  /// @return whether it did
  @Override
  public boolean tryAcquire() {
    return tryAcquire(1);
  }

  /// Takes permits if there are so many at this moment.
  ///
  /// @param permits how many
  /// @return whether it did; it has taken none if not
  @Override
  public boolean tryAcquire(int permits) {
    Require.notNegative("permits", permits);
    attachment.check();
    try {
      return word.tryAcquire(permits, attachment);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  /// Takes one permit, waiting for it up to a limit.
  ///
  /// @param time how long; not more than zero means not to wait
  /// @param unit the unit of the time
  /// @return whether it did
  /// @throws InterruptedException if the thread is interrupted before or while it waits; it has taken
  ///     nothing then
  @Override
  public boolean tryAcquire(long time, TimeUnit unit) throws InterruptedException {
    return tryAcquire(1, time, unit);
  }

  /// Takes permits, all at once, waiting for them up to a limit.
  ///
  /// @param permits how many
  /// @param time how long; not more than zero means not to wait
  /// @param unit the unit of the time
  /// @return whether it did; it has taken none if not
  /// @throws InterruptedException if the thread is interrupted before or while it waits; it has taken
  ///     nothing then
  @Override
  public boolean tryAcquire(int permits, long time, TimeUnit unit) throws InterruptedException {
    return acquire(permits, Until.after(unit.toNanos(time)));
  }

  /// Takes all permits that are there at this moment.
  ///
  /// @return how many it took
  @Override
  public int drainPermits() {
    attachment.check();
    try {
      return word.drain(attachment);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  /// Gives one permit of this process back.
  ///
  /// @throws IllegalMonitorStateException if it has none
  @Override
  public void release() {
    release(1);
  }

  /// Gives permits of this process back.
  ///
  /// @param permits how many
  /// @throws IllegalMonitorStateException if it has fewer; nothing has changed then
  @Override
  public void release(int permits) {
    Require.notNegative("permits", permits);
    attachment.check();
    try {
      if (!word.release(permits, attachment)) {
        throw new IllegalMonitorStateException(
            "a process releases only permits that it has: "
                + this
                + ", held="
                + word.held(attachment)
                + ", released="
                + permits);
      }
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  /// How many permits nobody has.
  ///
  /// @return the number at some moment of this call
  @Override
  public int availablePermits() {
    attachment.check();
    try {
      return word.available(attachment);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  /// How many permits this process has.
  ///
  /// @return the number at some moment of this call
  public int heldPermits() {
    attachment.check();
    try {
      return word.held(attachment);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  /// Name and permits in all: `OwnedSemaphore[owned-semaphore-1, permits=3]`.
  @Override
  public String toString() {
    return described(attachment.isUsable() ? "permits=" + word.total() : end());
  }

  private boolean acquire(int permits, long deadline) throws InterruptedException {
    Require.notNegative("permits", permits);
    attachment.check();
    Interruption.checkInterrupt();
    try {
      return word.tryAcquire(permits, attachment) || word.acquire(permits, deadline, attachment);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  @Override
  void wakeAll() {
    word.wakeAll();
  }

  private Object writeReplace() {
    return SyncHandles.of(this);
  }
}
