package io.procession.conformance;

import io.procession.manager.ManagedBarrier;
import io.procession.sync.SharedBarrier;
import java.io.Serializable;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// A barrier of any way of running.
interface Meeting extends Serializable {
  int await() throws InterruptedException, BrokenBarrierException;

  int await(long time, TimeUnit unit)
      throws InterruptedException, BrokenBarrierException, TimeoutException;

  void abort();

  void reset();

  boolean isBroken();

  int parties();

  int waiting();

  record Shared(SharedBarrier it) implements Meeting {
    @Override
    public int await() throws InterruptedException, BrokenBarrierException {
      return it.await();
    }

    @Override
    public int await(long time, TimeUnit unit)
        throws InterruptedException, BrokenBarrierException, TimeoutException {
      return it.await(time, unit);
    }

    @Override
    public void abort() {
      it.abort();
    }

    @Override
    public void reset() {
      it.reset();
    }

    @Override
    public boolean isBroken() {
      return it.isBroken();
    }

    @Override
    public int parties() {
      return it.parties();
    }

    @Override
    public int waiting() {
      return it.waiting();
    }
  }

  record Managed(ManagedBarrier it) implements Meeting {
    @Override
    public int await() throws InterruptedException, BrokenBarrierException {
      return it.await();
    }

    @Override
    public int await(long time, TimeUnit unit)
        throws InterruptedException, BrokenBarrierException, TimeoutException {
      return it.await(time, unit);
    }

    @Override
    public void abort() {
      it.abort();
    }

    @Override
    public void reset() {
      it.reset();
    }

    @Override
    public boolean isBroken() {
      return it.isBroken();
    }

    @Override
    public int parties() {
      return it.parties();
    }

    @Override
    public int waiting() {
      return it.waiting();
    }
  }
}
