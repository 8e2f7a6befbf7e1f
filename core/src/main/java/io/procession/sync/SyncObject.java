package io.procession.sync;

import io.procession.internal.arena.Attachment;
import io.procession.internal.arena.CellKind;
import io.procession.internal.arena.CellRef;
import io.procession.internal.arena.Session;
import java.io.Serializable;

/// What all objects of this package have in common: a cell of the session, a name, and an end.
abstract sealed class SyncObject implements Serializable, AutoCloseable
    permits OwnedLock,
        OwnedSemaphore,
        SharedBarrier,
        SharedCondition,
        SharedEvent,
        SharedSemaphore {
  private static final long serialVersionUID = 1L;

  final transient Attachment attachment;
  final transient String name;

  /// Makes one. The words in its cell are zero.
  SyncObject(Session session, CellKind kind, String name) {
    CellRef ref = session.directory().ref(session.directory().allocate(kind, name));
    this.name = name;
    this.attachment = Attachment.ofMaker(this, session, ref, kind, name);
  }

  /// One more object for what a reference has come for.
  SyncObject(Session session, CellKind kind, CellRef ref) {
    this.attachment = Attachment.ofHolder(this, session, ref, kind);
    this.name = attachment.name();
  }

  /// Its name.
  ///
  /// @return the name, cut to 32 bytes of UTF-8 where it was received from another process
  public String name() {
    return name;
  }

  /// Ends its use in this process through this object. Waits that have begun go on; a thread that holds a lock can still
  /// unlock it; the lock of a condition stays as it is. What was never sent is freed.
  @Override
  public void close() {
    attachment.close();
  }

  /// Frees it for all processes. Those that wait for it, or use it later, are told. The lock of a condition stays
  /// as it is.
  public void destroy() {
    if (attachment.destroy()) {
      wakeAll();
    }
  }

  /// Notes that it leaves this process.
  void markSent() {
    attachment.markSent();
  }

  /// Wakes all who wait for it: it is destroyed.
  abstract void wakeAll();

  /// Name and state, for people.
  final String described(String state) {
    return getClass().getSimpleName() + "[" + name + ", " + state + "]";
  }

  /// The state of one that cannot be used.
  final String end() {
    return attachment.isThere() ? "closed" : "destroyed";
  }
}
