package io.procession.sync;

import io.procession.internal.arena.CellRef;
import io.procession.serial.Handle;
import java.lang.ref.Reference;

/// The way of this package's objects into messages and back.
final class SyncHandles {
  private SyncHandles() {}

  /// Makes the handle of an object, which lives until destroyed once that has left.
  ///
  /// @throws IllegalStateException if the object cannot be used any more
  static Handle of(SyncObject object) {
    object.attachment.check();
    CellRef ref = object.attachment.ref();
    return new Handle(
        object.getClass().getName(),
        ref.session(),
        ref.cell(),
        ref.generation(),
        0,
        new Leaving(object));
  }

  /// Marks an object as sent. Until then it is freed when it is unreachable, so this holds it.
  private record Leaving(SyncObject object) implements Runnable {
    @Override
    public void run() {
      try {
        object.markSent();
      } finally {
        Reference.reachabilityFence(object);
      }
    }
  }

  static CellRef ref(Handle handle) {
    return new CellRef(handle.session(), handle.cell(), handle.generation());
  }
}
