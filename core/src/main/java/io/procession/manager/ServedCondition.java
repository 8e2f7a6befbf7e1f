package io.procession.manager;

import io.procession.internal.check.Require;
import io.procession.internal.posix.Until;
import io.procession.internal.remote.Caller;
import io.procession.internal.remote.Deferred;
import io.procession.internal.remote.Deferring;
import io.procession.sync.LockCondition;
import io.procession.sync.QueryableLock;
import java.lang.reflect.Method;
import java.util.ArrayDeque;
import java.util.Date;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A condition at the server, with its lock, whose monitor guards it.
///
/// Who is signalled, interrupted or late takes its place among those who want the lock, and goes on
/// when it has it. A signal that has reached nobody, since its process was gone, is passed on.
@SuppressWarnings("WaitNotInLoop") // the loops are the callers'
final class ServedCondition implements LockCondition, Deferring {
  private final ServedLock lock;
  private final ArrayDeque<LockWaiter> sleepers = new ArrayDeque<>();

  ServedCondition(ServedLock lock) {
    this.lock = lock;
  }

  @Override
  public QueryableLock lock() {
    return lock;
  }

  @Override
  public boolean defers(Method method) {
    return method.getParameterCount() == 0 && method.getName().startsWith("await");
  }

  @Override
  public void begin(Deferred deferred) {
    LockWaiter waiter = sleep(deferred);
    deferred.onCancel(isGone -> {
      if (isGone) {
        forget(waiter);
      } else {
        boolean _ = end(waiter, LockWaiter.End.INTERRUPTED);
      }
    });
  }

  /// Gives the lock up, and waits from now on.
  private LockWaiter sleep(@Nullable Deferred deferred) {
    Caller self = ServedLock.self();
    LockWaiter waiter;
    ServedLock.Handing handing;
    synchronized (lock) {
      waiter = new LockWaiter(self, lock.requireOwner(self), this, deferred);
      sleepers.add(waiter);
      handing = lock.hand();
    }
    lock.tell(handing);
    return waiter;
  }

  /// Ends the wait for a signal, if it has not ended.
  ///
  /// @return whether this has ended it
  private boolean end(LockWaiter waiter, LockWaiter.End how) {
    boolean hasLock;
    synchronized (lock) {
      if (!sleepers.remove(waiter)) {
        return false;
      }
      waiter.end = how;
      hasLock = lock.line(waiter);
    }
    if (hasLock) {
      lock.tell(new ServedLock.Handing(null, null, waiter));
    }
    return true;
  }

  private void forget(LockWaiter gone) {
    synchronized (lock) {
      if (!sleepers.remove(gone) && lock.forget(gone)) {
        passOn(gone);
      }
    }
  }

  /// With the lock's monitor held, and the lock somebody's: a signal has reached nobody.
  void passOn(LockWaiter gone) {
    if (gone.end == LockWaiter.End.SIGNALLED) {
      wakeOne();
    }
  }

  private void wakeOne() {
    LockWaiter waiter = sleepers.poll();
    if (waiter != null) {
      waiter.end = LockWaiter.End.SIGNALLED;
      boolean _ = lock.line(waiter); // somebody has it
    }
  }

  private LockWaiter.End await(long deadline) throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException("interrupted before waiting for the condition");
    }
    LockWaiter waiter = sleep(null);
    boolean isInterrupted = false;
    while (!waiter.hasLock()) {
      ServedLock.park(waiter.end == null ? deadline : Until.FOREVER);
      isInterrupted |= Thread.interrupted();
      if (waiter.end == null && isInterrupted) {
        isInterrupted = !end(waiter, LockWaiter.End.INTERRUPTED);
      } else if (waiter.end == null && Until.hasPassed(deadline)) {
        boolean _ = end(waiter, LockWaiter.End.LATE);
      }
    }
    if (isInterrupted) {
      Thread.currentThread().interrupt();
    }
    waiter.requireAlive();
    LockWaiter.End how = waiter.end;
    if (how == LockWaiter.End.INTERRUPTED) {
      throw new InterruptedException("interrupted while waiting for the condition");
    }
    return how == null ? LockWaiter.End.SIGNALLED : how;
  }

  @Override
  public void await() throws InterruptedException {
    LockWaiter.End _ = await(Until.FOREVER);
  }

  @Override
  public void awaitUninterruptibly() {
    try {
      await(); // only who is gone is interrupted here
    } catch (InterruptedException e) {
      throw new IllegalStateException(
          "the wait was ended: the caller is gone, or its pipeline was interrupted", e);
    }
  }

  @Override
  public long awaitNanos(long nanosTimeout) throws InterruptedException {
    long start = System.nanoTime();
    LockWaiter.End _ = await(Until.after(nanosTimeout));
    return nanosTimeout - (System.nanoTime() - start);
  }

  @Override
  public boolean await(long time, TimeUnit unit) throws InterruptedException {
    return await(Until.after(unit.toNanos(time))) == LockWaiter.End.SIGNALLED;
  }

  @Override
  @SuppressWarnings("JavaUtilDate") // the interface's
  public boolean awaitUntil(Date deadline) throws InterruptedException {
    return await(deadline.getTime() - System.currentTimeMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  public void signal() {
    signal(1);
  }

  @Override
  public void signalAll() {
    signal(Integer.MAX_VALUE);
  }

  @Override
  public void signal(int count) {
    Require.notNegative("count", count);
    Caller self = ServedLock.self();
    synchronized (lock) {
      int _ = lock.requireOwner(self);
      for (int i = 0; i < count && !sleepers.isEmpty(); i++) {
        wakeOne();
      }
    }
  }

  @Override
  public String toString() {
    return "ManagedCondition[" + lock + "]";
  }
}
