package io.procession.sync;

import io.procession.internal.arena.CellKind;
import io.procession.internal.arena.CellRef;
import io.procession.internal.arena.Session;
import io.procession.internal.check.Require;
import io.procession.serial.Handle;
import java.util.concurrent.atomic.AtomicInteger;

/// A semaphore that never has more permits than at first: a release too many throws
/// `IllegalStateException` and changes nothing, so that a mistake shows where it is made.
///
/// Who releases need not be who acquired: nobody owns a permit.
public final class BoundedSharedSemaphore extends SharedSemaphore {
  private static final long serialVersionUID = 1L;

  private static final AtomicInteger MADE = new AtomicInteger();

  private BoundedSharedSemaphore(Session session, String name, int permits) {
    super(session, CellKind.BOUNDED_SEMAPHORE, name, permits, permits);
  }

  private BoundedSharedSemaphore(Session session, CellRef ref) {
    super(session, CellKind.BOUNDED_SEMAPHORE, ref);
  }

  /// Creates a semaphore named `bounded-semaphore-N`, with those of this JVM counted from 1.
  ///
  /// @param permits how many there are at first, and at most
  /// @return the semaphore
  public static BoundedSharedSemaphore create(int permits) {
    return create("bounded-semaphore-" + MADE.incrementAndGet(), permits);
  }

  /// Creates a semaphore.
  ///
  /// @param name for messages; need not be unique
  /// @param permits how many there are at first, and at most
  /// @return the semaphore
  public static BoundedSharedSemaphore create(String name, int permits) {
    Require.notNull("name", name);
    Require.notNegative("permits", permits);
    return new BoundedSharedSemaphore(Session.current(), name, permits);
  }

  /// What a handle becomes where it arrives.
  static BoundedSharedSemaphore attach(Handle handle) {
    return attach(Session.current(), SyncHandles.ref(handle));
  }

  static BoundedSharedSemaphore attach(Session session, CellRef ref) {
    return new BoundedSharedSemaphore(session, ref);
  }

  private Object writeReplace() {
    return SyncHandles.of(this);
  }
}
