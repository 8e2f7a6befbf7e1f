package io.procession.manager;

import io.procession.internal.remote.RemoteReference;
import io.procession.sync.LockCondition;
import io.procession.sync.QueryableLock;
import java.util.Date;
import java.util.concurrent.TimeUnit;

/// A condition of a manager. Waits happen at the server; predicates are asked here, in the loops of the
/// interface, which a dynamic proxy would send to the server with the predicate.
@SuppressWarnings({"NullAway", "WaitNotInLoop"}) // the server returns what these methods return
final class ConditionProxy extends ObjectProxy implements LockCondition {
  private static final long serialVersionUID = 1L;

  ConditionProxy(RemoteReference remote) {
    super(remote);
  }

  @Override
  public QueryableLock lock() {
    return (QueryableLock) remote.call("lock");
  }

  @Override
  public void await() throws InterruptedException {
    remote.callInterruptibly("await");
  }

  @Override
  public void awaitUninterruptibly() {
    remote.call("awaitUninterruptibly");
  }

  @Override
  public long awaitNanos(long nanos) throws InterruptedException {
    return (long) remote.callInterruptibly("awaitNanos", nanos);
  }

  @Override
  public boolean await(long time, TimeUnit unit) throws InterruptedException {
    return (boolean) remote.callInterruptibly("await", time, unit);
  }

  /// As a span of time: the clocks of two machines differ.
  @Override
  @SuppressWarnings("JavaUtilDate") // the interface's
  public boolean awaitUntil(Date deadline) throws InterruptedException {
    return await(deadline.getTime() - System.currentTimeMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  public void signal() {
    remote.call("signal");
  }

  @Override
  public void signal(int count) {
    remote.call("signal", count);
  }

  @Override
  public void signalAll() {
    remote.call("signalAll");
  }
}
