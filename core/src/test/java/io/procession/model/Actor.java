package io.procession.model;

import io.procession.internal.arena.Session;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/// A participant of a run, and what it does there. One actor at a time goes on.
final class Actor {
  enum Phase {
    READY,
    BLOCKED,
    ENDED,
    DEAD
  }

  final String name;
  final @Nullable Session self;
  final boolean mortal;
  final Run.Role role;
  final Semaphore turn = new Semaphore(0);
  Phase phase = Phase.READY;
  boolean begun;
  @Nullable Thread thread;
  boolean unwinding;

  Actor(String name, @Nullable Session self, boolean mortal, Run.Role role) {
    this.name = name;
    this.self = self;
    this.mortal = mortal;
    this.role = role;
  }

  boolean isOver() {
    return phase == Phase.ENDED || phase == Phase.DEAD;
  }

  @Override
  public String toString() {
    return name;
  }
}
