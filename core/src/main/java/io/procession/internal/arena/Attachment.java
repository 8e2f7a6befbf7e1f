package io.procession.internal.arena;

import java.lang.foreign.MemorySegment;
import java.lang.ref.Cleaner;
import java.util.Locale;

/// The tie between an object of this JVM and the object of the directory that it stands for.
///
/// It holds until it is closed, or until the directory's object is destroyed by any process; each use
/// checks both. The maker's attachment frees the object when it is closed, or when its user has become
/// unreachable, unless a reference has been sent to another process by then. Of kinds that are held
/// ([Holdings]) each attachment is a hold, which ends likewise.
public final class Attachment {
  private final Session session;
  private final CellRef ref;
  private final CellKind kind;
  private final String name;
  private final MemorySegment memory;
  private final boolean constant;
  private final long stateAt;
  private final int generation;
  private final Cleaner.Cleanable net;
  private volatile boolean closed;
  private volatile boolean destroyedHere;

  private Attachment(
      Session session, CellRef ref, CellKind kind, String name, Cleaner.Cleanable net) {
    this.session = session;
    this.ref = ref;
    this.kind = kind;
    this.name = name;
    this.memory = session.memory();
    this.constant = ThisArena.isOf(session);
    this.stateAt = CellLayout.at(ref.cell()) + CellLayout.STATE_AT;
    this.generation = ref.generation();
    this.net = net;
  }

  /// The attachment of an object that this process has just made.
  ///
  /// @param user who uses it; not to be reachable from the attachment
  /// @param name the object's, whole
  public static Attachment ofMaker(
      Object user, Session session, CellRef ref, CellKind kind, String name) {
    return new Attachment(
        session, ref, kind, name, Unreachable.watch(user, new Free(session, ref, kind)));
  }

  /// The attachment of an object to which a reference has arrived, and which is held from now on.
  ///
  /// @param user who uses it; not to be reachable from the attachment
  /// @throws IllegalStateException if the object is of another session or kind, or gone
  public static Attachment ofHolder(Object user, Session session, CellRef ref, CellKind kind) {
    session.directory().check(ref, kind);
    if (!session.holdings().hold(ref, kind)) {
      throw new IllegalStateException("destroyed: " + kind.label() + " in cell " + ref.cell());
    }
    return new Attachment(
        session,
        ref,
        kind,
        session.directory().name(ref.cell()),
        Unreachable.watch(user, new LetGo(session, ref)));
  }

  public Session session() {
    return session;
  }

  public CellRef ref() {
    return ref;
  }

  /// The object's name, where it was received cut to what fits in the cell.
  public String name() {
    return name;
  }

  /// True until the object is destroyed by some process. Costs one read.
  public boolean isThere() {
    long state = Words.getLongVolatile(constant ? ThisArena.memory() : memory, stateAt);
    return CellLayout.generation(state) == generation && CellLayout.tag(state) != 0;
  }

  /// True until it is closed here or the object is destroyed. Costs two reads.
  public boolean isUsable() {
    return !closed && isThere();
  }

  /// Makes sure that the object can be used through this attachment.
  ///
  /// @throws IllegalStateException that says why it cannot
  public void check() {
    if (!isUsable()) {
      throw unusable(closed && !destroyedHere);
    }
  }

  /// The part of [#check] that touches no shared memory: that it is open here. For objects whose words
  /// themselves refuse a reference to what was destroyed.
  ///
  /// @throws IllegalStateException if it is closed
  public void checkOpen() {
    if (closed) {
      throw unusable(!destroyedHere);
    }
  }

  /// Makes sure that the object has not been destroyed; it may be closed here.
  ///
  /// @throws IllegalStateException if it has
  public void checkThere() {
    if (!isThere()) {
      throw unusable(false);
    }
  }

  private IllegalStateException unusable(boolean closedOnly) {
    return new IllegalStateException(
        (closedOnly ? "closed in this process: " : "destroyed: ") + kind.label() + "=" + name);
  }

  /// Notes that a reference leaves this process: the object now lives until it is destroyed. Does
  /// nothing if it is no more.
  ///
  /// @throws IllegalStateException if the session has no more sets of users
  public void markSent() {
    if (kind.isHeld()) {
      session.holdings().send(ref, kind);
    } else {
      session.directory().markSent(ref);
    }
  }

  /// Ends the use of the object through this attachment. Idempotent.
  public void close() {
    closed = true;
    net.clean();
  }

  /// Frees the object for all processes, and closes. Idempotent.
  ///
  /// @return whether it was this call that freed it
  public boolean destroy() {
    boolean freed =
        kind.isHeld() ? session.holdings().destroy(ref, kind) : session.directory().free(ref);
    destroyedHere |= freed;
    close();
    return freed;
  }

  /// Name, kind and cell: `lock-1 (lock in cell 3)`.
  @Override
  public String toString() {
    return name + " (" + text(kind, ref) + ")";
  }

  private static String text(CellKind kind, CellRef ref) {
    return kind.name().toLowerCase(Locale.ROOT) + " in cell " + ref.cell();
  }

  /// What the cleaner does for a receiver. It does not refer to the user.
  private record LetGo(Session session, CellRef ref) implements Runnable {
    @Override
    public void run() {
      session.holdings().letGo(ref);
    }
  }

  /// What the cleaner does for the maker.
  private record Free(Session session, CellRef ref, CellKind kind) implements Runnable {
    @Override
    public void run() {
      if (kind.isHeld()) {
        session.holdings().giveUp(ref);
      } else {
        session.directory().freeUnlessSent(ref);
      }
    }
  }
}
