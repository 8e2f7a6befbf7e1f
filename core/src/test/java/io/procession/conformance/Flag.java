package io.procession.conformance;

import io.procession.manager.ManagedEvent;
import io.procession.sync.SharedEvent;
import java.io.Serializable;
import java.util.concurrent.TimeUnit;

/// An event of any way of running.
interface Flag extends Serializable {
  boolean isSet();

  void set();

  void clear();

  void await() throws InterruptedException;

  boolean await(long time, TimeUnit unit) throws InterruptedException;

  record Shared(SharedEvent it) implements Flag {
    @Override
    public boolean isSet() {
      return it.isSet();
    }

    @Override
    public void set() {
      it.set();
    }

    @Override
    public void clear() {
      it.clear();
    }

    @Override
    public void await() throws InterruptedException {
      it.await();
    }

    @Override
    public boolean await(long time, TimeUnit unit) throws InterruptedException {
      return it.await(time, unit);
    }
  }

  record Managed(ManagedEvent it) implements Flag {
    @Override
    public boolean isSet() {
      return it.isSet();
    }

    @Override
    public void set() {
      it.set();
    }

    @Override
    public void clear() {
      it.clear();
    }

    @Override
    public void await() throws InterruptedException {
      it.await();
    }

    @Override
    public boolean await(long time, TimeUnit unit) throws InterruptedException {
      return it.await(time, unit);
    }
  }
}
