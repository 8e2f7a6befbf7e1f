package io.procession.manager;

import io.procession.internal.remote.RemoteReference;
import io.procession.sync.LockCondition;
import io.procession.sync.QueryableLock;
import java.util.concurrent.TimeUnit;

/// A lock of a manager. Its owner is the calling thread of the calling process.
@SuppressWarnings("NullAway") // the server returns what these methods return
final class LockProxy extends ObjectProxy implements QueryableLock {
  private static final long serialVersionUID = 1L;

  LockProxy(RemoteReference remote) {
    super(remote);
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
}
