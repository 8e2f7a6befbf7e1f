package io.procession.manager;

import io.procession.internal.log.LibraryLogger;
import io.procession.internal.posix.Until;
import io.procession.internal.remote.Caller;
import io.procession.internal.remote.Deferred;
import io.procession.internal.remote.Deferring;
import io.procession.sync.LockCondition;
import io.procession.sync.QueryableLock;
import java.lang.System.Logger.Level;
import java.lang.reflect.Method;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// A lock at the server, owned by threads of other processes. When the process of its owner dies, the
/// next that asks for it gets it.
///
/// It is handed from one to the next, in the order in which they came: who releases it wakes that one,
/// and answers its call, without a thread between. No monitor is held while anybody is told.
final class ServedLock implements QueryableLock, Deferring {
  private static final System.Logger LOGGER = LibraryLogger.of("io.procession.manager");

  private final boolean isReentrant;

  // guarded by this
  private final ArrayDeque<LockWaiter> queue = new ArrayDeque<>();
  private @Nullable Caller owner;
  private int holds;
  private @Nullable Runnable watch;

  ServedLock(boolean isReentrant) {
    this.isReentrant = isReentrant;
  }

  /// What is to be told once the monitor is released: a waiter that it has the lock, and what is done
  /// when the process dies that had it before is done with.
  record Handing(@Nullable Caller before, @Nullable Runnable done, @Nullable LockWaiter next) {}

  @Override
  public boolean defers(Method method) {
    return method.getParameterCount() == 0 && method.getName().startsWith("lock");
  }

  @Override
  public void begin(Deferred deferred) {
    LockWaiter waiter = enter(deferred);
    if (waiter == null) {
      deferred.complete(null);
    } else {
      deferred.onCancel(_ -> {
        if (withdraw(waiter)) { // who is gone does not hear it
          deferred.fail(new InterruptedException("interrupted while waiting for the lock"));
        }
      });
    }
  }

  /// Takes the lock, or waits for it.
  ///
  /// @return null if it has it
  private @Nullable LockWaiter enter(@Nullable Deferred deferred) {
    Caller self = self();
    synchronized (this) {
      if (!take(self)) {
        LockWaiter waiter = new LockWaiter(self, 1, null, deferred);
        queue.add(waiter);
        return waiter;
      }
    }
    requireAlive(self);
    return null;
  }

  /// With the monitor held: takes it, once more perhaps.
  private boolean take(Caller self) {
    if (isHeldBy(self)) {
      holds++;
      return true;
    }
    if (owner != null) {
      return false;
    }
    give(self, 1);
    return true;
  }

  private void requireAlive(Caller self) {
    if (!watch(self)) {
      unlock();
      throw new IllegalStateException("the caller is gone: " + self);
    }
  }

  /// With the monitor held: whether a caller has it, and may take it once more.
  private boolean isHeldBy(Caller self) {
    if (!self.equals(owner)) {
      return false;
    }
    if (!isReentrant) {
      throw new IllegalMonitorStateException(
          "the lock is not reentrant, and this thread holds it already: owner=" + self);
    }
    return true;
  }

  private boolean withdraw(LockWaiter waiter) {
    synchronized (this) {
      return queue.remove(waiter);
    }
  }

  /// From now on the lock goes on to the next when its owner's process is gone.
  ///
  /// @return false if it is gone already
  private boolean watch(Caller caller) {
    Runnable abandon;
    synchronized (this) {
      abandon = caller.equals(owner) ? watch : null;
    }
    return abandon == null || caller.peer().onDeath(abandon);
  }

  /// With the monitor held: gives it to somebody.
  private void give(Caller to, int times) {
    owner = to;
    holds = times;
    watch = () -> abandon(to);
  }

  /// With the monitor held: who comes next has it.
  Handing hand() {
    Caller before = owner;
    Runnable done = watch;
    owner = null;
    watch = null;
    holds = 0;
    LockWaiter next = queue.poll();
    if (next != null) {
      give(next.caller, next.holds);
    }
    return new Handing(before, done, next);
  }

  /// Without the monitor: tells who is concerned.
  void tell(Handing handing) {
    if (handing.before != null && handing.done != null) {
      handing.before.peer().forget(handing.done);
    }
    LockWaiter next = handing.next;
    while (next != null && !watch(next.caller)) { // its process is gone: so to who comes after it
      LockWaiter gone = next;
      next = null;
      synchronized (this) {
        if (gone.caller.equals(owner)) {
          if (gone.condition != null) {
            gone.condition.passOn(gone);
          }
          next = hand().next;
        }
      }
      gone.giveUp();
    }
    if (next != null) {
      next.wake();
    }
  }

