package io.procession.internal.ring;

import io.procession.internal.arena.CellRef;
import io.procession.internal.arena.Session;

/// What an instance of a ring needs on both sides: where it is, its locks, and whether it is in use.
final class RingUse {
  private final Session session;
  private final CellRef ref;
  private final RingLocks locks;
  private final String name;
  private volatile boolean detached;
  private volatile boolean destroyed; // by this instance

  RingUse(Session session, CellRef ref, RingLocks locks) {
    this.session = session;
    this.ref = ref;
    this.locks = locks;
    this.name = session.directory().label(ref.cell());
  }

  Session session() {
    return session;
  }

  CellRef ref() {
    return ref;
  }

  RingLocks locks() {
    return locks;
  }

  /// @throws IllegalStateException if the instance is not in use any more, or the ring is gone
  void check() {
    if (detached) {
      throw new IllegalStateException(
          (destroyed ? "destroyed: " : "closed in this process: ") + name);
    }
    locks.checkThere();
  }

  boolean isDetached() {
    return detached;
  }

  /// The ring is about to be destroyed by this instance.
  void destroyed() {
    destroyed = true;
    detach();
  }

  /// Ends the use of the instance: whoever waits in it looks again, and finds that out.
  void detach() {
    if (!detached) {
      detached = true;
      session.waiting().ringSelf();
    }
  }
}
