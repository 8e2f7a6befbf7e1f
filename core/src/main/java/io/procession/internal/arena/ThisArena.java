package io.procession.internal.arena;

import java.lang.foreign.MemorySegment;

/// The arena of this process as a constant of compiled code, which then checks bounds for next to
/// nothing: three of ten nanoseconds that acquire and release of a lock would take.
///
/// A class on a hot path asks once whether it works on this arena, and then takes the constant
/// instead of its field:
///
/// ```
/// this.memory = session.memory();
/// this.constant = ThisArena.isOf(session);
/// ...
/// private MemorySegment memory() {
///   return constant ? ThisArena.memory() : memory;
/// }
/// ```
public final class ThisArena {
  private ThisArena() {}

  /// False for an arena that tests have made beside that of the process.
  public static boolean isOf(Session session) {
    return Session.isOpen() && session.id() == Session.ofJvm().id();
  }

  /// The arena; for those to whom [#isOf] has said so.
  public static MemorySegment memory() {
    return Holder.MEMORY;
  }

  /// Initialised when first asked, since the process may have opened its session only then.
  private static final class Holder {
    static final MemorySegment MEMORY = Session.ofJvm().memory();
  }
}