  /// With the monitor held: forgets a waiter whose process is gone.
  boolean forget(LockWaiter gone) {
    return queue.remove(gone);
  }

  /// With the monitor held: a waiter wants the lock, too.
  ///
  /// @return whether it has it
  boolean line(LockWaiter waiter) {
    if (owner == null) {
      give(waiter.caller, waiter.holds);
      return true;
    }
    queue.add(waiter);
    return false;
  }

  /// With the monitor held: how often the caller has the lock.
  int requireOwner(Caller self) {
    if (!self.equals(owner)) {
      throw new IllegalMonitorStateException(
          "only the thread that holds the lock can release it: owner="
              + (owner == null ? "nobody" : owner)
              + ", caller="
              + self);
    }
    return holds;
  }

  private void abandon(Caller dead) {
    Handing handing;
    synchronized (this) {
      if (!dead.equals(owner)) {
        return;
      }
      handing = hand();
    }
    tell(handing); // before a handler of logs can fail
    LOGGER.log(
        Level.WARNING,
        () ->
            "the holder of a managed lock is gone (its process has ended, or closed its manager),"
                + " so the lock is free now: owner="
                + dead
                + "; what it protects may be half changed");
  }

  static Caller self() {
    Caller self = Caller.current();
    if (self == null) {
      throw new IllegalMonitorStateException("a managed lock is for callers of its manager");
    }
    return self;
  }

  /// A process that dies while it waits is interrupted, so that no wait is for ever.
  @Override
  public void lock() {
    try {
      lockInterruptibly();
    } catch (InterruptedException e) {
      throw new IllegalStateException(
          "the wait was ended: the caller is gone, or its pipeline was interrupted", e);
    }
  }

  @Override
  public void lockInterruptibly() throws InterruptedException {
    boolean _ = lock(Until.FOREVER);
  }

  @Override
  public boolean tryLock() {
    Caller self = self();
    synchronized (this) {
      if (!take(self)) {
        return false;
      }
    }
    requireAlive(self);
    return true;
  }

  @Override
  public boolean tryLock(long time, TimeUnit unit) throws InterruptedException {
    return lock(Until.after(unit.toNanos(time)));
  }

  private boolean lock(long deadline) throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException("interrupted before waiting for the lock");
    }
    LockWaiter waiter = enter(null);
    while (waiter != null && !waiter.hasLock()) {
      park(deadline);
      boolean isInterrupted = Thread.interrupted();
      if ((isInterrupted || Until.hasPassed(deadline)) && withdraw(waiter)) {
        if (isInterrupted) {
          throw new InterruptedException("interrupted while waiting for the lock");
        }
        return false;
      }
      if (isInterrupted) { // it is about to have it
        awaitLock(waiter);
        Thread.currentThread().interrupt();
      }
    }
    if (waiter != null) {
      waiter.requireAlive();
    }
    return true;
  }

  /// Waits until a waiter has the lock, whatever comes.
  static void awaitLock(LockWaiter waiter) {
    boolean wasInterrupted = false;
    while (!waiter.hasLock()) {
      LockSupport.park(waiter);
      wasInterrupted |= Thread.interrupted();
    }
    if (wasInterrupted) {
      Thread.currentThread().interrupt();
    }
  }

  static void park(long deadline) {
    if (deadline == Until.FOREVER) {
      LockSupport.park();
    } else {
      LockSupport.parkNanos(Until.nanosLeft(deadline));
    }
  }

  @Override
  public void unlock() {
    Caller self = self();
    Handing handing;
    synchronized (this) {
      if (requireOwner(self) > 1) {
        holds--;
        return;
      }
      handing = hand();
    }
    tell(handing);
  }

  @Override
  public LockCondition newCondition() {
    return new ServedCondition(this);
  }

  @Override
  public synchronized boolean isLocked() {
    return owner != null;
  }

  @Override
  public boolean isHeldByCurrentThread() {
    Caller self = self();
    synchronized (this) {
      return self.equals(owner);
    }
  }

  @Override
  public String toString() {
    Caller known;
    synchronized (this) {
      known = owner;
    }
    return "ManagedLock[" + (known == null ? "free" : "owner=" + known) + "]";
  }
}
