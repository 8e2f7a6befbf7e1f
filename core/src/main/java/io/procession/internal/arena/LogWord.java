package io.procession.internal.arena;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// The word of the header that says where the session's log is: 0 for nowhere, else cell and generation
/// of its ring. It is set once.
///
/// ```
/// 0 --- publish (CAS), by whoever logs first ---> cell + 1, generation
/// ```
public final class LogWord {
  private final Session session;
  private final MemorySegment memory;

  private LogWord(Session session) {
    this.session = session;
    this.memory = session.memory();
  }

  /// That of a session.
  public static LogWord of(Session session) {
    return new LogWord(session);
  }

  /// Where the log is, null if there is none yet.
  public @Nullable CellRef get() {
    long word = Words.getLongVolatile(memory, HeaderLayout.LOG_AT);
    return word == 0
        ? null
        : new CellRef(session.id(), (int) word - 1, (int) (word >>> Integer.SIZE));
  }

  /// Says where the log is, unless somebody has.
  ///
  /// @param ring of an object that has been marked as sent
  /// @return whether this call did it
  public boolean publish(CellRef ring) {
    long word = (ring.cell() + 1) | (long) ring.generation() << Integer.SIZE;
    boolean isFirst = Words.compareAndSetLong(memory, HeaderLayout.LOG_AT, 0, word);
    if (isFirst) {
      FailPoint.LOG_PUBLISHED.reach();
      session.waiting().wake(HeaderLayout.LOG_AT, 1);
    }
    return isFirst;
  }

  /// Waits until there is a log. Heeds no interrupt.
  public CellRef await() {
    while (true) {
      int heard = session.waiting().bell();
      CellRef known = get();
      if (known != null) {
        return known;
      }
      session.waiting().awaitUninterruptibly(HeaderLayout.LOG_AT, 0, heard, Waiting.forever());
    }
  }
}
