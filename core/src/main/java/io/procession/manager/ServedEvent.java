package io.procession.manager;

import io.procession.internal.posix.Until;
import io.procession.sync.Event;
import java.util.concurrent.TimeUnit;

/// An event at the server. Its monitor guards it.
final class ServedEvent implements Event {
  private boolean isSet;
  private long sets; // who waits goes on also if it is cleared at once

  @Override
  public synchronized boolean isSet() {
    return isSet;
  }

  @Override
  public synchronized void set() {
    isSet = true;
    sets++;
    notifyAll();
  }

  @Override
  public synchronized void clear() {
    isSet = false;
  }

  @Override
  public synchronized void await() throws InterruptedException {
    long before = sets;
    while (!isSet && sets == before) {
      wait();
    }
  }

  @Override
  public synchronized boolean await(long time, TimeUnit unit) throws InterruptedException {
    long deadline = Until.after(unit.toNanos(time));
    long before = sets;
    while (!isSet && sets == before) {
      long left = Until.nanosLeft(deadline);
      if (left == 0) {
        return false;
      }
      TimeUnit.NANOSECONDS.timedWait(this, left);
    }
    return true;
  }

  @Override
  public synchronized String toString() {
    return "ManagedEvent[" + (isSet ? "set" : "not set") + "]";
  }
}
