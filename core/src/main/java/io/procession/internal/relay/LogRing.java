package io.procession.internal.relay;

import io.procession.internal.arena.CellKind;
import io.procession.internal.arena.CellRef;
import io.procession.internal.arena.LogWord;
import io.procession.internal.arena.Session;
import io.procession.internal.ring.MessageRing;
import io.procession.internal.ring.RingLimits;
import org.jspecify.annotations.Nullable;

/// The ring of a session in which the records of all children wait for the first process.
///
/// It is made by the child that logs first. That marks it as sent before it tells of it, so from the
/// moment that others know of the ring its maker's death leaves it alone; a maker that dies in between
/// leaves a ring that nobody uses until the session ends.
final class LogRing {
  /// So many records may wait.
  static final int CAPACITY = 8_192;

  private static final long MAX_BYTES = 16L << 20;
  private static final RingLimits LIMITS =
      new RingLimits(CAPACITY, MAX_BYTES, RingLimits.AtLimit.WAIT);

  private LogRing() {}

  /// The ring, which is made if there is none.
  static MessageRing findOrCreate(Session session) {
    LogWord word = LogWord.of(session);
    CellRef known = word.get();
    if (known == null) {
      MessageRing made =
          MessageRing.create(session, CellKind.LOG, "log", LIMITS, /* tracksUsers= */ false);
      made.markSent();
      if (word.publish(made.ref())) {
        return made;
      }
      session.directory().free(made.ref()); // another process was first
      known = word.get();
      if (known == null) {
        throw new IllegalStateException("the word of the log's ring went back to nothing");
      }
    }
    return MessageRing.attach(session, known, CellKind.LOG);
  }

  /// The ring, or null if no child has logged anything yet.
  static @Nullable MessageRing find(Session session) {
    CellRef known = LogWord.of(session).get();
    return known == null ? null : MessageRing.attach(session, known, CellKind.LOG);
  }
}
