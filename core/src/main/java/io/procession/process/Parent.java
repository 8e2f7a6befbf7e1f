package io.procession.process;

import io.procession.connection.AuthKey;
import io.procession.internal.posix.Interruption;
import io.procession.internal.posix.ProcessIdentity;
import io.procession.internal.posix.Until;
import java.util.concurrent.TimeUnit;

/// The process that has started this one.
final class Parent extends Kin {
  private static final long LOOK_EVERY_MILLIS = 20;

  private final String name;
  private final ProcessIdentity identity;

  Parent(String name, ProcessIdentity identity) {
    this.name = name;
    this.identity = identity;
  }

  @Override
  String name() {
    return name;
  }

  @Override
  boolean isDaemon() {
    return false;
  }

  @Override
  long pid() {
    return identity.pid();
  }

  @Override
  boolean isAlive() {
    return identity.isAlive();
  }

  @Override
  AuthKey authKey() {
    throw new IllegalStateException(
        "the authKey of another process is not known here: process="
            + name
            + "; currentProcess().authKey() is the one that was inherited");
  }

  @Override
  String state() {
    return isAlive() ? "started" : "stopped";
  }

  @Override
  Child child() {
    throw new IllegalStateException(
        "a process can end, and wait for together with others, only processes that it has started:"
            + " process="
            + name
            + ", the parent of this one");
  }

  /// Seldom waits long in vain: this process ends when its parent does.
  @Override
  boolean awaitEnd(long nanos) throws InterruptedException {
    long deadline = Until.after(nanos);
    while (isAlive()) {
      long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      if (left <= 0) {
        return false;
      }
      try {
        Thread.sleep(Math.min(left, LOOK_EVERY_MILLIS));
      } catch (InterruptedException e) {
        throw Interruption.thrown(e);
      }
    }
    return true;
  }
}
