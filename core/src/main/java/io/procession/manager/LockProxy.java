package io.procession.manager;

import io.procession.internal.remote.Departing;
import io.procession.internal.remote.RemoteReference;
import io.procession.sync.LockCondition;
import io.procession.sync.QueryableLock;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A lock of a manager. Its owner is the calling thread of the calling process.
@SuppressWarnings("NullAway") // the server returns what these methods return
final class LockProxy implements QueryableLock, Departing {
  private static final long serialVersionUID = 1L;

  private final transient RemoteReference remote;

  LockProxy(RemoteReference remote) {
    this.remote = remote;
  }

  @Override
  public RemoteReference reference() {
    return remote;
  }

  @Override
  public Object writeReplace() {
    return remote.departing();
  }

  @Override
  public void lock() {
    remote.call("lock");
  }

  @Override
  public void lockInterruptibly() throws InterruptedException {
    remote.callInterruptibly("lockInterruptibly");
  }

  @Override
  public boolean tryLock() {
    return (boolean) remote.call("tryLock");
  }

  @Override
  public boolean tryLock(long time, TimeUnit unit) throws InterruptedException {
    return (boolean) remote.callInterruptibly("tryLock", time, unit);
  }

  @Override
  public void unlock() {
    remote.call("unlock");
  }

  @Override
  public LockCondition newCondition() {
    return (LockCondition) remote.call("newCondition");
  }

  @Override
  public boolean isLocked() {
    return (boolean) remote.call("isLocked");
  }

  @Override
  public boolean isHeldByCurrentThread() {
    return (boolean) remote.call("isHeldByCurrentThread");
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof LockProxy that && that.remote == remote;
  }

  @Override
  public int hashCode() {
    return remote.hashCode();
  }

  @Override
  public String toString() {
    return remote.describe();
  }
}
