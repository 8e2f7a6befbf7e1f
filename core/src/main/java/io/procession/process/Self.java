package io.procession.process;

import io.procession.connection.AuthKey;

/// The process that runs this code.
final class Self extends Kin {
  private final CurrentProcess current;

  Self(CurrentProcess current) {
    this.current = current;
  }

  CurrentProcess current() {
    return current;
  }

  @Override
  String name() {
    return current.name();
  }

  @Override
  boolean isDaemon() {
    return current.isDaemon();
  }

  @Override
  long pid() {
    return ProcessHandle.current().pid();
  }

  @Override
  boolean isAlive() {
    return true;
  }

  @Override
  AuthKey authKey() {
    return current.authKey();
  }

  @Override
  String state() {
    return "started";
  }

  @Override
  Child child() {
    throw new IllegalStateException("a process cannot join or end itself: process=" + name());
  }

  @Override
  boolean awaitEnd(long nanos) {
    throw new IllegalStateException("a process cannot join or end itself: process=" + name());
  }
}
