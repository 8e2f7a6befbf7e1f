package io.procession.sync;

import io.procession.internal.arena.CellKind;
import io.procession.internal.arena.CellRef;
import io.procession.internal.arena.Session;
import io.procession.internal.check.Require;
import io.procession.internal.posix.Interruption;
import io.procession.internal.posix.Until;
import io.procession.serial.Handle;
import java.lang.ref.Reference;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// Permits for threads of all processes of a session, as `java.util.concurrent.Semaphore` has them for
/// the threads of one.
///
/// ```java
/// var slots = SharedSemaphore.create(3);
/// try (var process = JvmProcess.of(() -> {
///   slots.acquire();
///   try {
///     System.out.println("one of three");
///   } finally {
///     slots.release();
///   }
/// })) {
///   process.start();
/// }
/// ```
///
/// Nobody owns a permit: any thread of any process may release one, also without having acquired it. So
/// **a process that dies takes the permits that it acquired along**; an `OwnedSemaphore` gets them
/// back. A [BoundedSharedSemaphore] refuses one release too many. It is not fair. What a thread did
/// before it released is seen by who acquires that permit, also in memory that processes share.
///
/// It is sent to other processes like any object; all copies are one semaphore. One that was never sent
/// goes when it is closed or unreachable, one that was sent when it is destroyed or the session ends.
/// All methods but [#toString], [#name()] and [#close] throw `IllegalStateException` once it is closed
/// in this process or destroyed in any; `IllegalArgumentException` where a number of permits is
/// negative.
public sealed class SharedSemaphore extends SyncObject implements CountingSemaphore
    permits BoundedSharedSemaphore {
  private static final long serialVersionUID = 1L;

  private static final AtomicInteger MADE = new AtomicInteger();

  private final transient SemaphoreWord word;
  private final transient Permits count;

  SharedSemaphore(Session session, CellKind kind, String name, int permits, int most) {
    super(session, kind, name);
    this.word = new SemaphoreWord(session, attachment.ref(), isStrict(kind));
    this.count = word.permits();
    this.count.setUp(permits, most);
  }

  SharedSemaphore(Session session, CellKind kind, CellRef ref) {
    super(session, kind, ref);
    this.word = new SemaphoreWord(session, ref, isStrict(kind));
    this.count = word.permits();
  }

  /// Creates a semaphore named `semaphore-N`, with those of this JVM counted from 1.
  ///
  /// @param permits how many there are at first
  /// @return the semaphore
  public static SharedSemaphore create(int permits) {
    return create("semaphore-" + MADE.incrementAndGet(), permits);
  }

  /// Creates a semaphore.
  ///
  /// @param name for messages; need not be unique
  /// @param permits how many there are at first
  /// @return the semaphore
  public static SharedSemaphore create(String name, int permits) {
    Require.notNull("name", name);
    Require.notNegative("permits", permits);
    return new SharedSemaphore(
        Session.current(), CellKind.SEMAPHORE, name, permits, Integer.MAX_VALUE);
  }

  /// What a handle becomes where it arrives.
  static SharedSemaphore attach(Handle handle) {
    return attach(Session.current(), SyncHandles.ref(handle));
  }

  static SharedSemaphore attach(Session session, CellRef ref) {
    return new SharedSemaphore(session, CellKind.SEMAPHORE, ref);
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
    boolean _ = acquire(permits, Long.MAX_VALUE);
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
    attachment.checkOpen();
    try {
      if (!count.take(permits)) {
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
    attachment.checkOpen();
    try {
      boolean taken = count.take(permits);
      if (!taken) {
        attachment.check();
      }
      return taken;
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
    return acquire(permits, unit.toNanos(time));
  }

  /// Takes all permits that are there at this moment.
  ///
  /// @return how many it took
  @Override
  public int drainPermits() {
    attachment.check();
    try {
      return count.takeAll();
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  /// Brings one permit.
  ///
  /// @throws IllegalStateException if there are as many as there can be; nothing has changed then
  @Override
  public void release() {
    release(1);
  }

  /// Brings permits.
  ///
  /// @param permits how many
  /// @throws IllegalStateException if there would be more than there can be; nothing has changed then
  @Override
  public void release(int permits) {
    Require.notNegative("permits", permits);
    attachment.checkOpen();
    try {
      if (!word.release(permits)) {
        attachment.check();
        throw new IllegalStateException(
            "a semaphore has no more than its greatest number of permits: "
                + this
                + ", most="
                + count.most()
                + ", released="
                + permits
                + "; release only what was acquired");
      }
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  /// How many permits there are.
  ///
  /// @return the number at some moment of this call
  @Override
  public int availablePermits() {
    attachment.check();
    return count.available();
  }

  /// Name and permits: `SharedSemaphore[semaphore-1, permits=3]`.
  @Override
  public String toString() {
    return described(attachment.isUsable() ? "permits=" + count.available() : end());
  }

  /// True where there are never more permits than at first, not even for a moment.
  private static boolean isStrict(CellKind kind) {
    return kind == CellKind.BOUNDED_SEMAPHORE;
  }

  private boolean acquire(int permits, long nanos) throws InterruptedException {
    Require.notNegative("permits", permits);
    attachment.checkOpen();
    Interruption.checkInterrupt();
    try {
      return count.take(permits) || word.acquire(permits, Until.after(nanos), attachment);
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
