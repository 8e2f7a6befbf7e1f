package io.procession.sync;

import io.procession.internal.arena.Attachment;
import io.procession.internal.arena.CellRef;
import io.procession.serial.Handle;

/// The way of this package's objects into messages and back.
final class SyncHandles {
  private SyncHandles() {}

  /// Makes the handle of an object that is being sent, which from now on lives until destroyed.
  static Handle send(Class<?> type, Attachment attachment) {
    attachment.send();
    CellRef ref = attachment.ref();
    return new Handle(type.getName(), ref.session(), ref.cell(), ref.generation());
  }

  static CellRef ref(Handle handle) {
    return new CellRef(handle.session(), handle.cell(), handle.generation());
  }
}
